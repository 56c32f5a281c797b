import { catalogue } from '../../text/catalogue.ts';

export const PROFILES = catalogue(
  {
    title: 'Profiles',
    lead: 'How machines are installed: from which image, and with which answers',
    columns: { name: 'Name', image: 'Image', template: 'Answer file', variables: 'Variables' },
    own: 'Its own template',
    builtIn: 'The one of Muster',
    add: 'Add a profile',
    empty: {
      title: 'No profile is here yet',
      text: 'A profile says which image is installed, and with which answer file. Machines are armed with it.',
    },
    dialog: {
      image: 'Image',
      lead: 'It begins with the answer file that Muster has for the image.',
      done: (name: string) => `${name} is there`,
    },
  },
  {
    title: '配置',
    lead: '机器的安装方式：使用哪个镜像、哪些应答',
    columns: { name: '名称', image: '镜像', template: '应答文件', variables: '变量' },
    own: '自定义模板',
    builtIn: 'Muster 自带模板',
    add: '添加配置',
    empty: {
      title: '还没有配置',
      text: '配置规定安装哪个镜像、使用哪个应答文件；安装机器时按配置进行。',
    },
    dialog: {
      image: '镜像',
      lead: '初始使用 Muster 为该镜像准备的应答文件。',
      done: (name: string) => `已添加 ${name}`,
    },
  },
);
