import { Turns } from '../../lib/turns.ts';

/** So many at once, and one at a time for each key; who comes later waits for a place, but not for the key. */
export class PowerSlots {
  readonly #busy = new Map<string, string>();
  readonly #work = new Set<Promise<unknown>>();
  readonly #places: Turns;

  constructor(max: number) {
    this.#places = new Turns(max);
  }

  /** What is under way for the key. */
  underWay(key: string): string | undefined {
    return this.#busy.get(key);
  }

  /** @throws RangeError where something is under way for the key: ask `underWay` first. */
  run<T>(key: string, what: string, work: () => Promise<T>): Promise<T> {
    if (this.#busy.has(key))
      throw new RangeError(`"${what}" of ${key} was begun beside "${this.#busy.get(key) ?? ''}"`);
    this.#busy.set(key, what);
    const running = this.#places.take(work).finally(() => {
      this.#busy.delete(key);
      this.#work.delete(running);
    });
    this.#work.add(running);
    return running;
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#work.size > 0) await Promise.allSettled(this.#work);
  }
}
