/** How long what nobody waits for waits to be told, while nothing else is. */
const LATER_MS = 200;
/** Sums that wait; more are told at once. */
const MAX_SUMS = 4096;
/** Of what is told in words, at one time: nobody would read more. */
const MAX_WORDS = 16;

type RowOf<List> = List extends readonly (infer Row)[] ? Row : never;
/** The same lists, while they are being gathered. */
type Gathered<Lists> = { readonly [Name in keyof Lists]: RowOf<Lists[Name]>[] };

/** What a thread has to tell, gathered in lists until there is a reason to: each message to another thread wakes it. */
export class ThreadTidings<Lists> {
  readonly #empty: () => Gathered<Lists>;
  #gathered: Gathered<Lists>;
  #isUrgent = false;
  #waitsSinceMs = Number.POSITIVE_INFINITY;

  /** @param empty makes the lists, with nothing in them. */
  constructor(empty: () => Gathered<Lists>) {
    this.#empty = empty;
    this.#gathered = empty();
  }

  /** Told at the end of this round. */
  now<Name extends keyof Lists>(name: Name, row: RowOf<Lists[Name]>): void {
    this.#gathered[name].push(row);
    this.#isUrgent = true;
  }

  /** A fault, or what came from outside and made no sense; of many, the first are told. */
  words<Name extends keyof Lists>(
    name: string extends RowOf<Lists[Name]> ? Name : never,
    error: unknown,
  ): void {
    const list: unknown[] = this.#gathered[name];
    if (list.length < MAX_WORDS)
      list.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
    this.#isUrgent = true;
  }

  /** Something is another number now that is told with all else, and soon enough. */
  later(nowMs: number): void {
    this.#waitsSinceMs = Math.min(this.#waitsSinceMs, nowMs);
  }

  /** A sum was begun that is told with all else. @param waiting how many of them there are. */
  sumBegun(waiting: number, nowMs: number): void {
    this.later(nowMs);
    if (waiting >= MAX_SUMS) this.#isUrgent = true;
  }

  /** When something is to be told, of the clock of `nowMs`; infinite for nothing. */
  get dueMs(): number {
    return this.#isUrgent ? 0 : this.#waitsSinceMs + LATER_MS;
  }

  /** All of it; what was told is forgotten. */
  take(): Gathered<Lists> {
    const gathered = this.#gathered;
    this.#gathered = this.#empty();
    this.#isUrgent = false;
    this.#waitsSinceMs = Number.POSITIVE_INFINITY;
    return gathered;
  }
}
