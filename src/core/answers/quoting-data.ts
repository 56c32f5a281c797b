import type { Quoted } from './quoting.ts';

/** What a template can hand to a language of data. */
export type Data = string | number | bigint | boolean | null | readonly Data[] | ReadonlyMap<string, Data>;

/**
 * Characters that JSON takes as they are and a reader of YAML or TOML does not: DEL and the C1 control characters,
 * which PyYAML refuses; NEL and the separators, which YAML 1.1 takes for the end of a line; a byte order mark.
 */
const UNPRINTABLE = /[\u007F-\u009F\u2028\u2029\uFEFF\uFFFE\uFFFF]/g;

/**
 * A JSON text is a YAML flow scalar, sequence or mapping (YAML 1.2.2 §1.2), once nothing unprintable is in it. PyYAML
 * before 5 takes no character above U+FFFF as it is.
 */
export function quoteYaml(value: Data): Quoted {
  return writeJson(value, 'YAML', (text) => text.replaceAll(/[\u{10000}-\u{10FFFF}]/gu, escapeLong));
}

export function quoteJson(value: Data): Quoted {
  return writeJson(value, 'JSON', (text) => text);
}

function writeJson(value: Data, language: string, more: (text: string) => string): Quoted {
  return write(value, language, {
    text: (text) => more(JSON.stringify(text).replaceAll(UNPRINTABLE, escape)),
    nothing: 'null',
    mapping: (pairs) => `{${pairs.map(([key, item]) => `${key}: ${item}`).join(', ')}}`,
  });
}

/** Basic strings of TOML know the escapes of JSON (TOML 1.0.0, "String") but `\/`, which JSON.stringify never writes. */
export function quoteToml(value: Data): Quoted {
  return write(value, 'TOML', {
    text: (text) => JSON.stringify(text).replaceAll(UNPRINTABLE, escape),
    mapping: (pairs) => `{ ${pairs.map(([key, item]) => `${key} = ${item}`).join(', ')} }`,
  });
}

interface Words {
  readonly text: (text: string) => string;
  /** What stands for no value, where the language has it. */
  readonly nothing?: string;
  readonly mapping: (pairs: readonly (readonly [key: string, item: string])[]) => string;
}

function write(value: Data, language: string, words: Words): Quoted {
  if (typeof value === 'string') {
    const because = objectionTo(value);
    return because === undefined ? { quoted: true, text: words.text(value) } : { quoted: false, because };
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return { quoted: false, because: `it is ${value}, and ${language} has no such number` };
  }
  if (value === null) {
    return words.nothing === undefined
      ? { quoted: false, because: `it is not set, and ${language} has no word for that` }
      : { quoted: true, text: words.nothing };
  }
  if (typeof value !== 'object') return { quoted: true, text: String(value) };
  if (value instanceof Map) return writeMapping(value as ReadonlyMap<string, Data>, language, words);
  const items: string[] = [];
  for (const item of value as readonly Data[]) {
    const written = write(item, language, words);
    if (!written.quoted) return written;
    items.push(written.text);
  }
  return { quoted: true, text: `[${items.join(', ')}]` };
}

function writeMapping(mapping: ReadonlyMap<string, Data>, language: string, words: Words): Quoted {
  const pairs: (readonly [string, string])[] = [];
  for (const [key, item] of mapping) {
    const name = write(key, language, words);
    const written = write(item, language, words);
    if (!name.quoted) return name;
    if (!written.quoted) return written;
    pairs.push([name.text, written.text]);
  }
  return { quoted: true, text: words.mapping(pairs) };
}

function objectionTo(text: string): string | undefined {
  if (text.includes('\0')) return 'it holds NUL, which ends a text for the programs that read it';
  return /\p{Cs}/u.test(text) ? 'it is not well-formed Unicode' : undefined;
}

function escape(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function escapeLong(letter: string): string {
  return `\\U${(letter.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`;
}

const XML_ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Only these characters can stand in XML 1.0 (§2.2), not even as a number: `&#1;` is not well-formed. */
const XML_CHARACTERS = /^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u;

/** White space in an attribute becomes spaces unless it is written as a number (XML 1.0 §3.3.3). */
export function quoteXml(text: string): Quoted {
  if (!XML_CHARACTERS.test(text)) {
    return { quoted: false, because: 'it holds a control character, which XML cannot' };
  }
  const quoted = text.replaceAll(
    /[&<>"'\t\n\r\u0085\u2028]/g,
    (letter) => XML_ENTITIES[letter] ?? `&#${letter.charCodeAt(0)};`,
  );
  return { quoted: true, text: quoted };
}

export function quoteBase64(text: string): Quoted {
  if (/\p{Cs}/u.test(text)) return { quoted: false, because: 'it is not well-formed Unicode' };
  const bytes = new TextEncoder().encode(text);
  let letters = '';
  for (const byte of bytes) letters += String.fromCharCode(byte);
  return { quoted: true, text: btoa(letters) };
}

/** A comment of XML ends with `-->` and may not hold `--` (XML 1.0 §2.5); one of a shell ends with its line. */
export function quoteComment(text: string): Quoted {
  if (/\p{Cs}/u.test(text)) return { quoted: false, because: 'it is not well-formed Unicode' };
  const line = text.replaceAll(/[\p{Cc}\u2028\u2029\uFFFE\uFFFF]+/gu, ' ');
  return { quoted: true, text: line.replaceAll(/-(?=-|$)/g, '- ') };
}
