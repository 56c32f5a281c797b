import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BENCHES } from './benches.ts';
import { rowAlone } from './bench-row.ts';
import { spreadOf } from './statistics.ts';
import { withResults } from './write-benchmarks-page.ts';

const REPORT = {
  bench: 'tftp',
  date: '2026-01-02',
  machine: { processors: 2 },
  versions: { node: '20' },
  notMeasured: ['the weather'],
  cases: [rowAlone({ case: 'c32', metric: 'files', unit: '1/s', ours: spreadOf([5, 7]), runs: 2 })],
};
const PAGE = 'before\n<!-- results of tftp -->\nold\n<!-- end of tftp -->\nafter\n';

test('results stand in the place of the last ones, and again when they are written again', () => {
  const page = withResults(PAGE, REPORT);
  expect(page).toContain('| c32 | files | 1/s | 6 [5-7] |');
  expect(page).toContain('- the weather');
  expect(page).not.toContain('old');
  expect(page).toMatch(/^before\n[\s\S]*\nafter\n$/);
  expect(withResults(page, REPORT)).toBe(page);
});

test('the page has a place for every benchmark', () => {
  const page = readFileSync(new URL('../docs/benchmarks.md', import.meta.url), 'utf8');
  for (const bench of Object.keys(BENCHES))
    expect(() => withResults(page, { ...REPORT, bench })).not.toThrow();
  expect(() => withResults(page, { ...REPORT, bench: 'coffee' })).toThrow(/results of coffee/);
});
