import { catalogue } from '../../text/catalogue.ts';

export const LOGIN = catalogue(
  {
    title: 'Log in',
    user: 'User',
    password: 'Password',
    go: 'Log in',
    refused: 'The server did not let you in',
    byLink: 'The first time, open the link that muster up printed. It works once.',
    linkUsed: 'This link was used before, or is too old. Ask for another:',
  },
  {
    title: '登录',
    user: '用户名',
    password: '密码',
    go: '登录',
    refused: '服务器拒绝了登录',
    byLink: '首次使用时，请打开 muster up 打印的链接。该链接只能使用一次。',
    linkUsed: '该链接已被使用或已过期。可重新生成一个：',
  },
);
