import { catalogue } from '../../text/catalogue.ts';

export const SNIPPETS = catalogue(
  {
    title: 'Snippets',
    lead: 'Pieces of text that templates of answer files include by their names',
    columns: { name: 'Name', lines: 'Lines', beginning: 'Begins with' },
    add: 'Add a snippet',
    addLead: 'Lower-case letters, digits, _ and -. It is empty at first.',
    done: (name: string) => `${name} is there`,
    empty: {
      title: 'No snippet is here yet',
      text: 'What several templates have in common is written once, and included: {% include "users" %}.',
    },
  },
  {
    title: '片段',
    lead: '应答文件模板按名称引用的文本片段',
    columns: { name: '名称', lines: '行数', beginning: '开头' },
    add: '添加片段',
    addLead: '小写字母、数字、_ 和 -。新片段为空。',
    done: (name: string) => `已添加 ${name}`,
    empty: {
      title: '还没有片段',
      text: '多个模板共有的内容只写一次，再引用：{% include "users" %}。',
    },
  },
);
