/** What was read once, until it is written; a read that a write overtakes is not kept. */
export class CachedRead<T> {
  readonly #read: () => Promise<T>;
  #kept: Promise<T> | undefined;
  #writes = 0;

  constructor(read: () => Promise<T>) {
    this.#read = read;
  }

  get(): Promise<T> {
    if (this.#kept) return this.#kept;
    const reading = this.#read();
    // What is read while it is written may be either; nobody else is told.
    if (this.#writes > 0) return reading;
    this.#kept = reading;
    reading.catch(() => {
      if (this.#kept === reading) this.#kept = undefined;
    });
    return reading;
  }

  /** Until the write is over, everybody reads from the store itself. */
  async whileWriting<Result>(write: () => Promise<Result>): Promise<Result> {
    this.#writes += 1;
    this.#kept = undefined;
    try {
      return await write();
    } finally {
      this.#writes -= 1;
    }
  }
}

/** A store whose reads are remembered, and what remembers them. */
export interface Cached<Store> {
  readonly store: Store;
  readonly reads: Pick<CachedRead<unknown>, 'whileWriting'>;
}

/** What goes along when something of this machine is written. */
export type WhileWritingOne = <T>(machineId: string, write: () => Promise<T>) => Promise<T>;
