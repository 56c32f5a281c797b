import { printable } from './printable.ts';
import { GAP, layOut } from './table-layout.ts';
import { cutTo, widthOf } from './text-width.ts';

export type Tone = 'good' | 'bad' | 'busy' | 'quiet';

/** One column of a table of `T`. */
export interface Column<T> {
  readonly head: string;
  readonly cell: (item: T) => string;
  readonly tone?: (item: T) => Tone | undefined;
  /** Said in place of the cell where the terminal is too narrow for the whole table. */
  readonly short?: (item: T) => string;
  /** Where that is not enough: cut, or left out whole. Those without stay as they are: names, ids, MAC addresses. */
  readonly gives?: 'cut' | 'whole';
}

export interface TableShape {
  /** Columns of the terminal; undefined: as wide as it comes. */
  readonly width: number | undefined;
  readonly color: 'color' | 'plain';
}

/** SGR sequences of ECMA-48 §8.3.117. */
const TONES: Readonly<Record<Tone, string>> = { good: '32', bad: '31', busy: '33', quiet: '2' };

/** A heading and one line an item, each with its line break; nothing is after the last column. */
export function formatTable<T>(
  columns: readonly Column<T>[],
  items: readonly T[],
  shape: TableShape,
): string {
  const laid = layOut(columns, items, shape.width);
  const line = (cells: readonly string[], toneOf: (column: Column<T>) => Tone | undefined): string => {
    const padded = laid.map(({ column, width }, index) => {
      const shown = cutTo(cells[index] ?? '', width);
      const space = index === laid.length - 1 ? '' : ' '.repeat(width - widthOf(shown));
      return paint(shown, toneOf(column), shape.color) + space;
    });
    return `${padded.join(GAP).trimEnd()}\n`;
  };
  const head = line(
    laid.map(({ column }) => column.head),
    () => 'quiet',
  );
  const lines = items.map((item, row) =>
    line(
      laid.map(({ cells }) => cells[row] ?? ''),
      (column) => column.tone?.(item),
    ),
  );
  return head + lines.join('');
}

/** Labels and values under each other; a value of several lines keeps them. */
export function formatDetails(
  details: readonly (readonly [label: string, text: string])[],
  color: TableShape['color'],
): string {
  const width = Math.max(0, ...details.map(([label]) => widthOf(label)));
  return details
    .map(([label, text]) => {
      const [first = '', ...more] = text.split('\n').map(printable);
      const space = ' '.repeat(width - widthOf(label));
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
