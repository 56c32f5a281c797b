export interface WokenReadingNeeds {
  /** Sends a part of what is new. @returns whether there may be more. */
  readonly sendSome: () => Promise<boolean>;
  readonly failed: (error: unknown) => void;
}

/** Sends what is new whenever it is woken, one part after the other, and misses nothing that comes meanwhile. */
export class WokenReading {
  readonly #needs: WokenReadingNeeds;
  #stopped = false;
  #woken = false;
  #reading = false;

  constructor(needs: WokenReadingNeeds) {
    this.#needs = needs;
  }

  get isStopped(): boolean {
    return this.#stopped;
  }

  stop(): void {
    this.#stopped = true;
  }

  wake(): void {
    this.#woken = true;
    if (this.#reading || this.#stopped) return;
    this.#reading = true;
    void this.#readOn();
  }

  async #readOn(): Promise<void> {
    try {
      while (this.#woken && !this.#stopped) {
        this.#woken = false;
        while (await this.#needs.sendSome());
      }
    } catch (error) {
      this.#needs.failed(error);
    } finally {
      this.#reading = false;
    }
  }
}
