import { catalogue } from '../../text/catalogue.ts';

export const MIRRORS = catalogue(
  {
    title: 'Package mirrors',
    empty: {
      title: 'No package mirror yet',
      text: 'Machines fetch the packages of a repository elsewhere through this server, which keeps what it fetched once.',
    },
    add: 'Add a mirror',
    modes: { online: 'Online', offline: 'Offline' },
    kinds: {
      any: 'Debian or RPM, by the names of the files',
      debian: 'Debian',
      rpm: 'RPM',
    },
    kept: (files: string, bytes: string, maximum: string) => `${files} files kept, ${bytes} of ${maximum}`,
    sent: (sent: string, fetched: string) => `since the start ${sent} sent, ${fetched} fetched`,
    unreachable: (since: string, because: string) => `Not reached since ${since}: ${because}`,
    mismatches: (count: string) => `${count} files were not what their index says, and were not sent`,
    checks: {
      running: (checked: string, all: string, damaged: string) =>
        `Looked through: ${checked} of ${all} files, ${damaged} damaged`,
      done: (checked: string, all: string, damaged: string) =>
        `Looked through last: ${checked} of ${all} files, ${damaged} damaged`,
    },
    refresh: 'Refresh',
    refreshed: (name: string) => `${name} is as its upstream is`,
    notRefreshed: (name: string, folder: string) => `${folder} of ${name} stays as it was`,
    check: 'Check',
    checking: (name: string) => `${name} is looked through`,
    go: { online: 'Go online', offline: 'Go offline' },
    isNow: {
      online: (name: string) => `${name} asks its upstream`,
      offline: (name: string) => `${name} serves what is kept, and asks nobody`,
    },
    removal: {
      open: (name: string) => `Remove ${name}`,
      title: (name: string) => `Remove ${name}?`,
      text: 'Machines do not find their packages here any more.',
      loss: 'I know that all that is kept of it will be gone',
      action: 'Remove the mirror',
      done: (name: string) => `${name} is removed`,
    },
    dialog: {
      title: 'Add a mirror',
      lead: 'Nothing is fetched before a machine asks for it.',
      name: 'Name',
      nameHint: 'Also its place: machines find it below /mirrors/NAME/',
      url: 'Where it is fetched from',
      kind: 'Kind',
      maximum: 'It keeps at most so many GiB',
      maximumHint: 'Empty: as the server has it for all',
      done: (name: string) => `${name} is there: machines find it below /mirrors/${name}/`,
    },
  },
  {
    title: '软件包镜像',
    empty: {
      title: '还没有软件包镜像',
      text: '机器通过本服务器获取其他软件源中的软件包，取过一次的会保留在本地。',
    },
    add: '添加镜像',
    modes: { online: '在线', offline: '离线' },
    kinds: {
      any: 'Debian 或 RPM，按文件名判断',
      debian: 'Debian',
      rpm: 'RPM',
    },
    kept: (files: string, bytes: string, maximum: string) =>
      `已保留 ${files} 个文件，占用 ${bytes} / ${maximum}`,
    sent: (sent: string, fetched: string) => `启动以来发送 ${sent}，从上游获取 ${fetched}`,
    unreachable: (since: string, because: string) => `自 ${since} 起无法连接：${because}`,
    mismatches: (count: string) => `${count} 个文件与索引不符，未发送`,
    checks: {
      running: (checked: string, all: string, damaged: string) =>
        `正在检查：${checked} / ${all} 个文件，${damaged} 个损坏`,
      done: (checked: string, all: string, damaged: string) =>
        `上次检查：${checked} / ${all} 个文件，${damaged} 个损坏`,
    },
    refresh: '刷新',
    refreshed: (name: string) => `${name} 已与上游一致`,
    notRefreshed: (name: string, folder: string) => `${name} 的 ${folder} 保持原样`,
    check: '检查',
    checking: (name: string) => `正在检查 ${name}`,
    go: { online: '转为在线', offline: '转为离线' },
    isNow: {
      online: (name: string) => `${name} 会向上游请求`,
      offline: (name: string) => `${name} 只提供已保留的内容，不再请求上游`,
    },
    removal: {
      open: (name: string) => `移除 ${name}`,
      title: (name: string) => `移除 ${name}？`,
      text: '机器将无法再从这里获取软件包。',
      loss: '我知道已保留的内容将全部删除',
      action: '移除镜像',
      done: (name: string) => `已移除 ${name}`,
    },
    dialog: {
      title: '添加镜像',
      lead: '在机器请求之前不会下载任何内容。',
      name: '名称',
      nameHint: '也是其位置：机器在 /mirrors/名称/ 下访问',
      url: '上游地址',
      kind: '类型',
      maximum: '最多保留多少 GiB',
      maximumHint: '留空则采用服务器的默认值',
      done: (name: string) => `已添加 ${name}，机器在 /mirrors/${name}/ 下访问`,
    },
  },
);
