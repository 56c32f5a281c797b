/** Seen over so long: shorter jumps about, longer tells what was and not what is. */
const WINDOW_MS = 30_000;
/** Before that, what was seen says nothing of the rest. */
const MIN_MS = 2_000;

/** How fast something goes, by what was seen of it. */
export class Pace {
  #seen: readonly { readonly amount: number; readonly atMs: number }[] = [];

  see(amount: number, atMs: number): void {
    const kept = this.#seen.filter((one) => atMs - one.atMs <= WINDOW_MS);
    this.#seen = [...kept, { amount, atMs }];
  }

  /** Undefined where too little was seen. */
  get perSecond(): number | undefined {
    const [first, last] = [this.#seen[0], this.#seen.at(-1)];
    if (first === undefined || last === undefined || last.atMs - first.atMs < MIN_MS) return undefined;
    return ((last.amount - first.amount) * 1000) / (last.atMs - first.atMs);
  }

  /** Until the whole is there; undefined where nothing moves. */
  secondsTo(whole: number): number | undefined {
    const { perSecond } = this;
    const last = this.#seen.at(-1);
    if (last === undefined || perSecond === undefined || perSecond <= 0) return undefined;
    return Math.ceil(Math.max(0, whole - last.amount) / perSecond);
  }
}
