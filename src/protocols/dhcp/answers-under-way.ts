import type { DhcpMessage } from './message.ts';

/** What was found for a request; undefined is silence. */
export type Outcome = { readonly reply: DhcpMessage | undefined } | { readonly error: unknown };

/** A client gives up after about this long (RFC 2131 §4.1: the first two waits are 4 s and 8 s). */
export const ANSWER_TIME_LIMIT_MS = 10_000;

/** One answer, from its request to its reply. Plain fields and no promises: there are two of these for each lease. */
export interface UnderWay<Asker> {
  readonly asker: Asker;
  readonly client: number;
  readonly beganMs: number;
  /** Undefined while it is looked for. */
  outcome: Outcome | undefined;
  /** The answer before it to the same client has not left. */
  mustWait: boolean;
  /** The answer behind it to the same client. */
  next: UnderWay<Asker> | undefined;
}

export interface AnswersUnderWayNeeds<Asker> {
  /** Sends what was found, or does not. Never rejects. */
  readonly leave: (asker: Asker, outcome: Outcome) => Promise<void>;
  /** Nothing is owed for this request any more. */
  readonly ended: (asker: Asker) => void;
  /** Milliseconds of a clock that only goes forward. */
  readonly nowMs: () => number;
}

/**
 * The answers that are being worked out: each gets its end, those to one client leave in the order of its requests,
 * and one that is never found keeps no place.
 */
export class AnswersUnderWay<Asker> {
  readonly #needs: AnswersUnderWayNeeds<Asker>;
  /** The last one to each client that waits for any. */
  readonly #latest = new Map<number, UnderWay<Asker>>();
  /** Those that are looked for, in the order in which that began. */
  readonly #sought = new Set<UnderWay<Asker>>();
  #size = 0;

  constructor(needs: AnswersUnderWayNeeds<Asker>) {
    this.#needs = needs;
  }

  get size(): number {
    return this.#size;
  }

  /** @param client tells clients apart. */
  begin(asker: Asker, client: number): UnderWay<Asker> {
    const before = this.#latest.get(client);
    const one: UnderWay<Asker> = {
      asker,
      client,
      beganMs: this.#needs.nowMs(),
      outcome: undefined,
      mustWait: before !== undefined,
      next: undefined,
    };
    if (before) before.next = one;
    this.#latest.set(client, one);
    this.#sought.add(one);
    this.#size += 1;
    return one;
  }

  /** What is found for one that was given up is forgotten. */
  found(one: UnderWay<Asker>, outcome: Outcome): void {
    if (!this.#sought.delete(one)) return;
    one.outcome = outcome;
    if (!one.mustWait) void this.#leave(one);
  }

  /** To be called now and then: a timer for each would cost more than its decision. */
  giveUpLate(): void {
    const earliestMs = this.#needs.nowMs() - ANSWER_TIME_LIMIT_MS;
    for (const one of this.#sought) {
      if (one.beganMs > earliestMs) return;
      const error = new Error(`No answer was found within ${ANSWER_TIME_LIMIT_MS} ms, so none is sent`);
      this.found(one, { error });
    }
  }

  /** It, and what has waited for it. */
  async #leave(first: UnderWay<Asker>): Promise<void> {
    for (let one: UnderWay<Asker> | undefined = first; one?.outcome; one = this.#end(one))
      await this.#needs.leave(one.asker, one.outcome);
  }

  /** @returns the answer to the same client that may leave now. */
  #end(one: UnderWay<Asker>): UnderWay<Asker> | undefined {
    const { asker, client, next } = one;
    this.#size -= 1;
    if (this.#latest.get(client) === one) this.#latest.delete(client);
    if (next) next.mustWait = false;
    this.#needs.ended(asker);
    return next;
  }
}
