import type { WireEvent } from '../../../src/contract/events.ts';
import { urlOf } from './client.ts';
import { Listeners } from './listeners.ts';

export type Liveness = 'connecting' | 'live' | 'lost';

/** `TIMELINE_EVENT_NAME` of the contract, of which the page takes types only. */
const EVENT_NAME = 'timeline';
/** A page in the background draws no frames; what happens meanwhile is passed on as often as this. */
const HIDDEN_FLUSH_MS = 1_000;
/** Events that wait for a frame at most; a page that slept so long asks for its answers anew instead. */
const MAX_WAITING = 5_000;
const REOPEN_MS = 3_000;

/**
 * The one stream of events of this page. The browser itself comes back with Last-Event-ID where a connection breaks;
 * where it gives up, this opens another after the last event that was seen. However many come, listeners are told once
 * a frame.
 */
export class LiveEvents {
  readonly #batches = new Listeners<readonly WireEvent[]>();
  readonly #changes = new Listeners<Liveness>();
  #source: EventSource | undefined;
  #waiting: WireEvent[] = [];
  #isFlushPlanned = false;
  #lastId: number | undefined;
  #reopening: number | undefined;
  #liveness: Liveness = 'connecting';

  /** @param after the newest event that is known already. */
  start(after?: number): void {
    this.#lastId ??= after;
    if (this.#source) return;
    const source = new EventSource(urlOf('streamEvents', {}, { after: this.#lastId }));
    this.#source = source;
    source.addEventListener('open', () => this.#become('live'));
    source.addEventListener(EVENT_NAME, ({ data }: MessageEvent<string>) => this.#take(data));
    source.addEventListener('error', () => {
      this.#become('lost');
      if (source.readyState !== EventSource.CLOSED) return;
      this.stop();
      this.#reopening = window.setTimeout(() => this.start(), REOPEN_MS);
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
  readonly onLiveness = (listener: () => void): (() => void) => this.#changes.add(listener);

  #become(liveness: Liveness): void {
    if (this.#liveness === liveness) return;
    this.#liveness = liveness;
    this.#changes.tell(liveness);
  }

  #take(data: string): void {
    const event = JSON.parse(data) as WireEvent;
    this.#lastId = Math.max(this.#lastId ?? 0, event.id);
    this.#waiting.push(event);
    if (this.#waiting.length > MAX_WAITING) this.#waiting.shift();
    if (this.#isFlushPlanned) return;
    this.#isFlushPlanned = true;
    if (document.hidden) window.setTimeout(() => this.#flush(), HIDDEN_FLUSH_MS);
    else window.requestAnimationFrame(() => this.#flush());
  }

  #flush(): void {
    this.#isFlushPlanned = false;
    const batch = this.#waiting;
    this.#waiting = [];
    this.#batches.tell(batch);
  }
}

export const liveEvents = new LiveEvents();
