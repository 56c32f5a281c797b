import { readFileSync, writeFileSync } from 'node:fs';
import type { BenchReport } from './bench-row.ts';
import { formatMarkdown } from './result-table.ts';

const PAGE = new URL('../docs/benchmarks.md', import.meta.url);

/** Puts the results of a run in docs/benchmarks.md, in the place of the last one's of the same benchmark. */
export function writeBenchmarksPage(report: BenchReport): void {
  writeFileSync(PAGE, withResults(readFileSync(PAGE, 'utf8'), report));
}

/** @throws Error when the page has no place for this benchmark. */
export function withResults(page: string, report: BenchReport): string {
  const [begin, end] = [`<!-- results of ${report.bench} -->`, `<!-- end of ${report.bench} -->`];
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined)
    throw new Error(`docs/benchmarks.md has no line "${begin}" … "${end}"`);
  return [before, begin, `\n\n${resultsOf(report)}\n\n`, end, after].join('');
}

function resultsOf({ date, machine, versions, cases, notMeasured }: BenchReport): string {
  const facts = (values: Readonly<Record<string, string | number>>): string =>
    Object.entries(values)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ');
  const runs = Math.min(...cases.map((row) => row.runs));
  return [
    `Measured on ${date}, at least ${runs} runs of each, shown as median [lowest-highest].`,
    `- machine: ${facts(machine)}\n- versions: ${facts(versions)}`,
    formatMarkdown(cases),
    'Not measured:',
    notMeasured.map((what) => `- ${what}`).join('\n'),
  ].join('\n\n');
}
