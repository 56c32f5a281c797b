import { expect, test } from 'vitest';
import { rowAgainst, rowAlone } from './bench-row.ts';
import { formatRows } from './result-table.ts';
import { spreadOf } from './statistics.ts';

const measured = (...ours: number[]) => ({
  case: 'c32',
  metric: 'server CPU',
  unit: 's/GB',
  ours: spreadOf(ours),
  runs: ours.length,
});

for (const [what, ours, is, number, pass] of [
  ['less CPU than the bound passes', 2, 'at most', 0.8, true],
  ['more CPU does not', 3.3, 'at most', 0.8, false],
  ['exactly the bound passes', 3.2, 'at most', 0.8, true],
  ['too few files a second do not pass', 8, 'at least', 5, false],
  ['enough do', 20, 'at least', 5, true],
] as const) {
  test(`against a peer: ${what}`, () => {
    expect(rowAgainst(measured(ours), 'dnsmasq', spreadOf([4]), { is, number })).toMatchObject({
      theirs: 4,
      ratio: ours / 4,
      pass,
    });
  });
}

test('alone, the worst run decides', () => {
  expect(rowAlone(measured(0, 0, 1), { is: 'at most', number: 0 }).pass).toBe(false);
  expect(rowAlone(measured(3, 5), { is: 'at least', number: 4 }).pass).toBe(false);
  expect(rowAlone(measured(0, 0), { is: 'at most', number: 0 })).toMatchObject({
    pass: true,
    target: '<= 0',
  });
});

test('without a target nothing passes or fails', () => {
  expect(rowAlone(measured(1)).pass).toBeUndefined();
  expect(rowAgainst(measured(1), 'atftpd', spreadOf([2])).pass).toBeUndefined();
});

test('the table shows both with their ranges, the ratio and the verdict', () => {
  const bound = { is: 'at most', number: 0.8 } as const;
  const rows = [rowAgainst(measured(2, 3, 4), 'dnsmasq', spreadOf([4]), bound), rowAlone(measured(0.5))];
  expect(formatRows(rows)).toBe(
    [
      'case  metric      unit  ours           peer     theirs   ratio  target       ',
      'c32   server CPU  s/GB  3 [2-4]        dnsmasq  4 [4-4]  0.75   <= 0.8  pass ',
      'c32   server CPU  s/GB  0.5 [0.5-0.5]                                         ',
    ]
      .map((line) => line.trimEnd())
      .join('\n'),
  );
});
