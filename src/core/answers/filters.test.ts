import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse as parseToml } from 'smol-toml';
import { parse } from 'yaml';
import { readXml } from './lint/read-xml.ts';
import { applyFilter, FILTERS, type FilterName } from './filters.ts';

const LONE_SURROGATE = String.fromCharCode(0xd800);
const NUL = String.fromCharCode(0);
const BELL = String.fromCharCode(7);
const NEL = String.fromCharCode(0x85);

describe('each language of data gets its own form', () => {
  const cases: readonly (readonly [FilterName, unknown, string])[] = [
    ['yaml', 'a: b # c', '"a: b # c"'],
    ['yaml', 'say "hi"\nand\\n', String.raw`"say \"hi\"\nand\\n"`],
    ['yaml', `a${NEL}b`, String.raw`"a\u0085b"`],
    ['yaml', '\u{1F600}', String.raw`"\U0001f600"`],
    ['yaml', ['vim', 'a, b'], '["vim", "a, b"]'],
    ['yaml', [], '[]'],
    ['yaml', true, 'true'],
    ['yaml', new Map([['no', 'off']]), '{"no": "off"}'],
    ['json', 'a"b\u2028', String.raw`"a\"b\u2028"`],
    ['json', '\u{1F600}', '"\u{1F600}"'],
    ['json', 7n, '7'],
    ['json', { a: [1, null] }, '{"a": [1, null]}'],
    ['toml', 'C:\\x "y"', String.raw`"C:\\x \"y\""`],
    ['toml', ['a', 'b'], '["a", "b"]'],
    ['toml', new Map([['a.b', 1]]), '{ "a.b" = 1 }'],
    ['xml', `<a b='c' & "d">`, '&lt;a b=&apos;c&apos; &amp; &quot;d&quot;&gt;'],
    ['xml', 'a\n\tb]]>', 'a&#10;&#9;b]]&gt;'],
    ['base64', '#!/bin/sh\necho ü\n', 'IyEvYmluL3NoCmVjaG8gw7wK'],
    ['comment', 'a -- b -->\nc', 'a - - b - -> c'],
    ['comment', 'ends with -', 'ends with - '],
  ];
  for (const [name, value, expected] of cases) {
    test(`| ${name}: ${JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? String(item) : item))}`, () => {
      expect(applyFilter(name, value)).toEqual({ quoted: true, text: expected });
    });
  }
});

describe('what a language of data cannot hold is refused with the reason', () => {
  const cases: readonly (readonly [FilterName, unknown, RegExp])[] = [
    ['yaml', `a${NUL}`, /holds NUL/],
    ['json', LONE_SURROGATE, /not well-formed/],
    ['json', Number.NaN, /NaN, and JSON has no such number/],
    ['toml', [1, null], /not set, and TOML has no word for that/],
    ['toml', new Map([['a', LONE_SURROGATE]]), /not well-formed/],
    ['yaml', Symbol('x'), /no text, number, switch, list or mapping/],
    ['yaml', nested(17), /deeper than 16 levels/],
    ['yaml', undefined, /it is not set/],
    ['xml', `a${BELL}`, /control character, which XML cannot/],
    ['xml', LONE_SURROGATE, /control character/],
    ['xml', ['a'], /a list or a mapping/],
    ['base64', LONE_SURROGATE, /not well-formed/],
    ['comment', LONE_SURROGATE, /not well-formed/],
    ['refuse', 'EL 8 has no btrfs', /^EL 8 has no btrfs$/],
  ];
  for (const [index, [name, value, because]] of cases.entries()) {
    test(`| ${name}, case ${index + 1}: ${because}`, () => {
      expect(applyFilter(name, value)).toEqual({ quoted: false, because: expect.stringMatching(because) });
    });
  }
});

function nested(depth: number): unknown {
  return depth === 0 ? 'x' : [nested(depth - 1)];
}

const DATA = fc.letrec<{ data: unknown }>((tie) => ({
  data: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'binary' }),
    fc.string({
      unit: fc.constantFrom(...Array.from(`'"\\:#-?{}[],&*!|>%@\`~ \t\r\nyn${NEL}\u2028\uFEFF\u{1F600}`)),
    }),
    fc.integer(),
    fc.boolean(),
    fc.array(tie('data'), { maxLength: 3 }),
    fc.dictionary(fc.string({ minLength: 1 }), tie('data'), { maxKeys: 3 }),
  ),
})).data;

test('| yaml and | json come out of their readers as they went in', () => {
  fc.assert(
    fc.property(DATA, (value) => {
      for (const [name, read] of [
        ['yaml', (text: string): unknown => parse(`key: ${text} # comment\n`).key],
        ['json', (text: string): unknown => JSON.parse(text)],
      ] as const) {
        const quoted = applyFilter(name, value);
        if (quoted.quoted) expect(read(quoted.text)).toEqual(value);
        else expect(quoted.because).toMatch(/NUL|Unicode/);
      }
    }),
    { numRuns: 3000 },
  );
});

/** TOML has no word for nothing, and its numbers end at 64 bits. */
test('| toml comes out of its reader as it went in', () => {
  fc.assert(
    fc.property(DATA, (value) => {
      const quoted = applyFilter('toml', value);
      if (quoted.quoted) expect(parseToml(`key = ${quoted.text} # comment\n`)['key']).toEqual(value);
      else expect(quoted.because).toMatch(/NUL|Unicode/);
    }),
    { numRuns: 2000 },
  );
});

test('| xml comes out of its reader as it went in, as text and as an attribute', () => {
  const entity = /&(?:#(\d+)|(\w+));/g;
  const names: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
  const read = (text: string): string =>
    text.replaceAll(entity, (_, code?: string, name = '') =>
      code === undefined ? (names[name] ?? '?') : String.fromCharCode(Number(code)),
    );
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      const quoted = applyFilter('xml', value);
      if (!quoted.quoted) return;
      const xml = readXml(`<a b="${quoted.text}">${quoted.text}</a>`);
      expect(xml.read && [read(xml.root.text), read(xml.root.attributes.get('b') ?? '')]).toEqual([
        value,
        value,
      ]);
    }),
    { numRuns: 2000 },
  );
});

test('nothing that a filter of data gives holds the end of a line', () => {
  fc.assert(
    fc.property(DATA, (value) => {
      for (const name of ['yaml', 'json', 'toml', 'xml', 'base64', 'comment'] as const) {
        const quoted = applyFilter(name, value);
        if (quoted.quoted) expect(quoted.text).not.toMatch(/[\n\r\u0085\u2028\u2029]/);
      }
    }),
    { numRuns: 3000 },
  );
});

test('every filter takes text', () => {
  for (const name of Object.keys(FILTERS) as readonly FilterName[]) {
    expect(applyFilter(name, 'vim').quoted, name).toBe(name !== 'refuse');
  }
});
