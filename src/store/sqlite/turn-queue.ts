import { StoreError } from '../store-error.ts';

/** Calls that wait for the connection at most; more are refused, so that a flood cannot fill the memory. */
export const MAX_WAITING_CALLS = 10_000;

/** Gives one connection to one caller at a time, in the order in which they came. */
export class TurnQueue {
  #taken = false;
  #closed = false;
  /** Those that wait; the ones before `#next` have had their turn. */
  #waiting: (() => void)[] = [];
  #next = 0;

  /**
   * Resolves when it is the caller's turn, who ends it with `release`.
   *
   * @throws StoreError when too many wait, or after `close`.
   */
  acquire(): Promise<void> {
    if (this.#closed) {
      return Promise.reject(new StoreError('closed', 'The database is closed', 'start Muster again'));
    }
    if (this.#waiting.length - this.#next >= MAX_WAITING_CALLS) {
      return Promise.reject(
        new StoreError(
          'overloaded',
          `More than ${MAX_WAITING_CALLS} calls wait for the database`,
          'try again later, and see whether its disk is slow',
        ),
      );
    }
    return this.#join();
  }

  release(): void {
    const resolve = this.#waiting[this.#next];
    if (!resolve) {
      this.#taken = false;
      this.#waiting = [];
      this.#next = 0;
      return;
    }
    this.#next += 1;
    // Give the memory of past turns back once it is half of the list, so that a queue that never empties stays small.
    if (this.#next * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#next);
      this.#next = 0;
    }
    resolve();
  }

  /** Resolves when everybody who came before has had their turn; refuses all who come after. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    // The last turn of all, also where the queue is full; it is never given back.
    await this.#join();
  }

  #join(): Promise<void> {
    if (this.#taken) return new Promise((resolve) => this.#waiting.push(resolve));
    this.#taken = true;
    return Promise.resolve();
  }
}
