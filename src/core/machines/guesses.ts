/**
 * How often one card may say something else of itself. A machine says one thing in each boot, so many different
 * ones are guesses at who is not here yet; what is beyond the limit is not believed.
 */

/** Different things one card may say of itself within `GUESS_MEMORY_MS`. */
export const MAX_GUESSES = 8;
export const GUESS_MEMORY_MS = 3_600_000;
/** Cards that are remembered; when there are more, the oldest are forgotten. */
export const MAX_GUESSERS = 16_384;

interface Guesser {
  readonly sinceMs: number;
  readonly said: Set<string>;
}

export class Guesses {
  readonly #guessers = new Map<string, Guesser>();

  /** Time is handed in; a clock that was set back begins anew. */
  mayClaim(card: string, claim: string, nowMs: number): boolean {
    const known = this.#guessers.get(card);
    const isFresh = known !== undefined && nowMs >= known.sinceMs && nowMs - known.sinceMs < GUESS_MEMORY_MS;
    const guesser = isFresh ? known : this.#begin(card, nowMs);
    if (guesser.said.has(claim)) return true;
    if (guesser.said.size >= MAX_GUESSES) return false;
    guesser.said.add(claim);
    return true;
  }

  #begin(card: string, nowMs: number): Guesser {
    // The newest stand last.
    this.#guessers.delete(card);
    const guesser = { sinceMs: nowMs, said: new Set<string>() };
    this.#guessers.set(card, guesser);
    if (this.#guessers.size > MAX_GUESSERS) {
      const [oldest] = this.#guessers.keys();
      if (oldest !== undefined) this.#guessers.delete(oldest);
    }
    return guesser;
  }
}
