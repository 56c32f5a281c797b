import { createHash, createHmac } from 'node:crypto';
import {
  KEY_LIFE_MS,
  type KeptAnswer,
  type KnownKey,
  MAX_KEPT_TEXT,
  MAX_KEYS,
  type RequestKeyStore,
} from '../../core/requests/request-keys.ts';
import type { Clock } from '../../lib/clock.ts';

export interface RequestKeysNeeds {
  readonly keys: RequestKeyStore;
  readonly clock: Clock;
}

export interface KeyedRequest {
  readonly key: string;
  /** Keys of different clients have nothing to do with each other. */
  readonly who: string;
  /** All that is asked. */
  readonly asked: unknown;
}

export type Once =
  | { readonly is: 'done'; readonly answer: KeptAnswer }
  /** It was answered before, and was not done again. */
  | { readonly is: 'repeated'; readonly answer: KeptAnswer }
  | {
      readonly is: 'refused';
      readonly no: 'used for another' | 'under way' | 'not known';
      readonly because: string;
    };

/** What came of a request; `nothing`: it may be asked again with the same key. */
export type Attempt = KeptAnswer | 'nothing';

/**
 * Does a request once, however often it is asked with the same key, also when the server was stopped in between. That it
 * begins is on disk before it does: so what a crash cut off is not done again by a client that does not know better.
 */
export class RequestKeys {
  readonly #needs: RequestKeysNeeds;
  readonly #underWay = new Set<string>();

  constructor(needs: RequestKeysNeeds) {
    this.#needs = needs;
  }

  /** @param work its failure leaves open whether it was done, and nobody is told that it may be asked again. */
  async once({ key, who, asked }: KeyedRequest, work: () => Promise<Attempt>): Promise<Once | 'nothing'> {
    // The key itself is not written: with it one could try out what a hash of a body with a password stands for.
    const id = createHash('sha256').update(`${who}\n${key}`).digest('hex');
    const fingerprint = createHmac('sha256', key).update(JSON.stringify(asked)).digest('hex');
    if (this.#underWay.has(id)) return UNDER_WAY;
    this.#underWay.add(id);
    try {
      const { keys, clock } = this.#needs;
      const nowMs = clock.nowMs();
      const known = await keys.begin(id, fingerprint, nowMs, {
        sinceMs: nowMs - KEY_LIFE_MS,
        most: MAX_KEYS,
      });
      return known === undefined ? await this.#first(id, work) : repeat(known, fingerprint);
    } finally {
      this.#underWay.delete(id);
    }
  }

  async #first(id: string, work: () => Promise<Attempt>): Promise<Once | 'nothing'> {
    const answer = await work();
    if (answer === 'nothing') {
      await this.#needs.keys.forget(id);
      return answer;
    }
    const { text, ...head } = answer;
    const isKept = text !== undefined && text.length <= MAX_KEPT_TEXT;
    await this.#needs.keys.answered(id, isKept ? answer : head);
    return { is: 'done', answer };
  }
}

const UNDER_WAY: Once = {
  is: 'refused',
  no: 'under way',
  because: 'the same is under way: ask again when it is over, and its answer comes',
};

function repeat({ fingerprint, answer }: KnownKey, wanted: string): Once {
  if (fingerprint !== wanted)
    return {
      is: 'refused',
      no: 'used for another',
      because: 'this key was sent with another request: each request needs a key of its own',
    };
  if (answer === undefined)
    return {
      is: 'refused',
      no: 'not known',
      because:
        'the server was stopped while it did this, or failed, and whether it is done is not known: look, and ask with another key if it is not',
    };
  if (answer.text === undefined && answer.length > 0)
    return {
      is: 'refused',
      no: 'not known',
      because: `it was done before, with an answer of ${answer.length} characters, which is longer than what is kept: read what is there now`,
    };
  return { is: 'repeated', answer };
}
