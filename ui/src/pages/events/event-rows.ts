import type { WireEvent } from '../../../../src/contract/events.ts';

export interface Wanted {
  /** Part of the sentence or the reason. */
  readonly q: string;
  /** As the API takes them: `install.*,power.failed`. */
  readonly kind: string;
  /** Name, id or MAC address. */
  readonly machine: string;
}

/** Rows that are kept while more come. */
const MAX_ROWS = 10_000;

/** The same question as the server answers, for what comes while the page is open. */
export function fitting({ q, kind, machine }: Wanted): (event: WireEvent) => boolean {
  const needle = q.toLowerCase();
  const kinds = kind === '' ? [] : kind.split(',').map((pattern) => patternOf(pattern.trim()));
  return (event) =>
    (needle === '' || `${event.text}\n${event.because ?? ''}`.toLowerCase().includes(needle)) &&
    (kind === '' || kinds.some((pattern) => pattern.test(event.kind))) &&
    (machine === '' || [event.machine, event.machineId, event.mac].includes(machine));
}

/** Newest first, each once. */
export function merged(pages: readonly (readonly WireEvent[])[]): readonly WireEvent[] {
  const byId = new Map(pages.flat().map((event) => [event.id, event]));
  return [...byId.values()].toSorted((one, other) => other.id - one.id).slice(0, MAX_ROWS);
}

/**
 * What happened since the server answered, before what it answered: that has all up to its newest. Nothing is sorted, since
 * this is done several times a second.
 *
 * @param live newest first.
 */
export function withNewer(live: readonly WireEvent[], answered: readonly WireEvent[]): readonly WireEvent[] {
  const newestId = answered[0]?.id ?? 0;
  const end = live.findIndex(({ id }) => id <= newestId);
  return [...(end === -1 ? live : live.slice(0, end)), ...answered].slice(0, MAX_ROWS);
}

/** Newest first, before those that were there. */
export function withBatch(live: readonly WireEvent[], batch: readonly WireEvent[]): readonly WireEvent[] {
  return [...batch.toReversed(), ...live].slice(0, MAX_ROWS);
}

function patternOf(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}
