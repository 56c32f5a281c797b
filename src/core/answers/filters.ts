import {
  quoteBase64,
  quoteComment,
  quoteJson,
  quoteToml,
  quoteXml,
  quoteYaml,
  type Data,
} from './quoting-data.ts';
import {
  quoteForm,
  quoteKickstart,
  quotePackage,
  quotePreseed,
  quoteShell,
  refuseWith,
  type Quoted,
} from './quoting.ts';

/** What a filter takes: `text` one line or word of its language; `data` also lists, mappings, numbers and switches. */
type Filter =
  | { readonly takes: 'text'; readonly sentence: string; readonly quote: (text: string) => Quoted }
  | { readonly takes: 'data'; readonly sentence: string; readonly quote: (value: Data) => Quoted };

/** Every filter a template can use, with what it is for; the words of docs/answer-variables.md. */
export const FILTERS = {
  ks: {
    takes: 'text',
    sentence: 'One word of a kickstart command, with double quotes where it needs them; ESXi reads the same',
    quote: quoteKickstart,
  },
  sh: { takes: 'text', sentence: 'One word of a shell command, in single quotes', quote: quoteShell },
  preseed: {
    takes: 'text',
    sentence: 'The value of a preseed line, which ends with its line',
    quote: quotePreseed,
  },
  package: {
    takes: 'text',
    sentence: 'The name of a package, or of a group (`@name`), in a list of packages',
    quote: quotePackage,
  },
  form: {
    takes: 'text',
    sentence: 'A value in the body of a report (`application/x-www-form-urlencoded`)',
    quote: quoteForm,
  },
  yaml: {
    takes: 'data',
    sentence:
      'A value of YAML on one line: text in double quotes, a list as `["a", "b"]`, a switch as `true` or `false`',
    quote: quoteYaml,
  },
  json: {
    takes: 'data',
    sentence: 'A value of JSON on one line: text with its quotes, a list, a switch, a number',
    quote: quoteJson,
  },
  toml: {
    takes: 'data',
    sentence: 'A value of TOML on one line: text in double quotes, a list, a switch, a number',
    quote: quoteToml,
  },
  xml: {
    takes: 'text',
    sentence: 'Text of an XML element, or the value of an attribute between quotes of either kind',
    quote: quoteXml,
  },
  base64: {
    takes: 'text',
    sentence: 'The bytes of a text (UTF-8) in base64 on one line; it may hold line breaks',
    quote: quoteBase64,
  },
  comment: {
    takes: 'text',
    sentence: 'Text in a comment of any of these languages: on one line, without what ends a comment',
    quote: quoteComment,
  },
  refuse: {
    takes: 'text',
    sentence: 'Ends the render; the text is the reason: `{{ "EL 8 has no btrfs" | refuse }}`',
    quote: refuseWith,
  },
} as const satisfies Record<string, Filter>;

export type FilterName = keyof typeof FILTERS;

/** Of a filter that gets nothing; the error then tells which name has no value. */
export const NOT_SET = 'it is not set';

/** Lists in lists that are written; deeper ones are refused. */
const MAX_DEPTH = 16;

/** A value as the template engine hands it out, put into the filter's language or refused; never throws. */
export function applyFilter(name: FilterName, value: unknown): Quoted {
  const filter: Filter = FILTERS[name];
  if (value === undefined || value === null) return { quoted: false, because: NOT_SET };
  const data = readData(value, 0);
  if (filter.takes === 'data') {
    return data === undefined ? { quoted: false, because: NO_DATA } : filter.quote(data);
  }
  if (typeof data === 'string') return filter.quote(data);
  if (typeof data === 'number' || typeof data === 'bigint' || typeof data === 'boolean') {
    return filter.quote(String(data));
  }
  return {
    quoted: false,
    because: 'it is a list or a mapping: write a loop, or "| join(…)" before it',
  };
}

const NO_DATA = `it is no text, number, switch, list or mapping, or it goes deeper than ${MAX_DEPTH} levels`;

/** The engine hands mappings out as `Map` or as plain objects, by where they were made. */
function readData(value: unknown, depth: number): Data | undefined {
  if (
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    typeof value === 'boolean' ||
    value === null
  ) {
    return value;
  }
  if (depth >= MAX_DEPTH || typeof value !== 'object') return undefined;
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => readData(item, depth + 1));
    return items.every((item) => item !== undefined) ? items : undefined;
  }
  const entries: readonly (readonly [unknown, unknown])[] =
    value instanceof Map ? [...value.entries()] : Object.entries(value);
  const read = new Map<string, Data>();
  for (const [key, item] of entries) {
    const data = readData(item, depth + 1);
    if (typeof key !== 'string' || data === undefined) return undefined;
    read.set(key, data);
  }
  return read;
}
