import { catalogue } from '../../text/catalogue.ts';

export const FIRST_STEPS = catalogue(
  {
    title: 'First steps',
    lead: 'From nothing to the first machine that installs itself.',
    progress: (done: string, all: string) => `${done} of ${all} done`,
    allDone: 'All is set up. What happens now is on the page Now.',
    states: { done: 'Done', missing: 'Missing', unknown: 'Looking' },
    open: 'Go there',
    needs: (items: string) => `Missing: ${items}`,
    steps: {
      user: {
        title: 'A user with a password',
        text: 'The start of muster printed a link that makes the first user. Whoever has the terminal makes a new link by starting muster again.',
      },
      subnet: {
        title: 'A subnet with a range',
        text: 'Which addresses machines get. Where another DHCP server gives them, mode "proxy" stands beside it and tells only what to boot.',
      },
      loaders: {
        title: 'Boot loaders',
        text: 'What machines load first. Muster brings none along: it takes those of the packages of the system.',
      },
      image: {
        title: 'An image',
        text: 'The ISO file of a system, as its makers publish it.',
      },
      profile: {
        title: 'A profile',
        text: 'Which image is installed, and how: users, disks, packages.',
      },
      machine: {
        title: 'A machine',
        text: 'A name and a MAC address. Machines that are not known appear by themselves when they boot from the network and may be discovered.',
      },
      install: {
        title: 'An install',
        text: 'Arm a machine, and let it boot from the network.',
      },
    },
  },
  {
    title: '入门',
    lead: '从零开始，直到第一台机器自动完成安装。',
    progress: (done: string, all: string) => `已完成 ${done} / ${all}`,
    allDone: '全部就绪。接下来发生的一切都会显示在“实时”页面。',
    states: { done: '已完成', missing: '缺少', unknown: '正在检查' },
    open: '前往',
    needs: (items: string) => `缺少：${items}`,
    steps: {
      user: {
        title: '一个有密码的用户',
        text: 'muster 启动时会打印一个用于创建首个用户的链接。在终端重新启动 muster 即可获得新链接。',
      },
      subnet: {
        title: '一个带地址范围的子网',
        text: '机器将获得哪些地址。如果地址由另一台 DHCP 服务器分配，请使用“proxy”模式，它只告知启动内容。',
      },
      loaders: {
        title: '引导加载程序',
        text: '机器最先加载的程序。Muster 不自带引导程序，而是使用系统软件包中的。',
      },
      image: { title: '一个镜像', text: '操作系统的 ISO 文件，由其发行方发布。' },
      profile: { title: '一个配置方案', text: '安装哪个镜像以及如何安装：用户、磁盘、软件包。' },
      machine: {
        title: '一台机器',
        text: '一个名称和一个 MAC 地址。允许发现时，未知机器从网络启动后会自动出现。',
      },
      install: { title: '一次安装', text: '让机器准备安装，然后从网络启动它。' },
    },
  },
);
