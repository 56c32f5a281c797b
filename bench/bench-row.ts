import type { Spread } from './statistics.ts';

/** One comparison, as it stands in the JSON file of every benchmark. */
export interface BenchRow {
  readonly case: string;
  readonly metric: string;
  readonly unit: string;
  readonly ours: number;
  /** Undefined where the target is a number, and no other server. */
  readonly peer?: string;
  readonly theirs?: number;
  /** Ours divided by theirs: of the medians, or the median of the ratios of each turn. */
  readonly ratio?: number;
  /** `<= 0.8` of the ratio, or of our own number where there is no peer. */
  readonly target?: string;
  /** Undefined where there is no target. */
  readonly pass?: boolean;
  /** From the lowest to the highest run. */
  readonly oursRange: readonly [min: number, max: number];
  readonly theirsRange?: readonly [min: number, max: number];
  readonly runs: number;
}

export interface BenchReport {
  readonly bench: string;
  readonly date: string;
  readonly machine: Readonly<Record<string, string | number>>;
  readonly versions: Readonly<Record<string, string>>;
  /** What this run did not measure, and why. */
  readonly notMeasured: readonly string[];
  readonly cases: readonly BenchRow[];
}

/** How a number must lie for the case to pass. */
export interface Bound {
  readonly is: 'at most' | 'at least';
  readonly number: number;
}

export function isWithin(value: number, { is, number }: Bound): boolean {
  return is === 'at most' ? value <= number : value >= number;
}

export function formatBound({ is, number }: Bound): string {
  return `${is === 'at most' ? '<=' : '>='} ${number}`;
}

interface Measured {
  readonly case: string;
  readonly metric: string;
  readonly unit: string;
  readonly ours: Spread;
  readonly runs: number;
}

/** Our number beside another server's. @param ratio of both; without it that of the medians. */
export function rowAgainst(
  measured: Measured,
  peer: string,
  theirs: Spread,
  bound?: Bound,
  ratio = measured.ours.median / theirs.median,
): BenchRow {
  return {
    ...alone(measured),
    peer,
    theirs: theirs.median,
    ratio,
    theirsRange: [theirs.min, theirs.max],
    ...(bound === undefined ? {} : { target: formatBound(bound), pass: isWithin(ratio, bound) }),
  };
}

/** Our number by itself; the worst run must be within the bound, not the middle one. */
export function rowAlone(measured: Measured, bound?: Bound): BenchRow {
  const worst = bound?.is === 'at least' ? measured.ours.min : measured.ours.max;
  return {
    ...alone(measured),
    ...(bound === undefined ? {} : { target: formatBound(bound), pass: isWithin(worst, bound) }),
  };
}

function alone({ ours, ...measured }: Measured): Omit<BenchRow, 'peer'> {
  const { median, min, max } = ours;
  return { ...measured, ours: median, oursRange: [min, max] };
}
