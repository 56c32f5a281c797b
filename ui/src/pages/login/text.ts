import { catalogue } from '../../text/catalogue.ts';

export const LOGIN = catalogue(
  {
    title: 'Log in',
    user: 'User',
    password: 'Password',
    go: 'Log in',
    byOpenId: 'Log in with your organisation',
    byLink: 'No password yet? Open the link that muster up printed when it started, or ask for one:',
    first: {
      title: 'Welcome',
      lead: 'This link works once. Choose a password for the time after it.',
      user: 'Your name here',
      userHint: 'For the first user. Who was added before keeps the name, and leaves this empty.',
      password: 'New password',
      passwordHint: 'At least 12 letters; a sentence is easy to keep in mind.',
      go: 'Set the password and go in',
    },
  },
  {
    title: '登录',
    user: '用户名',
    password: '密码',
    go: '登录',
    byOpenId: '使用组织账号登录',
    byLink: '还没有密码？请打开 muster up 启动时打印的链接，或重新生成一个：',
    first: {
      title: '欢迎',
      lead: '此链接只能使用一次。请设置今后登录用的密码。',
      user: '您的用户名',
      userHint: '仅首位用户需要填写。已被添加的用户保留原名，此处留空。',
      password: '新密码',
      passwordHint: '至少 12 个字符；一句话更容易记住。',
      go: '设置密码并进入',
    },
  },
);
