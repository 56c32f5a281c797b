import { MAX_READS_OF_PXELINUX } from '../../core/scripts/script-language.ts';
import { BoundedCache } from '../../lib/bounded-cache.ts';

/** How often each machine that waits has read its menu in this boot; who was silent for longest is forgotten first. */
export class WaitingReads {
  readonly #reads: BoundedCache<string, number>;

  /** @param max machines that are remembered at one time. */
  constructor(max: number) {
    this.#reads = new BoundedCache(max, () => 1);
  }

  /** It reads once more. @returns whether a pxelinux is worn by that, and is to be started anew. */
  wears(key: string): boolean {
    const reads = (this.#reads.get(key) ?? 0) + 1;
    this.#reads.set(key, reads);
    return reads % MAX_READS_OF_PXELINUX === 0;
  }

  /** It boots: what it reads from now on is counted anew. */
  forget(key: string): void {
    this.#reads.forget(key);
  }
}
