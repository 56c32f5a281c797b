import type { BenchRow } from './bench-row.ts';

const COLUMNS = ['case', 'metric', 'unit', 'ours', 'peer', 'theirs', 'ratio', 'target', ''] as const;

/** The rows for a terminal, with columns as wide as they need to be. */
export function formatRows(rows: readonly BenchRow[]): string {
  const table = [COLUMNS, ...rows.map(cellsOf)];
  const widths = COLUMNS.map((_, column) => Math.max(...table.map((cells) => cells[column]?.length ?? 0)));
  return table
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The rows for a page. */
export function formatMarkdown(rows: readonly BenchRow[]): string {
  const lines = [COLUMNS.map((name) => name || 'verdict'), COLUMNS.map(() => '---'), ...rows.map(cellsOf)];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function cellsOf(row: BenchRow): readonly string[] {
  const verdict = row.pass === undefined ? '' : row.pass ? 'pass' : 'MISSED';
  return [
    row.case,
    row.metric,
    row.unit,
    withRange(row.ours, row.oursRange),
    row.peer ?? '',
    row.theirs === undefined ? '' : withRange(row.theirs, row.theirsRange),
    row.ratio === undefined ? '' : formatNumber(row.ratio),
    row.target ?? '',
    verdict,
  ];
}

function withRange(value: number, range: readonly [number, number] | undefined): string {
  return range === undefined
    ? formatNumber(value)
    : `${formatNumber(value)} [${formatNumber(range[0])}-${formatNumber(range[1])}]`;
}

/** Three digits that count, and all of a whole number. */
export function formatNumber(value: number): string {
  return Number.isInteger(value) || Math.abs(value) >= 1000
    ? String(Math.round(value))
    : String(Number(value.toPrecision(3)));
}
