import { catalogue } from '../../text/catalogue.ts';

export const GROUPS = catalogue(
  {
    title: 'Groups',
    lead: 'Machines chosen by their labels, and what they have in common',
    columns: {
      name: 'Name',
      selector: 'Selector',
      priority: 'Priority',
      profile: 'Profile',
      machines: 'Machines',
    },
    add: 'Add a group',
    addLead: 'Everything else is said on its own page.',
    selector: 'Selector',
    selectorHint: 'By labels: rack=a,role!=db,env in (lab,test),gpu,!old',
    done: (name: string) => `${name} is there`,
    empty: {
      title: 'No group is here yet',
      text: 'A group gives variables, kernel arguments and a profile to all machines with certain labels.',
    },
  },
  {
    title: '组',
    lead: '按标签选出的机器及其共同设置',
    columns: { name: '名称', selector: '选择器', priority: '优先级', profile: '配置', machines: '机器' },
    add: '添加组',
    addLead: '其余内容在组的页面中设置。',
    selector: '选择器',
    selectorHint: '按标签：rack=a,role!=db,env in (lab,test),gpu,!old',
    done: (name: string) => `已添加 ${name}`,
    empty: {
      title: '还没有组',
      text: '组为带有特定标签的所有机器提供变量、内核参数和配置。',
    },
  },
);
