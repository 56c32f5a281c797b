import { addressOf, boundsOf, numberOf } from './address-math.ts';

/** What an address of a subnet is; `outside`: it is not handed out. */
export const CELL_STATES = ['held', 'reserved', 'declined', 'expired', 'free', 'outside'] as const;
export type CellState = (typeof CELL_STATES)[number];

/** One cell: an address, or some that follow each other. */
export interface Cell {
  readonly first: string;
  readonly last: string;
  /** How many of its addresses are in each state. */
  readonly counts: Readonly<Record<CellState, number>>;
  /** What it is drawn as: what is most worth knowing of what is in it. */
  readonly state: CellState;
  /** How full it is of addresses that somebody has, 0 to 100. */
  readonly usedPercent: number;
}

interface Lease {
  readonly address: string;
  readonly state: 'held' | 'expired' | 'released' | 'declined';
}

interface SubnetShape {
  readonly network: string;
  readonly ranges: readonly { readonly first: string; readonly last: string }[];
  readonly reservations: readonly { readonly address: string }[];
}

/** More cells than these say nothing to an eye. */
const MAX_CELLS = 1024;
/** Above this no map is drawn: a /16. */
export const MAX_ADDRESSES = 65_536;

/** @returns nothing where the network is larger than a map shows. */
export function rangeMap(subnet: SubnetShape, leases: readonly Lease[]): readonly Cell[] | undefined {
  const bounds = boundsOf(subnet.network);
  if (!bounds) return undefined;
  const size = bounds.last - bounds.first + 1;
  if (size > MAX_ADDRESSES) return undefined;
  const states = statesOf(bounds.first, size, subnet, leases);
  const perCell = Math.max(1, size / MAX_CELLS);
  return Array.from({ length: size / perCell }, (_, at) =>
    cellOf(bounds.first, states, at * perCell, perCell),
  );
}

function statesOf(
  first: number,
  size: number,
  { ranges, reservations }: SubnetShape,
  leases: readonly Lease[],
): readonly CellState[] {
  const states = Array.from({ length: size }, (): CellState => 'outside');
  const put = (address: string, state: CellState): void => {
    const at = (numberOf(address) ?? -1) - first;
    if (at >= 0 && at < size) states[at] = state;
  };
  for (const range of ranges)
    states.fill(
      'free',
      Math.max(0, (numberOf(range.first) ?? first) - first),
      (numberOf(range.last) ?? first) - first + 1,
    );
  for (const { address } of reservations) put(address, 'reserved');
  for (const { address, state } of leases) {
    // Who gave an address back has left no trace on it; a reservation stays one when its lease is over.
    const isOver = state === 'released' || state === 'expired';
    if (!isOver || (state === 'expired' && states[(numberOf(address) ?? -1) - first] === 'free'))
      put(address, state);
  }
  return states;
}

function cellOf(first: number, states: readonly CellState[], from: number, length: number): Cell {
  const part = states.slice(from, from + length);
  const counts = Object.fromEntries(
    CELL_STATES.map((state) => [state, part.filter((one) => one === state).length]),
  ) as Record<CellState, number>;
  return {
    first: addressOf(first + from),
    last: addressOf(first + from + length - 1),
    counts,
    state: CELL_STATES.find((state) => counts[state] > 0) ?? 'outside',
    usedPercent: ((counts.held + counts.reserved + counts.declined) * 100) / length,
  };
}

/** How many addresses are in each state, in all cells. */
export function totalsOf(cells: readonly Cell[]): Readonly<Record<CellState, number>> {
  return Object.fromEntries(
    CELL_STATES.map((state) => [state, cells.reduce((sum, { counts }) => sum + counts[state], 0)]),
  ) as Record<CellState, number>;
}
