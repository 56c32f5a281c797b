/** Which requests have no whole answer yet, so that the server can let them finish before it goes. */
export class RequestsUnderWay {
  readonly #open = new Set<object>();
  #whenNone: (() => void) | undefined;

  begin(request: object): void {
    this.#open.add(request);
  }

  /** May be told several times of one request. */
  end(request: object): void {
    this.#open.delete(request);
    if (this.#open.size === 0) this.#whenNone?.();
  }

  /** Resolves when none is left, or when patience ends. */
  async finished(patienceMs: number): Promise<void> {
    if (this.#open.size === 0) return;
    await new Promise<void>((resolve) => {
      const patience = setTimeout(resolve, patienceMs);
      this.#whenNone = () => {
        clearTimeout(patience);
        resolve();
      };
    });
  }
}
