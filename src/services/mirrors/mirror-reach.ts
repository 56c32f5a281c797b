/** After an upstream could not be reached, in milliseconds, before it is asked again for what is not here. */
export const ASK_AGAIN_MS = 15_000;

export interface Unreachable {
  readonly sinceMs: number;
  readonly because: string;
}

/** Whether an upstream can be reached, as its answers showed; each change is told once. */
export class MirrorReach {
  readonly #nowMs: () => number;
  readonly #changed: (now: Unreachable | undefined) => void;
  #unreachable: Unreachable | undefined;
  #askAgainAtMs = 0;

  constructor(nowMs: () => number, changed: (now: Unreachable | undefined) => void) {
    this.#nowMs = nowMs;
    this.#changed = changed;
  }

  /** Undefined while it can be reached, as far as is known. */
  get unreachable(): Unreachable | undefined {
    return this.#unreachable;
  }

  /** Not worth a try now: it failed a moment ago, and whoever waits would only wait as long. */
  get restsNow(): boolean {
    const restMs = this.#askAgainAtMs - this.#nowMs();
    return this.#unreachable !== undefined && restMs > 0 && restMs <= ASK_AGAIN_MS;
  }

  answered(): void {
    if (this.#unreachable === undefined) return;
    this.#unreachable = undefined;
    this.#changed(undefined);
  }

  failed(because: string): void {
    this.#askAgainAtMs = this.#nowMs() + ASK_AGAIN_MS;
    const isNew = this.#unreachable === undefined;
    this.#unreachable = { sinceMs: this.#unreachable?.sinceMs ?? this.#nowMs(), because };
    if (isNew) this.#changed(this.#unreachable);
  }

  /** Somebody says that it is worth a try. */
  askAgain(): void {
    this.#askAgainAtMs = 0;
  }
}
