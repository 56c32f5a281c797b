import { printable } from './printable.ts';

export type Tone = 'good' | 'bad' | 'busy' | 'quiet';

/** One column of a table of `T`. */
export interface Column<T> {
  readonly head: string;
  readonly cell: (item: T) => string;
  readonly tone?: (item: T) => Tone | undefined;
  /** Cut first when the terminal is too narrow; those without are cut never. */
  readonly gives?: true;
}

export interface TableShape {
  /** Columns of the terminal; undefined: as wide as it comes. */
  readonly width: number | undefined;
  readonly color: 'color' | 'plain';
}

/** Between columns. */
const GAP = '  ';
/** A column that gives way keeps this much. */
const MIN_WIDTH = 8;

/** SGR sequences of ECMA-48 §8.3.117. */
const TONES: Readonly<Record<Tone, string>> = { good: '32', bad: '31', busy: '33', quiet: '2' };

/** A heading and one line an item, each with its line break; nothing is after the last column. */
export function formatTable<T>(
  columns: readonly Column<T>[],
  items: readonly T[],
  shape: TableShape,
): string {
  const rows = items.map((item) => columns.map(({ cell }) => printable(cell(item))));
  const widths = fitWidths(columns, rows, shape.width);
  const line = (cells: readonly string[], toneOf: (index: number) => Tone | undefined): string => {
    const padded = cells.map((text, index) => {
      const width = widths[index] ?? 0;
      const shown = cut(text, width);
      const last = index === cells.length - 1;
      return paint(shown, toneOf(index), shape.color) + (last ? '' : ' '.repeat(width - lettersOf(shown)));
    });
    return `${padded.join(GAP).trimEnd()}\n`;
  };
  const head = line(
    columns.map((column) => column.head),
    () => 'quiet',
  );
  return (
    head + items.map((item, row) => line(rows[row] ?? [], (index) => columns[index]?.tone?.(item))).join('')
  );
}

/** Labels and values under each other; a value of several lines keeps them. */
export function formatDetails(
  details: readonly (readonly [label: string, text: string])[],
  color: TableShape['color'],
): string {
  const width = Math.max(0, ...details.map(([label]) => lettersOf(label)));
  return details
    .map(([label, text]) => {
      const [first = '', ...more] = text.split('\n').map(printable);
      const space = ' '.repeat(width - lettersOf(label));
      const indent = `\n${' '.repeat(width)}${GAP}`;
      return `${`${paint(label, 'quiet', color)}${space}${GAP}${[first, ...more].join(indent)}`.trimEnd()}\n`;
    })
    .join('');
}

export function paint(text: string, tone: Tone | undefined, color: TableShape['color']): string {
  return tone === undefined || color === 'plain' || text === ''
    ? text
    : `\u001B[${TONES[tone]}m${text}\u001B[0m`;
}

/** As wide as the widest cell; where that is too wide, the widest of those that give way gives way first. */
function fitWidths<T>(
  columns: readonly Column<T>[],
  rows: readonly (readonly string[])[],
  width: number | undefined,
): readonly number[] {
  const widths = columns.map(({ head }, index) =>
    Math.max(lettersOf(head), ...rows.map((row) => lettersOf(row[index] ?? ''))),
  );
  if (width === undefined) return widths;
  const gaps = GAP.length * (columns.length - 1);
  for (;;) {
    const tooMuch = widths.reduce((sum, wide) => sum + wide, gaps) - width;
    if (tooMuch <= 0) return widths;
    const [widest, next] = columns
      .map((column, index) => ({ index, wide: widths[index] ?? 0, gives: column.gives === true }))
      .filter(({ wide, gives }) => gives && wide > MIN_WIDTH)
      .sort((one, other) => other.wide - one.wide);
    if (widest === undefined) return widths;
    const down = Math.max(MIN_WIDTH, widest.wide - tooMuch, Math.min(next?.wide ?? 0, widest.wide - 1));
    widths[widest.index] = down;
  }
}

/** Code points: what is shown in Latin scripts; wide ones are counted as one. */
function lettersOf(text: string): number {
  return Array.from(text).length;
}

function cut(text: string, width: number): string {
  const letters = Array.from(text);
  return letters.length <= width ? text : `${letters.slice(0, width - 1).join('')}…`;
}
