import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CsvError, formatCsvRecord, parseCsv } from './csv.ts';

for (const [title, text, expected] of [
  ['nothing', '', []],
  ['a byte order mark', '\uFEFFa,b\r\n', [['a', 'b']]],
  ['lines that end with LF, CR and not at all', 'a\nb\rc', [['a'], ['b'], ['c']]],
  ['blank lines', '\n\r\na\n \n', [['a']]],
  [
    'an empty value at the end',
    'a,\n,b',
    [
      ['a', ''],
      ['', 'b'],
    ],
  ],
  ['spaces around values', ' a , b\t\n', [['a', 'b']]],
  [
    'quotes, with a comma, a quote and an end of line within',
    '"a,b","c""d" , "e\r\nf"\n',
    [['a,b', 'c"d', 'e\r\nf']],
  ],
  ['an empty value in quotes alone', '""\n', [['']]],
  ['spaces in quotes', '" a "', [[' a ']]],
] as const) {
  test(`of ${title}, the records are read`, () => {
    expect(parseCsv(text).map((record) => record.map((cell) => cell.text))).toEqual(expected);
  });
}

test('each value has its place, also behind an end of line in quotes', () => {
  const records = parseCsv('a,"b\nb", c\r\n"",d');
  expect(records.flat()).toEqual([
    { text: 'a', isQuoted: false, line: 1, column: 1 },
    { text: 'b\nb', isQuoted: true, line: 1, column: 3 },
    { text: 'c', isQuoted: false, line: 2, column: 5 },
    { text: '', isQuoted: true, line: 3, column: 1 },
    { text: 'd', isQuoted: false, line: 3, column: 4 },
  ]);
});

for (const [text, line, column, message] of [
  ['a\n"b', 2, 1, /not closed/],
  ['a,b"c', 1, 4, /quote stands within a value/],
  ['"a"b', 1, 4, /behind a closing quote/],
  ['"a\n"b', 2, 2, /behind a closing quote/],
] as const) {
  test(`${JSON.stringify(text)} is refused at ${line}:${column}`, () => {
    const complaint = complaintAbout(text);
    expect(complaint).toMatchObject({ line, column, message: expect.stringMatching(message) });
  });
}

test('whatever the values are, they are read as they were written', () => {
  const value = fc.oneof(
    fc.string({ unit: fc.constantFrom('a', '"', ',', '\r', '\n', ' ', '\t', '\uFEFF', 'ä', '=') }),
    fc.constant(undefined),
  );
  const records = fc.array(fc.array(value, { minLength: 2, maxLength: 4 }), { maxLength: 5 });
  fc.assert(
    fc.property(records, (written) => {
      const read = parseCsv(written.map(formatCsvRecord).join(''));
      expect(
        read.map((record) =>
          record.map((cell) => (cell.isQuoted || cell.text !== '' ? cell.text : undefined)),
        ),
      ).toEqual(written);
    }),
  );
});

function complaintAbout(text: string): unknown {
  try {
    parseCsv(text);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(CsvError);
    return error;
  }
}
