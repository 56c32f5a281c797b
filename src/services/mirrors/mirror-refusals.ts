import { type Answered, no, type Refused } from './mirror-answer.ts';

/** The upstream is not asked again for so long for what it has not, or has wrong: installers try many names. */
const REMEMBER_MS = 30_000;
const MAX_REMEMBERED = 4096;

/** What was refused a moment ago. */
export class MirrorRefusals {
  readonly #nowMs: () => number;
  /** The oldest first. */
  readonly #refused = new Map<string, { readonly refused: Refused; readonly atMs: number }>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  find(path: string): Refused | undefined {
    const known = this.#refused.get(path);
    // A clock that was set back must not keep it for years.
    if (known !== undefined && Math.abs(this.#nowMs() - known.atMs) <= REMEMBER_MS) return known.refused;
    this.#refused.delete(path);
    return undefined;
  }

  remember(path: string, { no: kind, because }: Refused): Answered {
    const refused = no(kind, because);
    this.#refused.delete(path);
    this.#refused.set(path, { refused, atMs: this.#nowMs() });
    const [oldest] = this.#refused.keys();
    if (this.#refused.size > MAX_REMEMBERED && oldest !== undefined) this.#refused.delete(oldest);
    return refused;
  }

  clear(): void {
    this.#refused.clear();
  }
}
