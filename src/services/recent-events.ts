import type { EventFilter } from '../core/events/event-store.ts';
import type { TimelineEvent } from '../core/events/timeline-event.ts';

/** Events kept; a reader of the stream that is further behind reads from the disk. */
export const MAX_RECENT = 4_096;

/**
 * The newest events, for the readers of the stream: each is asked for by every reader as soon as it is written, and to
 * read it as often from the database took more than all the rest of the stream.
 */
export class RecentEvents {
  /** By their numbers, which have no gaps; but of two that were written at the same time the later may be told first. */
  readonly #byId = new Map<number, TimelineEvent>();

  /** It is in the store. */
  add(event: TimelineEvent): void {
    // Events of the one became the other's, those that are kept here among them.
    if (event.kind === 'machine.merged') this.#byId.clear();
    this.#byId.set(event.id, event);
    if (this.#byId.size <= MAX_RECENT) return;
    const [oldest] = this.#byId.keys();
    if (oldest !== undefined) this.#byId.delete(oldest);
  }

  /** As `EventStore.list`, for who had the event before; undefined where it is not known here. */
  list(filter: EventFilter, limit: number): readonly TimelineEvent[] | undefined {
    const { afterId, beforeId, downToId, selector, text } = filter;
    if (afterId === undefined || beforeId === undefined || downToId !== undefined) return undefined;
    if (selector !== undefined || text !== undefined || beforeId - afterId > MAX_RECENT) return undefined;
    // Whoever was never here may want what the store has deleted by now.
    if (!this.#byId.has(afterId)) return undefined;
    const found: TimelineEvent[] = [];
    for (let id = afterId + 1; id < beforeId && found.length < limit; id += 1) {
      const event = this.#byId.get(id);
      if (event === undefined) return undefined;
      if (fits(event, filter)) found.push(event);
    }
    return found;
  }
}

function fits(
  { machineId, mac, installId, kind }: TimelineEvent,
  { machineId: wantedMachine, macs, installId: wantedInstall, kinds }: EventFilter,
): boolean {
  const isEveryones = wantedMachine === undefined && macs === undefined;
  const isTheirs =
    (wantedMachine !== undefined && machineId === wantedMachine) ||
    (mac !== undefined && macs?.includes(mac));
  return (
    (isEveryones || isTheirs === true) &&
    (wantedInstall === undefined || installId === wantedInstall) &&
    (kinds === undefined || kinds.includes(kind))
  );
}
