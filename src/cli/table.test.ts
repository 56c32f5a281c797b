import { describe, expect, test } from 'vitest';
import { escapeLateControls, printable } from './printable.ts';
import { type Column, formatDetails, formatTable } from './table.ts';

interface Row {
  readonly name: string;
  readonly state: string;
  readonly text: string;
}

const COLUMNS: readonly Column<Row>[] = [
  { head: 'NAME', cell: ({ name }) => name },
  { head: 'STATE', cell: ({ state }) => state, tone: ({ state }) => (state === 'bad' ? 'bad' : undefined) },
  { head: 'TEXT', cell: ({ text }) => text, gives: 'cut' },
];
const ROWS: readonly Row[] = [
  { name: 'web1', state: 'good', text: 'short' },
  { name: 'database', state: 'bad', text: 'a text that is longer than the others by far' },
];

describe('formatTable', () => {
  for (const [title, width, expected] of [
    [
      'columns are as wide as their widest cell, with no space at the ends of lines',
      undefined,
      'NAME      STATE  TEXT\nweb1      good   short\ndatabase  bad    a text that is longer than the others by far\n',
    ],
    [
      'what gives way is cut where the terminal ends',
      30,
      'NAME      STATE  TEXT\nweb1      good   short\ndatabase  bad    a text that …\n',
    ],
    [
      'nothing else is cut, however narrow the terminal is',
      5,
      'NAME      STATE  TEXT\nweb1      good   short\ndatabase  bad    a text …\n',
    ],
  ] as const) {
    test(title, () => {
      expect(formatTable(COLUMNS, ROWS, { width, color: 'plain' })).toBe(expected);
    });
  }

  test('no line is wider than the terminal, for any width that can be kept', () => {
    for (let width = 25; width < 80; width += 1) {
      const lines = formatTable(COLUMNS, ROWS, { width, color: 'plain' }).split('\n');
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
    }
  });

  test('two that give way give the same, the widest first', () => {
    const columns: readonly Column<readonly string[]>[] = [
      { head: 'A', cell: ([a = '']) => a, gives: 'cut' },
      { head: 'B', cell: ([, b = '']) => b, gives: 'cut' },
    ];
    const table = formatTable(columns, [['x'.repeat(40), 'y'.repeat(30)]], { width: 42, color: 'plain' });
    expect(table.split('\n')[1]).toBe(`${'x'.repeat(19)}…  ${'y'.repeat(19)}…`);
  });

  const MACHINE: readonly Column<readonly string[]>[] = [
    { head: 'NAME', cell: ([name = '']) => name },
    { head: 'MACS', cell: ([, macs = '']) => macs, short: ([, macs = '']) => `${macs.slice(0, 17)} +1` },
    { head: 'UUID', cell: ([, , uuid = '']) => uuid, gives: 'whole' },
    { head: 'LABELS', cell: ([, , , labels = '']) => labels, gives: 'cut' },
  ];
  const WEB1 = [
    'web1',
    '52:54:00:12:34:56, 52:54:00:12:34:57',
    '4c4c4544-0044-4810',
    'rack=b2, role=database',
  ];

  for (const [title, width, expected] of [
    ['all is said where there is room', 88, /:57  4c4c4544-0044-4810  rack=b2, role=database$/],
    [
      'cells say it shorter first',
      70,
      /^web1  52:54:00:12:34:56 \+1  4c4c4544-0044-4810  rack=b2, role=database$/,
    ],
    ['a column is left out before one is cut', 50, /^web1  52:54:00:12:34:56 \+1  rack=b2, role=database$/],
    ['what may be cut is cut then', 40, /^web1  52:54:00:12:34:56 \+1  rack=b2, ro…$/],
    ['and no further than to where it says nothing', 20, /^web1  52:54:00:12:34:56 \+1  rack=b2…$/],
  ] as const) {
    test(`${title}: ${width} columns`, () => {
      const lines = formatTable(MACHINE, [WEB1], { width, color: 'plain' }).split('\n');
      expect(lines[1]).toMatch(expected);
    });
  }

  test('letters that take two cells are counted as two', () => {
    const rows = [
      { name: '机架', state: '好', text: '三号服务器在这里' },
      { name: 'web', state: 'ok', text: 'x' },
    ];
    expect(formatTable(COLUMNS, rows, { width: 24, color: 'plain' })).toBe(
      'NAME  STATE  TEXT\n机架  好     三号服务器…\nweb   ok     x\n',
    );
  });

  test('colour takes no place', () => {
    const table = formatTable(COLUMNS, ROWS, { width: undefined, color: 'color' });
    expect(table.split('\n')[2]).toBe(
      'database  \u001B[31mbad\u001B[0m    a text that is longer than the others by far',
    );
    // oxlint-disable-next-line no-control-regex -- they are what is taken out
    expect(table.replaceAll(/\u001B\[\d+m/g, '')).toBe(
      formatTable(COLUMNS, ROWS, { width: undefined, color: 'plain' }),
    );
  });

  test('a host name that speaks to the terminal is shown, not obeyed', () => {
    const table = formatTable(COLUMNS, [{ name: '\u001B[31mroot', state: '\u009B2J', text: 'a\nb\u202Ec' }], {
      width: undefined,
      color: 'plain',
    });
    expect(table.split('\n')[1]).toBe('\\u{1b}[31mroot  \\u{9b}2J  a\\u{a}b\\u{202e}c');
  });
});

test('formatDetails: values of several lines stand under each other', () => {
  expect(
    formatDetails(
      [
        ['name', 'lab'],
        ['options', 'a=1\nb=\u001B2'],
        ['none', ''],
      ],
      'plain',
    ),
  ).toBe('name     lab\noptions  a=1\n         b=\\u{1b}2\nnone\n');
});

for (const [text, expected] of [
  ['plain', 'plain'],
  ['Grüße, 你好', 'Grüße, 你好'],
  ['\t', '\\u{9}'],
  ['\u0000', '\\u{0}'],
  ['\u007F', '\\u{7f}'],
  ['\u2066x\u2069', '\\u{2066}x\\u{2069}'],
  ['\u2028', '\\u{2028}'],
  ['\u061Cx\u200E', '\\u{61c}x\\u{200e}'],
  ['web\u200B1', 'web\\u{200b}1'],
  ['\uFEFFweb\u2060\u00AD1', '\\u{feff}web\\u{2060}\\u{ad}1'],
  // Joiners too: here names are told apart.
  ['web\u200C\u200D1', 'web\\u{200c}\\u{200d}1'],
  ['a\u{E0001}\u{E0041}\u{E0000}b', 'a\\u{e0001}\\u{e0041}\\u{e0000}b'],
  ['\u3164\uFE0F', '\\u{3164}\\u{fe0f}'],
] as const) {
  test(`printable: ${JSON.stringify(text)} is ${expected}`, () => {
    expect(printable(text)).toBe(expected);
  });
}

test('escapeLateControls: JSON stays the same JSON', () => {
  const text = JSON.stringify({ a: 'x\u009B\u007Fy' });
  expect(escapeLateControls(text)).toBe('{"a":"x\\u009b\\u007fy"}');
  expect(JSON.parse(escapeLateControls(text))).toEqual({ a: 'x\u009B\u007Fy' });
});
