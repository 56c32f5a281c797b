import type { MissedEvents, WireEvent } from '../../../src/contract/events.ts';

/** Events that wait at most; a page that slept so long asks for its answers anew instead. */
export const MAX_WAITING = 5_000;

/**
 * Events that will never come, so what is shown is to be read anew. `another`: the server has another database, whose
 * events are numbered anew.
 */
export interface Missed {
  readonly timeline: 'same' | 'another';
}

/** What came over the stream and waits to be passed on. */
export class EventQueue {
  #waiting: WireEvent[] = [];
  #missed: Missed | undefined;
  #lastId: number | undefined;

  /** The newest event that is known, behind which the stream goes on. */
  get lastId(): number | undefined {
    return this.#lastId;
  }

  /** @param after the newest event that is known already. */
  beginAfter(after: number | undefined): void {
    this.#lastId ??= after;
  }

  take(event: WireEvent): void {
    this.#lastId = Math.max(this.#lastId ?? 0, event.id);
    this.#waiting.push(event);
    if (this.#waiting.length <= MAX_WAITING) return;
    this.#waiting = [];
    this.#missed ??= { timeline: 'same' };
  }

  /** The server says that the stream goes on elsewhere than where it was left. */
  miss({ after, goesOnAfter }: Pick<MissedEvents, 'after' | 'goesOnAfter'>): void {
    const isAnother = goesOnAfter < after;
    // Those have numbers of the other database.
    if (isAnother) this.#waiting = [];
    this.#lastId = goesOnAfter;
    if (isAnother || !this.#missed) this.#missed = { timeline: isAnother ? 'another' : 'same' };
  }

  /** The stream begins anew, and nobody knows where it was left. */
  loseTrack(): void {
    this.#missed ??= { timeline: 'same' };
  }

  /** All that waits; what was missed came before it. */
  flush(): { readonly batch: readonly WireEvent[]; readonly missed: Missed | undefined } {
    const [batch, missed] = [this.#waiting, this.#missed];
    this.#waiting = [];
    this.#missed = undefined;
    return { batch, missed };
  }
}
