import { catalogue } from '../../text/catalogue.ts';

/** Words for changing what somebody set of a machine. */
export const CHANGE = catalogue(
  {
    open: 'Change',
    title: (machine: string) => `Change ${machine}`,
    lead: 'It holds from the next time the machine boots.',
    name: 'Name',
    labelsHint: 'As rack=a1 role=db; by them groups and waves choose machines.',
    variablesHint: 'One a line, as timezone=Europe/Berlin; they win over those of its profile.',
    done: (machine: string) => `${machine} is changed`,
    forget: {
      action: 'Forget the machine',
      title: (machine: string) => `Forget ${machine}?`,
      text: 'Its installs go with it; what happened to it stays in the timeline. Booting from the network, it is unknown again.',
      loss: 'I know that its labels, variables and installs will be gone',
      done: (machine: string) => `${machine} is forgotten`,
    },
  },
  {
    open: '修改',
    title: (machine: string) => `修改 ${machine}`,
    lead: '从机器下次启动起生效。',
    name: '名称',
    labelsHint: '例如 rack=a1 role=db；分组和批次按标签选择机器。',
    variablesHint: '每行一个，例如 timezone=Asia/Shanghai；优先于配置中的变量。',
    done: (machine: string) => `已修改 ${machine}`,
    forget: {
      action: '删除机器',
      title: (machine: string) => `删除 ${machine}？`,
      text: '其安装记录将一并删除，时间线中的事件会保留。再次从网络启动时，它将成为未知机器。',
      loss: '我知道它的标签、变量和安装记录将被删除',
      done: (machine: string) => `已删除 ${machine}`,
    },
  },
);
