/** Names whose file is known at one time; the one that was learned first makes room. */
const MAX_KNOWN_FILES = 2048;

interface Held<File> {
  readonly file: File;
  /** Answers under way. */
  uses: number;
  /** A name leads to it. */
  isKnown: boolean;
}

interface Known<File, Other> {
  /** Undefined where it is no file, but `other`. */
  readonly held: Held<File> | undefined;
  readonly other: Other | undefined;
  readonly untilMs: number;
}

/**
 * Which file a name leads to, for as long as that is sure, and which files are in use.
 *
 * @typeParam Other what a name may lead to that is no file.
 */
export class KnownFiles<File extends { readonly number: number }, Other = never> {
  readonly #known = new Map<string, Known<File, Other>>();
  readonly #held = new Map<number, Held<File>>();
  readonly #release: (file: number) => void;
  readonly #most: number;

  /** @param release told of each file once, when nobody needs it any more. */
  constructor(release: (file: number) => void, most: number = MAX_KNOWN_FILES) {
    this.#release = release;
    this.#most = most;
  }

  /** Undefined where it must be asked for. */
  find(name: string, nowMs: number): File | Other | undefined {
    const known = this.#known.get(name);
    if (known === undefined || known.untilMs <= nowMs) return undefined;
    return known.held ? known.held.file : known.other;
  }

  learn(name: string, file: File, untilMs: number): void {
    const held = { file, uses: 0, isKnown: true };
    this.#held.set(file.number, held);
    this.#know(name, { held, other: undefined, untilMs });
  }

  learnOther(name: string, other: Other, untilMs: number): void {
    this.#know(name, { held: undefined, other, untilMs });
  }

  /** It stays open until `end`. */
  begin({ number }: File): void {
    const held = this.#held.get(number);
    if (held) held.uses += 1;
  }

  end({ number }: File): void {
    const held = this.#held.get(number);
    if (!held) return;
    held.uses -= 1;
    this.#releaseUnused(held);
  }

  /** Its bytes are not what they were: it is asked for anew. */
  forget({ number }: File): void {
    for (const [name, { held }] of this.#known) if (held?.file.number === number) this.#forget(name);
  }

  /** What is no longer sure. To be called now and then. */
  forgetOld(nowMs: number): void {
    for (const [name, { untilMs }] of this.#known) if (untilMs <= nowMs) this.#forget(name);
  }

  /** All that is not in use; for when the last door is left. */
  forgetAll(): void {
    this.forgetOld(Number.POSITIVE_INFINITY);
  }

  #know(name: string, known: Known<File, Other>): void {
    this.#forget(name);
    this.#known.set(name, known);
    if (this.#known.size <= this.#most) return;
    const [oldest] = this.#known.keys();
    if (oldest !== undefined) this.#forget(oldest);
  }

  #forget(name: string): void {
    const held = this.#known.get(name)?.held;
    this.#known.delete(name);
    if (held === undefined) return;
    held.isKnown = false;
    this.#releaseUnused(held);
  }

  #releaseUnused({ isKnown, uses, file: { number } }: Held<File>): void {
    if (isKnown || uses > 0) return;
    if (this.#held.delete(number)) this.#release(number);
  }
}
