interface Waiting {
  readonly hold: 'shared' | 'alone';
  readonly begin: () => void;
}

/** Many may hold it at one time, or one alone; in the order in which they came, so that nobody is passed over. */
export class SharedLock {
  readonly #waiting: Waiting[] = [];
  #holders = 0;
  #isAlone = false;

  async hold<T>(hold: 'shared' | 'alone', work: () => Promise<T>): Promise<T> {
    await this.#take(hold);
    try {
      return await work();
    } finally {
      this.#holders -= 1;
      this.#isAlone = false;
      this.#beginNext();
    }
  }

  /** Nobody holds it or waits for it. */
  get isFree(): boolean {
    return this.#holders === 0 && this.#waiting.length === 0;
  }

  async #take(hold: Waiting['hold']): Promise<void> {
    await new Promise<void>((begin) => {
      this.#waiting.push({ hold, begin });
      this.#beginNext();
    });
  }

  #beginNext(): void {
    for (let next = this.#waiting[0]; next && this.#mayBegin(next); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#holders += 1;
      this.#isAlone = next.hold === 'alone';
      next.begin();
    }
  }

  #mayBegin({ hold }: Waiting): boolean {
    return hold === 'alone' ? this.#holders === 0 : !this.#isAlone;
  }
}
