import { catalogue } from '../text/catalogue.ts';

export const SHELL = catalogue(
  {
    skip: 'Skip to the page',
    pages: 'Pages',
    openMenu: 'Open the menu',
    now: 'Now',
    machines: 'Machines',
    theme: { label: 'Theme', system: 'As the system', light: 'Light', dark: 'Dark' },
    language: 'Language',
    logOut: 'Log out',
    live: { live: 'Live', connecting: 'Connecting', lost: 'Not connected' },
    liveLong: {
      live: 'What happens is shown as it happens',
      connecting: 'Connecting to the server',
      lost: 'The connection to the server is lost; it is tried again',
    },
    palette: {
      open: 'Search or run',
      label: 'Search pages, machines and actions',
      groups: { pages: 'Pages', actions: 'Actions', machines: 'Machines' },
      nothing: 'Nothing is called that',
      hint: 'Enter opens, Escape closes',
    },
    notFound: {
      title: 'There is no such page',
      detail: 'The address may be wrong, or old.',
      back: 'To the start',
    },
    broken: {
      title: 'This page failed',
      detail: 'That is a mistake of Muster. Loading it again may help.',
      again: 'Load again',
    },
  },
  {
    skip: '跳到正文',
    pages: '页面',
    openMenu: '打开菜单',
    now: '实时',
    machines: '机器',
    theme: { label: '主题', system: '跟随系统', light: '浅色', dark: '深色' },
    language: '语言',
    logOut: '退出登录',
    live: { live: '已连接', connecting: '正在连接', lost: '连接已断开' },
    liveLong: {
      live: '事件发生时即刻显示',
      connecting: '正在连接服务器',
      lost: '与服务器的连接已断开，正在重试',
    },
    palette: {
      open: '搜索或执行',
      label: '搜索页面、机器和操作',
      groups: { pages: '页面', actions: '操作', machines: '机器' },
      nothing: '没有匹配的结果',
      hint: '回车打开，Esc 关闭',
    },
    notFound: { title: '页面不存在', detail: '地址可能有误或已失效。', back: '返回首页' },
    broken: {
      title: '页面出错了',
      detail: '这是 Muster 的错误，重新加载也许能解决。',
      again: '重新加载',
    },
  },
);
