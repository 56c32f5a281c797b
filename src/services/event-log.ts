import type { EventFilter, EventStore } from '../core/events/event-store.ts';
import type { NewTimelineEvent, TimelineEvent } from '../core/events/timeline-event.ts';
import type { Clock } from '../lib/clock.ts';

/** What happened, without the time, which the log adds. */
export type Happening = Omit<NewTimelineEvent, 'atMs'>;

/** Events kept at most; the oldest go first. */
export const MAX_EVENTS = 1_000_000;
/** Events between two looks at that limit. */
const PRUNE_EVERY = 10_000;
/** Events that wait for the disk at most; more are dropped and counted, so that a flood cannot fill the memory. */
export const MAX_WAITING_EVENTS = 10_000;

export interface EventLogNeeds {
  readonly events: EventStore;
  readonly clock: Clock;
  /** A write failed; the events of that batch are lost, and nothing else. */
  readonly failed: (error: unknown) => void;
}

/**
 * The timeline's one way in: writes events in batches (one transaction for all that came while the last was
 * written) and tells listeners once they are on disk.
 */
export class EventLog {
  readonly #needs: EventLogNeeds;
  readonly #listeners = new Set<(event: TimelineEvent) => void>();
  #waiting: NewTimelineEvent[] = [];
  #writing: Promise<void> | undefined;
  #dropped = 0;
  #sincePrune = 0;

  constructor(needs: EventLogNeeds) {
    this.#needs = needs;
  }

  /** Takes the event and returns at once; it is on disk a little later. */
  note(happening: Happening): void {
    if (this.#waiting.length >= MAX_WAITING_EVENTS) {
      this.#dropped += 1;
      return;
    }
    this.#waiting.push({ ...happening, atMs: this.#needs.clock.nowMs() });
    this.#writing ??= this.#write();
  }

  /** Events that found the queue full since the start. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Events that wait for the disk now. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Resolves when everything taken so far is on disk. */
  async settled(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  /** An event that a store wrote itself, in one transaction with the change it tells of. */
  announce(event: TimelineEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  list(filter: EventFilter, limit: number): Promise<readonly TimelineEvent[]> {
    return this.#needs.events.list(filter, limit);
  }

  /** @returns the way to stop listening. */
  listen(listener: (event: TimelineEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #write(): Promise<void> {
    // Let everything that happens in this turn of the loop join the batch.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        for (const event of await this.#needs.events.append(batch)) this.announce(event);
        await this.#pruneAfter(batch.length);
      } catch (error) {
        this.#needs.failed(error);
      }
    }
    this.#writing = undefined;
  }

  async #pruneAfter(added: number): Promise<void> {
    this.#sincePrune += added;
    if (this.#sincePrune < PRUNE_EVERY) return;
    this.#sincePrune = 0;
    await this.#needs.events.prune(MAX_EVENTS);
  }
}
