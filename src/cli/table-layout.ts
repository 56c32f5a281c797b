import { printable } from './printable.ts';
import type { Column } from './table.ts';
import { widthOf } from './text-width.ts';

/** Between columns. */
export const GAP = '  ';
/** A column that is cut keeps this much. */
const MIN_WIDTH = 8;

export interface LaidColumn<T> {
  readonly column: Column<T>;
  /** One for each item, not cut yet. */
  readonly cells: readonly string[];
  readonly width: number;
}

/**
 * Each column as wide as its widest cell. Where that is too wide for the terminal, cells say it shorter, then columns
 * that may be left out are, from the last, then the widest of those that may be cut is cut first.
 *
 * @param width of the terminal; undefined: as wide as it comes.
 */
export function layOut<T>(
  columns: readonly Column<T>[],
  items: readonly T[],
  width: number | undefined,
): readonly LaidColumn<T>[] {
  const whole = columns.map((column) => measured(column, items, column.cell));
  if (width === undefined || tooMuch(whole, width) <= 0) return whole;
  let laid = columns.map((column) => measured(column, items, column.short ?? column.cell));
  while (tooMuch(laid, width) > 0) {
    const last = laid.findLastIndex(({ column }) => column.gives === 'whole');
    if (last === -1) return cutWidest(laid, width);
    laid = laid.toSpliced(last, 1);
  }
  return laid;
}

function measured<T>(column: Column<T>, items: readonly T[], cellOf: Column<T>['cell']): LaidColumn<T> {
  const cells = items.map((item) => printable(cellOf(item)));
  const width = cells.reduce((widest, cell) => Math.max(widest, widthOf(cell)), widthOf(column.head));
  return { column, cells, width };
}

function tooMuch(laid: readonly { readonly width: number }[], width: number): number {
  return laid.reduce((sum, column) => sum + column.width, GAP.length * (laid.length - 1)) - width;
}

function cutWidest<T>(columns: readonly LaidColumn<T>[], width: number): readonly LaidColumn<T>[] {
  const laid = [...columns];
  for (;;) {
    const much = tooMuch(laid, width);
    const [widest, next] = laid
      .filter((one) => one.column.gives === 'cut' && one.width > MIN_WIDTH)
      .toSorted((one, other) => other.width - one.width);
    if (much <= 0 || widest === undefined) return laid;
    const down = Math.max(MIN_WIDTH, widest.width - much, Math.min(next?.width ?? 0, widest.width - 1));
    laid[laid.indexOf(widest)] = { ...widest, width: down };
  }
}
