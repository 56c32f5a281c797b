import { catalogue } from '../../text/catalogue.ts';

export const SNIPPET = catalogue(
  {
    above: 'Snippets',
    text: 'Text',
    lead: (name: string) => `Templates include it with {% include "${name}" %}.`,
    removal: 'It is refused while a template or another snippet includes it.',
  },
  {
    above: '片段',
    text: '文本',
    lead: (name: string) => `模板用 {% include "${name}" %} 引用它。`,
    removal: '仍被模板或其他片段引用时无法移除。',
  },
);
