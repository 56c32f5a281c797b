import type { Answer } from '../../data/client.ts';
import type { TemplateWord } from '../../parts/editor/completions.ts';

type AnswerKind = Answer<'renderMachine'>['kind'];

/** The filter of the language that an answer file is in, which quotes a value or refuses it. */
const FILTER_OF: Readonly<Record<AnswerKind, string>> = {
  kickstart: 'ks',
  preseed: 'preseed',
  autoinstall: 'yaml',
  autoyast: 'xml',
  agama: 'json',
  ignition: 'json',
  alpine: 'sh',
  proxmox: 'toml',
  esxi: 'ks',
  unattend: 'xml',
  script: 'sh',
};
/** They take lists and switches as they are. */
const DATA_FILTERS: ReadonlySet<string> = new Set(['yaml', 'json', 'toml']);

/** What stands in a template where a word is wanted there. @param kind of the answer file; empty: not known. */
export function insertionOf({ name, is, gives }: TemplateWord, kind: string): string {
  if (is === 'filter') return `| ${name}`;
  const filter = FILTER_OF[kind as AnswerKind] as string | undefined;
  const quoted = (value: string): string =>
    filter === undefined ? `{{ ${value} }}` : `{{ ${value} | ${filter} }}`;
  if (filter !== undefined && DATA_FILTERS.has(filter)) return quoted(name);
  if (gives === 'list') return `{% for one in ${name} %}\n${quoted('one')}\n{% endfor %}\n`;
  return gives === 'switch' ? `{% if ${name} %}\n{% endif %}\n` : quoted(name);
}

/** Those with this in their name or sentence. */
export function wordsWith(wanted: string, words: readonly TemplateWord[]): readonly TemplateWord[] {
  const text = wanted.trim().toLowerCase();
  return words.filter(({ name, sentence }) => `${name}\n${sentence}`.toLowerCase().includes(text));
}
