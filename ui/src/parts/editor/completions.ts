import type { ItemOf } from '../../data/client.ts';

export type TemplateWord = ItemOf<'listVariables'>;

/** As the editor takes it. */
interface Completion {
  readonly label: string;
  readonly type: 'variable' | 'constant' | 'function';
  readonly detail: string;
  readonly info: string;
}

interface Completions {
  /** Where the word begins that is typed, in the text before the cursor. */
  readonly from: number;
  readonly options: readonly Completion[];
}

const TYPES = { variable: 'variable', name: 'constant', filter: 'function' } as const;

/** What may follow in a template. @param before the line up to the cursor. */
export function completionsAfter(before: string, words: readonly TemplateWord[]): Completions | undefined {
  const opened = /(?:\{\{|\{%)(?:(?!\}\}|%\}).)*$/.exec(before);
  if (!opened || isInText(opened[0])) return undefined;
  const from = before.length - (/[\w.]*$/.exec(before)?.[0].length ?? 0);
  const wanted = /\|\s*$/.test(before.slice(0, from)) ? isFilter : isValue;
  return { from, options: words.filter(wanted).map(completionOf) };
}

function isFilter({ is }: TemplateWord): boolean {
  return is === 'filter';
}

function isValue({ is }: TemplateWord): boolean {
  return is !== 'filter';
}

/** Between quotes of which only the first is there. */
function isInText(tag: string): boolean {
  return /["']/.test(tag.replaceAll(/"[^"]*"|'[^']*'/g, ''));
}

function completionOf({ name, is, gives, kind, sentence }: TemplateWord): Completion {
  return { label: name, type: TYPES[is], detail: kind ?? gives ?? '', info: sentence };
}
