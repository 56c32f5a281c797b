import {
  createSortedRowModel,
  type ColumnDef,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { memo, type ReactNode, type RefObject, useCallback, useEffect, useMemo, useRef } from 'react';
import { useText } from '../text/language.tsx';
import { useFewNewRows } from './few-new-rows.ts';
import { Icon } from './icon.tsx';
import { COMMON } from './text.ts';

export interface Column<Row extends object> {
  readonly id: string;
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** What it is sorted by; left out: it cannot be. */
  readonly sortBy?: (row: Row) => string | number;
  /** As CSS grid has it: `minmax(8rem, 2fr)`, `6rem`. */
  readonly width: string;
  /** Where the screen is narrow; left out: the same. */
  readonly narrowWidth?: string;
  readonly align?: 'start' | 'end';
  /** How what stands in its cells looks, as classes. */
  readonly look?: string;
  /** Left away where the screen is narrow. */
  readonly isExtra?: boolean;
}

interface DataTableProps<Row extends object> {
  /** What the table shows, for screen readers. */
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly keyOf: (row: Row) => string;
  /** What is shown in place of rows. */
  readonly empty?: ReactNode;
  /** Where the server sorts and gives rows in pages. */
  readonly served?: ServedRows;
}

/** How rows come that are not all here. */
export interface ServedRows {
  readonly sorted: { readonly id: string; readonly direction: 'asc' | 'desc' };
  readonly sort: (id: string) => void;
  /** Of all pages. */
  readonly total: number;
  /** What is looked for and how it is sorted; rows of another wish are seen from the first on. */
  readonly wish: string;
  /** The end of what is here is in sight; called again and again while it is. */
  readonly more: () => void;
}

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel(), sortFns: {} });
const NO_ROWS: readonly never[] = [];
const ROW_HEIGHT = 44;
const rowHeight = (): number => ROW_HEIGHT;
/** Rows beyond each edge that are drawn, so that slow scrolling shows no gap; each costs whenever all are others. */
const OVERSCAN = 1;
/** After the last step of scrolling: by then all rows are drawn, a few a frame, where frames are slow, too. */
const STILL_MS = 500;

/**
 * A table of any length: only rows in sight are drawn. Rows have one height, so nothing moves while they come and go, and
 * what changes in one is worked out without the rest of the page (`contain: strict`).
 * Put it in a place that has a height; it scrolls by itself.
 */
export function DataTable<Row extends object>({
  label,
  rows,
  columns,
  keyOf,
  empty,
  served,
}: DataTableProps<Row>): ReactNode {
  const text = useText(COMMON);
  const definitions = useMemo(() => columns.map(definitionOf), [columns]);
  const isSortable = served === undefined && columns.some(({ sortBy }) => sortBy !== undefined);
  // An object for each row is made for it; where nothing is sorted, thousands of them several times a second.
  const data = isSortable ? rows : NO_ROWS;
  const table = useTable({ features, columns: definitions, data, getRowId: keyOf });
  const orderOf = (id: string): Order =>
    served
      ? { sorted: served.sorted.id === id && served.sorted.direction, toggle: () => served.sort(id) }
      : {
          sorted: table.getColumn(id)?.getIsSorted() ?? false,
          toggle: () => table.getColumn(id)?.toggleSorting(),
        };
  const scrollBox = useRef<HTMLDivElement>(null);
  const sorted = table.getRowModel().rows;
  const shown = useMemo(
    () => (isSortable ? sorted.map(({ original }) => original) : rows),
    [isSortable, sorted, rows],
  );
  const virtualizer = useRowsInSight(shown, keyOf, scrollBox);
  const inSight = virtualizer.getVirtualItems();
  const drawn = useFewNewRows(inSight, virtualizer.isScrolling);
  const lastInSight = inSight.at(-1)?.index ?? 0;
  useMoreAtEnd(lastInSight >= shown.length - 1, served);
  useTopOfEach(served?.wish, scrollBox);
  return (
    <div
      ref={scrollBox}
      role="table"
      aria-label={label}
      aria-rowcount={(served?.total ?? shown.length) + 1}
      tabIndex={0}
      className="h-full min-h-40 overflow-auto rounded-b-lg contain-strict"
      style={gridOf(columns)}
    >
      <Header columns={columns} orderOf={orderOf} />
      {shown.length === 0 && (empty ?? <p className="p-8 text-center text-dim">{text.nothingFits}</p>)}
      <div role="rowgroup" className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {drawn.map(({ index, start, key }) => {
          const row = shown[index];
          return row && <BodyRow key={key} row={row} columns={columns} index={index} start={start} />;
        })}
      </div>
    </div>
  );
}

function useRowsInSight<Row extends object>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  box: RefObject<HTMLDivElement | null>,
): Virtualizer<HTMLDivElement, Element> {
  // Where the function is another, the place of every row is worked out anew, with each step that somebody scrolls.
  const getItemKey = useCallback(
    (index: number) => {
      const row = rows[index];
      return row === undefined ? index : keyOf(row);
    },
    [rows, keyOf],
  );
  return useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: rowHeight,
    getItemKey,
    overscan: OVERSCAN,
    isScrollingResetDelay: STILL_MS,
  });
}

function useMoreAtEnd(isEndInSight: boolean, served: ServedRows | undefined): void {
  useEffect(() => {
    if (isEndInSight) served?.more();
  }, [isEndInSight, served]);
}

function useTopOfEach(wish: string | undefined, box: RefObject<HTMLElement | null>): void {
  const seen = useRef(wish);
  useEffect(() => {
    if (seen.current !== wish) box.current?.scrollTo(0, 0);
    seen.current = wish;
  }, [wish, box]);
}

interface HeaderProps<Row extends object> {
  readonly columns: readonly Column<Row>[];
  readonly orderOf: (id: string) => Order;
}

function Header<Row extends object>({ columns, orderOf }: HeaderProps<Row>): ReactNode {
  return (
    <div role="rowgroup" className="sticky top-0 z-10 border-b bg-panel">
      <div role="row" aria-rowindex={1} className={ROW_GRID}>
        {columns.map((column) => (
          <HeaderCell key={column.id} column={column} {...orderOf(column.id)} />
        ))}
      </div>
    </div>
  );
}

interface BodyRowProps<Row extends object> {
  readonly row: Row;
  readonly columns: readonly Column<Row>[];
  readonly index: number;
  readonly start: number;
}

/** While the table is scrolled, only rows that come into sight are drawn. */
const BodyRow = memo(DrawnRow) as typeof DrawnRow;

function DrawnRow<Row extends object>({ row, columns, index, start }: BodyRowProps<Row>): ReactNode {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={`${ROW_GRID} absolute top-0 left-0 h-11 w-full border-b contain-strict hover:bg-raised`}
      style={{ transform: `translateY(${start}px)` }}
    >
      {columns.map((column) => (
        <div key={column.id} role="cell" className={`${cellClass(column)} ${column.look ?? ''}`}>
          {column.cell(row)}
        </div>
      ))}
    </div>
  );
}

/** The widths of the columns, of which fewer are shown where the screen is narrow. */
function gridOf<Row extends object>(columns: readonly Column<Row>[]): React.CSSProperties {
  const wide = columns.map(({ width }) => width);
  const narrow = columns
    .filter(({ isExtra }) => !isExtra)
    .map(({ width, narrowWidth = width }) => narrowWidth);
  return { '--grid': wide.join(' '), '--narrow-grid': narrow.join(' ') } as React.CSSProperties;
}

const ROW_GRID =
  'grid min-w-full items-center gap-x-4 px-4 [grid-template-columns:var(--grid)] narrow:[grid-template-columns:var(--narrow-grid)]';

function cellClass<Row extends object>({ align, isExtra }: Column<Row>): string {
  return `min-w-0 overflow-clip text-ellipsis whitespace-nowrap ${align === 'end' ? 'text-right' : ''} ${isExtra ? 'narrow:hidden' : ''}`;
}

interface Order {
  readonly sorted: 'asc' | 'desc' | false;
  readonly toggle: () => void;
}

interface HeaderCellProps<Row extends object> extends Order {
  readonly column: Column<Row>;
}

const ARIA_SORT = { asc: 'ascending', desc: 'descending' } as const;
const SORT_ICONS = { asc: 'up', desc: 'down' } as const;

function HeaderCell<Row extends object>({ column, sorted, toggle }: HeaderCellProps<Row>): ReactNode {
  const { title, sortBy } = column;
  return (
    <div
      role="columnheader"
      aria-sort={sorted === false ? 'none' : ARIA_SORT[sorted]}
      className={`${cellClass(column)} h-9 text-sm font-medium text-dim narrow:h-11`}
    >
      {sortBy ? (
        <button
          type="button"
          onClick={toggle}
          className="inline-flex h-full items-center gap-1 hover:text-text"
        >
          {title}
          <Icon name={sorted === false ? 'sort' : SORT_ICONS[sorted]} className="size-3.5" />
        </button>
      ) : (
        <span className="inline-flex h-full items-center">{title}</span>
      )}
    </div>
  );
}

function definitionOf<Row extends object>({ id, sortBy }: Column<Row>): ColumnDef<typeof features, Row> {
  if (!sortBy) return { id, enableSorting: false };
  return {
    id,
    accessorFn: sortBy,
    sortFn: (one, other) => compare(sortBy(one.original), sortBy(other.original)),
  };
}

const collator = new Intl.Collator(undefined, { numeric: true });

function compare(one: string | number, other: string | number): number {
  return typeof one === 'number' && typeof other === 'number'
    ? one - other
    : collator.compare(String(one), String(other));
}
