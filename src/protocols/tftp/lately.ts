export interface LatelyLimits {
  readonly keepMs: number;
  /** Keys that are remembered at most; the one that was set longest ago is forgotten. */
  readonly keys: number;
}

/** What was learned a short while ago, and no longer holds after that. */
export class Lately<Key, Value> {
  readonly #limits: LatelyLimits;
  /** In the order in which they were set. */
  readonly #known = new Map<Key, { readonly value: Value; readonly untilMs: number }>();

  constructor(limits: LatelyLimits) {
    this.#limits = limits;
  }

  of(key: Key, nowMs: number): Value | undefined {
    const known = this.#known.get(key);
    return known && known.untilMs > nowMs ? known.value : undefined;
  }

  set(key: Key, value: Value, nowMs: number): void {
    this.#known.delete(key);
    this.#known.set(key, { value, untilMs: nowMs + this.#limits.keepMs });
    if (this.#known.size <= this.#limits.keys) return;
    const [oldest] = this.#known.keys();
    if (oldest !== undefined) this.#known.delete(oldest);
  }
}
