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
export function fits(event: WireEvent, { q, kind, machine }: Wanted): boolean {
  const needle = q.toLowerCase();
  return (
    (needle === '' || `${event.text}\n${event.because ?? ''}`.toLowerCase().includes(needle)) &&
    (kind === '' || kind.split(',').some((pattern) => kindFits(event.kind, pattern.trim()))) &&
    (machine === '' || [event.machine, event.machineId, event.mac].includes(machine))
  );
}

/** Newest first, each once. */
export function merged(pages: readonly (readonly WireEvent[])[]): readonly WireEvent[] {
  const byId = new Map(pages.flat().map((event) => [event.id, event]));
  return [...byId.values()].toSorted((one, other) => other.id - one.id).slice(0, MAX_ROWS);
}

function kindFits(kind: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(kind);
}
