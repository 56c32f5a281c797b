/** Those who want to be told of something. */
export class Listeners<T> {
  readonly #all = new Set<(value: T) => void>();

  /** @returns what takes it away again. */
  add(listener: (value: T) => void): () => void {
    this.#all.add(listener);
    return () => this.#all.delete(listener);
  }

  get isEmpty(): boolean {
    return this.#all.size === 0;
  }

  tell(value: T): void {
    for (const listener of this.#all) listener(value);
  }
}
