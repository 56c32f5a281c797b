/**
 * What is being looked up before it can stand in the timeline. A door that closes waits for it, so that the store is
 * not closed under it; as many as transfers and refusals that end at the same time, which have limits of their own.
 */
export class Tellings {
  readonly #underWay = new Set<Promise<void>>();
  readonly #failed: (error: unknown) => void;

  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  follow(telling: Promise<void>): void {
    const over = telling.catch(this.#failed).finally(() => this.#underWay.delete(over));
    this.#underWay.add(over);
  }

  /** Resolves when all that was followed so far is over. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay);
  }
}
