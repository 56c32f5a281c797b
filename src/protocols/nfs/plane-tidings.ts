import type { IpAddress } from '../../lib/addresses.ts';
import type { FilePart } from './plane-files.ts';
import type { DoorState, PlaneQuestion, PlaneTidings, SentSum } from './plane-messages.ts';

/** How long a sum waits to be told, while nothing else is. */
export const SUMS_WAIT_MS = 200;
/** Sums that wait; more are told at once. */
const MAX_SUMS = 4096;
/** Faults told in words at one time. */
const MAX_WORDS = 16;

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** What the thread has to tell, gathered until there is a reason to. */
export class NfsTidings {
  readonly #questions: PlaneQuestion[] = [];
  readonly #sums = new Map<string, Writable<SentSum>>();
  readonly #released: number[] = [];
  readonly #left: number[] = [];
  readonly #dropped: string[] = [];
  readonly #failed: string[] = [];
  #isUrgent = false;
  #waitsSinceMs = Number.POSITIVE_INFINITY;

  question(question: PlaneQuestion): void {
    this.#questions.push(question);
    this.#isUrgent = true;
  }

  sent({ file: { number: file }, length, machineName }: FilePart, client: IpAddress, nowMs: number): void {
    const key = `${file} ${client}`;
    const sum = this.#sums.get(key);
    if (sum) {
      sum.bytes += length;
      sum.reads += 1;
      return;
    }
    this.#sums.set(key, { file, client, machineName, bytes: length, reads: 1 });
    this.#waitsSinceMs = Math.min(this.#waitsSinceMs, nowMs);
    if (this.#sums.size >= MAX_SUMS) this.#isUrgent = true;
  }

  released(file: number): void {
    this.#released.push(file);
    this.#waitsSinceMs = Math.min(this.#waitsSinceMs, 0);
  }

  /** How many there are is told with the next sums. */
  connectionsChanged(nowMs: number): void {
    this.#waitsSinceMs = Math.min(this.#waitsSinceMs, nowMs);
  }

  left(door: number): void {
    this.#left.push(door);
    this.#isUrgent = true;
  }

  dropped(error: unknown): void {
    if (this.#dropped.length < MAX_WORDS) this.#dropped.push(wordsOf(error));
    this.#isUrgent = true;
  }

  failed(error: unknown): void {
    if (this.#failed.length < MAX_WORDS) this.#failed.push(wordsOf(error));
    this.#isUrgent = true;
  }

  /** When something is to be told, of the clock of `nowMs`. */
  get dueMs(): number {
    return this.#isUrgent ? 0 : this.#waitsSinceMs + SUMS_WAIT_MS;
  }

  /** All of it; what was told is forgotten. A file is told as released after all that was sent of it. */
  take(doors: readonly DoorState[]): PlaneTidings {
    const tidings = {
      questions: this.#questions.splice(0),
      sums: [...this.#sums.values()],
      released: this.#released.splice(0),
      left: this.#left.splice(0),
      dropped: this.#dropped.splice(0),
      failed: this.#failed.splice(0),
      doors,
    };
    this.#sums.clear();
    this.#isUrgent = false;
    this.#waitsSinceMs = Number.POSITIVE_INFINITY;
    return tidings;
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
