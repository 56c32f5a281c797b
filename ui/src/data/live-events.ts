import type { MissedEvents, WireEvent } from '../../../src/contract/events.ts';
import { urlOf } from './client.ts';
import { EventQueue, type Missed } from './event-queue.ts';
import { Listeners } from './listeners.ts';

export type Liveness = 'connecting' | 'live' | 'lost';

/** `TIMELINE_EVENT_NAME` and `MISSED_EVENT_NAME` of the contract, of which the page takes types only. */
const EVENT_NAME = 'timeline';
const MISSED_NAME = 'missed';
/** A page in the background draws no frames; what happens meanwhile is passed on as often as this. */
const HIDDEN_FLUSH_MS = 1_000;
const REOPEN_MS = 3_000;

/**
 * The one stream of events of this page. The browser itself comes back with Last-Event-ID where a connection breaks;
 * where it gives up, this opens another after the last event that was seen. However many come, listeners are told once
 * a frame.
 */
export class LiveEvents {
  readonly #batches = new Listeners<readonly WireEvent[]>();
  readonly #misses = new Listeners<Missed>();
  readonly #changes = new Listeners<Liveness>();
  readonly #queue = new EventQueue();
  #source: EventSource | undefined;
  #isFlushPlanned = false;
  #reopening: number | undefined;
  #liveness: Liveness = 'connecting';

  /** @param after the newest event that is known already. */
  start(after?: number): void {
    this.#queue.beginAfter(after);
    if (this.#source) return;
    const source = new EventSource(urlOf('streamEvents', {}, { after: this.#queue.lastId }));
    this.#source = source;
    source.addEventListener('open', () => this.#become('live'));
    source.addEventListener(EVENT_NAME, ({ data }: MessageEvent<string>) => {
      this.#queue.take(JSON.parse(data) as WireEvent);
      this.#planFlush();
    });
    source.addEventListener(MISSED_NAME, ({ data }: MessageEvent<string>) => {
      this.#queue.miss(JSON.parse(data) as MissedEvents);
      this.#planFlush();
    });
    source.addEventListener('error', () => {
      this.#become('lost');
      if (source.readyState !== EventSource.CLOSED) return;
      this.stop();
      this.#reopening = window.setTimeout(() => this.#reopen(), REOPEN_MS);
    });
  }

  stop(): void {
    this.#source?.close();
    this.#source = undefined;
    window.clearTimeout(this.#reopening);
  }

  get liveness(): Liveness {
    return this.#liveness;
  }

  readonly listen = (listener: (batch: readonly WireEvent[]) => void): (() => void) =>
    this.#batches.add(listener);
  /** Events will never come: what is shown is to be read anew. */
  readonly onMissed = (listener: (missed: Missed) => void): (() => void) => this.#misses.add(listener);
  readonly onLiveness = (listener: () => void): (() => void) => this.#changes.add(listener);

  /** Without an event that was seen, the new stream begins with what happens then. */
  #reopen(): void {
    if (this.#queue.lastId === undefined) {
      this.#queue.loseTrack();
      this.#planFlush();
    }
    this.start();
  }

  #become(liveness: Liveness): void {
    if (this.#liveness === liveness) return;
    this.#liveness = liveness;
    this.#changes.tell(liveness);
  }

  #planFlush(): void {
    if (this.#isFlushPlanned) return;
    this.#isFlushPlanned = true;
    if (document.hidden) window.setTimeout(() => this.#flush(), HIDDEN_FLUSH_MS);
    else window.requestAnimationFrame(() => this.#flush());
  }

  #flush(): void {
    this.#isFlushPlanned = false;
    const { batch, missed } = this.#queue.flush();
    if (missed) this.#misses.tell(missed);
    if (batch.length > 0) this.#batches.tell(batch);
  }
}

export const liveEvents = new LiveEvents();
