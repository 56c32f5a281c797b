import { parse } from 'yaml';
import { expect, test } from 'vitest';
import { Output, type OutputFormat } from './output.ts';
import { yamlText } from './yaml-text.ts';
import { capturedTerminal } from './suite/captured-terminal.ts';

interface Thing {
  readonly name: string;
  readonly note: string;
}
const VIEW = {
  columns: [{ head: 'NAME', cell: ({ name }: Thing) => name }],
  details: ({ name, note }: Thing) => [['name', name] as const, ['note', note] as const],
  nameOf: ({ name }: Thing) => name,
};
const THINGS: readonly Thing[] = [
  { name: 'a', note: 'yes' },
  { name: 'b', note: '\u009B31m' },
];

function openOutput(format: OutputFormat, quiet = false) {
  const { terminal, written } = capturedTerminal();
  return { output: new Output(terminal, { format, color: 'plain', quiet }), written };
}

for (const [format, expected] of [
  ['table', 'NAME\na\nb\n'],
  ['name', 'a\nb\n'],
  [
    'json',
    '[\n  {\n    "name": "a",\n    "note": "yes"\n  },\n  {\n    "name": "b",\n    "note": "\\u009b31m"\n  }\n]\n',
  ],
  ['yaml', '- "name": "a"\n  "note": "yes"\n- "name": "b"\n  "note": "\\u009b31m"\n'],
] as const) {
  test(`a list as ${format}`, async () => {
    const { output, written } = openOutput(format);
    await output.list(VIEW, THINGS, 'none');
    expect(written).toEqual({ out: expected, err: '' });
  });
}

for (const [format, out, err] of [
  ['table', '', 'There is none\n'],
  ['name', '', ''],
  ['json', '[]\n', ''],
  ['yaml', '[]\n', ''],
] as const) {
  test(`an empty list as ${format}: data stays data, people are told`, async () => {
    const { output, written } = openOutput(format);
    await output.list(VIEW, [], 'There is none');
    expect(written).toEqual({ out, err });
  });
}

test('after a change people get a sentence and programs the thing', async () => {
  for (const [format, out, err] of [
    ['table', '', 'It is done\n'],
    ['name', 'a\n', ''],
    ['yaml', 'name: a\nnote: "yes"\n', ''],
  ] as const) {
    const { output, written } = openOutput(format);
    await output.changed(VIEW, THINGS[0]!, 'It is done');
    expect(written).toEqual({ out, err });
  }
});

test('-q keeps talk back, and no data', async () => {
  const { output, written } = openOutput('table', true);
  output.talk('hello');
  await output.list(VIEW, THINGS, 'none');
  expect(written).toEqual({ out: 'NAME\na\nb\n', err: '' });
});

test('YAML gives back what it was made of, whatever it holds', () => {
  for (const value of [
    THINGS,
    { 'k\u0085': 'a\u0085b\nc', list: ['\u007F', 1, true, 'no', '52:54:00:12:34:56', '0o7', '~'] },
    ['no', '52:54:00:12:34:56'],
  ]) {
    const text = yamlText(value);
    // oxlint-disable-next-line no-control-regex -- they are what may not be there
    expect(text).not.toMatch(/[\u007F-\u009F]/);
    for (const version of ['1.1', '1.2'] as const) expect(parse(text, { version })).toEqual(value);
  }
});
