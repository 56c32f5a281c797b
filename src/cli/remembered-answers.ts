/** Answers that are shown again and again: the same is asked once. */
export class RememberedAnswers {
  readonly #answers = new Map<string, Promise<unknown>>();

  /** @param question all that makes the answer what it is. */
  async get<Answer>(question: string, ask: () => Promise<Answer>): Promise<Answer> {
    const known = this.#answers.get(question) as Promise<Answer> | undefined;
    if (known) return await known;
    const asked = ask();
    this.#answers.set(question, asked);
    try {
      return await asked;
    } catch (error) {
      // A "no" may be another answer the next time.
      this.#answers.delete(question);
      throw error;
    }
  }
}
