/** Different words a tally keeps; a stranger's words may not fill the memory, nor the metrics. */
export const MAX_TALLY_WORDS = 64;
/** What counts the words beyond that. */
export const OTHER_WORDS = 'other';

/** How often each word was counted since the start. Words are our own: kinds and reasons, never what a client sent. */
export class Tally<Word extends string = string> {
  readonly #counts = new Map<Word | typeof OTHER_WORDS, number>();

  count(word: Word, by = 1): void {
    const known = this.#counts.get(word);
    if (known === undefined && this.#counts.size >= MAX_TALLY_WORDS) {
      this.#counts.set(OTHER_WORDS, (this.#counts.get(OTHER_WORDS) ?? 0) + by);
    } else {
      this.#counts.set(word, (known ?? 0) + by);
    }
  }

  /** By word, in the order they were first counted. */
  get counts(): ReadonlyMap<Word | typeof OTHER_WORDS, number> {
    return this.#counts;
  }
}
