import type { EventKind } from '../core/events/event-kinds.ts';
import type { EventFilter, EventStore } from '../core/events/event-store.ts';
import type { NewTimelineEvent, TimelineEvent } from '../core/events/timeline-event.ts';
import type { Clock } from '../lib/clock.ts';
import { RecentEvents } from './recent-events.ts';

/** What happened, without the time, which the log adds. */
export type Happening = Omit<NewTimelineEvent, 'atMs'>;

/** Events kept at most; the oldest go first. */
export const MAX_EVENTS = 1_000_000;
/** Events between two looks at that limit. */
const PRUNE_EVERY = 10_000;
/** Events that wait for the disk at most; more are dropped and counted, so that a flood cannot fill the memory. */
export const MAX_WAITING_EVENTS = 20_000;
/** After a disk took no events, in milliseconds, before it is tried again. */
export const RETRY_MS = 1_000;

/**
 * After a batch the next one gathers for this long, in milliseconds: a row costs less in one large transaction than in
 * many small ones, of which a hundred machines that boot each second made 156 a second. But in a larger one still, the
 * rows outlive two collections of young memory, and writing them keeps packets waiting.
 */
const GATHER_MS = 25;

/** What must be heard while nothing can be written. */
const TROUBLE: EventKind = 'server.disk';

export interface EventLogNeeds {
  readonly events: EventStore;
  readonly clock: Clock;
  /** A write failed; the events of that batch are lost, and nothing else. */
  readonly failed: (error: unknown) => void;
  /** Why the disk takes no events for now: told when that begins, and undefined when it is over. */
  readonly waits?: (error: unknown) => void;
  /** Whether an error passes by itself, as a full disk does: the events wait then. Without it, none does. */
  readonly isPassing?: (error: unknown) => boolean;
}

/**
 * The timeline's one way in: writes events in batches (one transaction for all that came while the last was
 * written) and tells listeners once they are on disk.
 */
export class EventLog {
  readonly #needs: EventLogNeeds;
  readonly #listeners = new Set<(event: TimelineEvent) => void>();
  readonly #unwrittenListeners = new Set<(event: NewTimelineEvent) => void>();
  readonly #recent = new RecentEvents();
  #retry: NodeJS.Timeout | undefined;
  #inTrouble = false;
  /** Somebody waits for all of it. */
  #hurried = false;
  #endGathering: (() => void) | undefined;
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
    const { kind, text, because, machineId, mac, installId, data } = happening;
    // Not a copy of the object: those of different callers have different shapes, which the engine copies slowly.
    const event = { atMs: this.#needs.clock.nowMs(), kind, text, because, machineId, mac, installId, data };
    this.#waiting.push(event);
    if (!this.#inTrouble) this.#writing ??= this.#write();
    else if (event.kind === TROUBLE) this.#announceUnwritten(event);
  }

  /** Events that found the queue full since the start. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Events that wait for the disk now. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Resolves when everything taken so far is on disk, or the disk has once more not taken it. */
  async settled(): Promise<void> {
    this.#hurried = true;
    this.#endGathering?.();
    clearTimeout(this.#retry);
    if (this.#waiting.length > 0) this.#writing ??= this.#write();
    while (this.#writing) await this.#writing;
    this.#hurried = false;
  }

  /** An event that a store wrote itself, in one transaction with the change it tells of. */
  announce(event: TimelineEvent): void {
    this.#recent.add(event);
    for (const listener of this.#listeners) listener(event);
  }

  async list(filter: EventFilter, limit: number): Promise<readonly TimelineEvent[]> {
    return this.#recent.list(filter, limit) ?? (await this.#needs.events.list(filter, limit));
  }

  /** @returns the way to stop listening. */
  listen(listener: (event: TimelineEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Trouble with the disk cannot wait until it is over: it is told at once here, and once more when it is written. */
  listenToUnwritten(listener: (event: NewTimelineEvent) => void): () => void {
    this.#unwrittenListeners.add(listener);
    return () => this.#unwrittenListeners.delete(listener);
  }

  #announceUnwritten(event: NewTimelineEvent): void {
    for (const listener of this.#unwrittenListeners) listener(event);
  }

  async #write(): Promise<void> {
    // Let everything that happens in this turn of the loop join the batch.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        const written = await this.#needs.events.append(batch);
        this.#isWell();
        for (const event of written) this.announce(event);
        await this.#pruneAfter(batch.length);
        if (!this.#hurried) await this.#gather();
      } catch (error) {
        if (!this.#needs.isPassing?.(error)) this.#needs.failed(error);
        else {
          this.#keepForLater(batch, error);
          break;
        }
      }
    }
    this.#writing = undefined;
  }

  async #gather(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, GATHER_MS);
      this.#endGathering = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#endGathering = undefined;
  }

  #isWell(): void {
    if (this.#inTrouble) this.#needs.waits?.(undefined);
    this.#inTrouble = false;
  }

  #keepForLater(batch: readonly NewTimelineEvent[], error: unknown): void {
    const waiting = [...batch, ...this.#waiting];
    this.#waiting = waiting.slice(0, MAX_WAITING_EVENTS);
    this.#dropped += waiting.length - this.#waiting.length;
    const isNew = !this.#inTrouble;
    this.#inTrouble = true;
    if (isNew) {
      for (const event of this.#waiting) if (event.kind === TROUBLE) this.#announceUnwritten(event);
      this.#needs.waits?.(error);
    }
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => {
      this.#writing ??= this.#write();
    }, RETRY_MS);
    this.#retry.unref();
  }

  async #pruneAfter(added: number): Promise<void> {
    this.#sincePrune += added;
    if (this.#sincePrune < PRUNE_EVERY) return;
    this.#sincePrune = 0;
    await this.#needs.events.prune(MAX_EVENTS);
  }
}
