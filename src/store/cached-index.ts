import { MachineIndex } from '../core/machines/machine-index.ts';
import type { Machine } from '../core/machines/machine.ts';
import { CachedRead } from './cached-read.ts';

export interface CachedIndexNeeds {
  readonly all: () => Promise<readonly Machine[]>;
  readonly byId: (id: string) => Promise<Machine | undefined>;
}

/** One reading of all machines, and which of them were written since. */
interface Reading {
  readonly index: MachineIndex;
  readonly written: Set<string>;
  /** Those that were written are read in turn, so that what is newer is never followed by what is older. */
  refreshing: Promise<void>;
}

/**
 * All machines in memory. Of one that was written, that one is read anew: to read all of them took a third of a second
 * with 10,000, after each change, before the next packet was answered.
 */
export class CachedIndex {
  readonly #needs: CachedIndexNeeds;
  readonly #all: CachedRead<Reading>;
  #reading: Reading | undefined;

  constructor(needs: CachedIndexNeeds) {
    this.#needs = needs;
    this.#all = new CachedRead(() => this.#read());
  }

  async get(): Promise<MachineIndex> {
    const reading = await this.#all.get();
    if (reading.written.size > 0) reading.refreshing = this.#refreshAfter(reading);
    await reading.refreshing;
    return reading.index;
  }

  /** Writes whichever machines: all are read anew. */
  whileWriting<Result>(write: () => Promise<Result>): Promise<Result> {
    return this.#all.whileWriting(write);
  }

  /** Writes these machines and no others. Meanwhile they may be told as they were. */
  async whileWritingSome<Result>(ids: readonly string[], write: () => Promise<Result>): Promise<Result> {
    try {
      return await write();
    } finally {
      for (const id of ids) this.#reading?.written.add(id);
    }
  }

  async #read(): Promise<Reading> {
    const written = new Set<string>();
    const before = this.#reading;
    // What is written while all are read may be missing in them.
    const pending: Reading = { index: new MachineIndex([]), written, refreshing: Promise.resolve() };
    this.#reading = pending;
    try {
      for (const machine of await this.#needs.all()) pending.index.put(machine);
      return pending;
    } catch (error) {
      if (this.#reading === pending) this.#reading = before;
      throw error;
    }
  }

  async #refreshAfter({ index, written, refreshing }: Reading): Promise<void> {
    const ids = [...written];
    written.clear();
    try {
      // Whoever waited for it was told that it failed.
      await refreshing.catch(() => undefined);
      for (const id of ids) {
        const machine = await this.#needs.byId(id);
        if (machine) index.put(machine);
        else index.remove(id);
      }
    } catch (error) {
      for (const id of ids) written.add(id);
      throw error;
    }
  }
}
