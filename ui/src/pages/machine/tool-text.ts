import { catalogue } from '../../text/catalogue.ts';

/** Words for booting a machine into a tool. */
export const TOOL = catalogue(
  {
    open: 'Boot a tool',
    title: (machine: string) => `Boot ${machine} into a tool`,
    lead: 'It boots it once, the next time it boots from the network, as it would an installer.',
    tool: 'Tool',
    image: 'Image',
    anyImage: 'the first that can',
    disk: 'Disk',
    diskHint: 'By its name below /dev, as sda or disk/by-id/ata-X',
    loss: 'I know that all that is on this disk will be gone',
    go: 'Boot it next time',
    done: (machine: string, tool: string) => `${machine} boots ${tool} the next time`,
  },
  {
    open: '启动工具',
    title: (machine: string) => `让 ${machine} 启动工具`,
    lead: '与安装程序一样，下次从网络启动时运行一次。',
    tool: '工具',
    image: '镜像',
    anyImage: '第一个可用的镜像',
    disk: '磁盘',
    diskHint: '/dev 下的名称，例如 sda 或 disk/by-id/ata-X',
    loss: '我知道该磁盘上的所有数据将被清除',
    go: '下次启动时运行',
    done: (machine: string, tool: string) => `${machine} 下次将启动 ${tool}`,
  },
);
