import { describe, expect, test } from 'vitest';
import { translateButane } from './butane/translate-butane.ts';
import { lintAnswer } from './lint/lint-answer.ts';
import { MAX_YAML_DEPTH, readYamlSource } from './yaml-source.ts';

/** Each deeper than a stack; `[` alone ended the process before its depth was counted. */
const DEEP: readonly (readonly [string, string])[] = [
  ['lists on one line', '['.repeat(200_000)],
  ['mappings on one line', '{a: '.repeat(100_000)],
  ['items of items', '- '.repeat(100_000)],
  ['keys of keys', '? '.repeat(100_000)],
  ['ever deeper lines', Array.from({ length: 700 }, (_, at) => `${' '.repeat(at)}a:`).join('\n')],
  ['quoted keys', Array.from({ length: 700 }, (_, at) => `${' '.repeat(at)}"a":`).join('\n')],
  ['lists in a list', `- ${'['.repeat(5_000)}${']'.repeat(5_000)}`],
];

describe('YAML that goes deeper than any answer file is refused with its place', () => {
  for (const [name, text] of DEEP) {
    test(name, () => {
      for (const version of ['1.1', '1.2'] as const) {
        const source = readYamlSource(text, version);
        expect(source).toMatchObject({
          read: false,
          problems: [{ because: `lists and mappings go deeper than ${MAX_YAML_DEPTH} here` }],
        });
      }
    });
  }

  test('and a lint and a translation tell it', () => {
    const text = `variant: fcos\nversion: 1.5.0\nstorage: ${'['.repeat(200_000)}`;
    const place = { line: 3, column: 10 + MAX_YAML_DEPTH - 1 };
    expect(translateButane(text)).toMatchObject({ translated: false, ...place });
    expect(lintAnswer({ kind: 'butane', text })).toMatchObject([place]);
  });
});

describe('what is only long is read', () => {
  for (const [name, text] of [
    ['a script with many brackets', `run: |\n${'  if [[ -e x ]]; then a[1]={{\n'.repeat(500)}`],
    ['many lists beside each other', `a:\n${'  - [1, {b: [2]}]\n'.repeat(500)}`],
    ['lines that go in and out', 'a:\n  b:\n    - c: 1\n      d: 2\n'.replaceAll('a:', 'a1:') + 'e: 1\n'],
    ['a text over many lines', `a: "${'x [\n  '.repeat(500)}"`],
  ] as const) {
    test(name, () => expect(readYamlSource(text, '1.1')).toMatchObject({ read: true }));
  }
});

test('an alias stands for the last node of its name before it', () => {
  const text = 'variant: fcos\nversion: 1.5.0\nkernel_arguments:\n  should_exist: [&a x, *a, &a y, *a]\n';
  const translated = translateButane(text);
  expect(translated.translated && JSON.parse(translated.ignition)).toMatchObject({
    kernelArguments: { shouldExist: ['x', 'x', 'y', 'y'] },
  });
});

test('as many aliases as a file may have take no time that is felt', () => {
  const text = `variant: fcos\nversion: 1.5.0\nkernel_arguments:\n  should_exist:\n    - &a x\n${'    - *a\n'.repeat(19_000)}`;
  const began = performance.now();
  expect(translateButane(text)).toMatchObject({ translated: true });
  expect(performance.now() - began).toBeLessThan(4_000);
});

describe('words that every object of JavaScript has are no names of a table', () => {
  for (const [kind, text, sentence] of [
    [
      'autoyast',
      '<profile xmlns="http://www.suse.com/1.0/yast2ns"><general config:type="constructor"/></profile>',
      '<general> is of type "constructor", which is none',
    ],
    ['esxi', 'constructor --a\n', 'ESXi knows no command "constructor"'],
  ] as const) {
    test(kind, () => {
      expect(lintAnswer({ kind, text }).map((finding) => finding.text)).toContain(sentence);
    });
  }
});
