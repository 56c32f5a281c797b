import type { IpAddress } from '../../lib/addresses.ts';
import type { PlaneAnswer } from './plane-answer.ts';
import type {
  DoorState,
  HandedOver,
  PlaneQuestion,
  PlaneTidings,
  SentFile,
  SentSum,
} from './plane-messages.ts';

/** How long a sum waits to be told, while nothing else is. */
export const SUMS_WAIT_MS = 200;
/** Sums that wait; more are told at once. */
const MAX_SUMS = 4096;
/** Faults told in words at one time. */
const MAX_FAILED = 16;

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** What a thread has to tell, gathered until there is a reason to. */
export class HttpTidings {
  readonly #questions: PlaneQuestion[] = [];
  readonly #handedOver: HandedOver[] = [];
  readonly #sent: SentFile[] = [];
  readonly #sums = new Map<string, Writable<SentSum>>();
  readonly #released: number[] = [];
  readonly #left: number[] = [];
  readonly #failed: string[] = [];
  #isUrgent = false;
  #waitsSinceMs = Number.POSITIVE_INFINITY;

  question(question: PlaneQuestion): void {
    this.#questions.push(question);
    this.#isUrgent = true;
  }

  handOver(handedOver: HandedOver): void {
    this.#handedOver.push(handedOver);
    this.#isUrgent = true;
  }

  released(file: number): void {
    this.#released.push(file);
    this.#waitsSinceMs = Math.min(this.#waitsSinceMs, 0);
  }

  /** How many connections there are is told with the next sums. */
  connectionsChanged(nowMs: number): void {
    this.#waitsSinceMs = Math.min(this.#waitsSinceMs, nowMs);
  }

  left(door: number): void {
    this.#left.push(door);
    this.#isUrgent = true;
  }

  failed(error: unknown): void {
    if (this.#failed.length >= MAX_FAILED) return;
    this.#failed.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
    this.#isUrgent = true;
  }

  ended(
    door: number,
    client: IpAddress,
    answer: PlaneAnswer,
    how: 'complete' | 'broken off',
    nowMs: number,
  ): void {
    if (!answer.hasBody) return;
    const { file, status, sent: bytes } = answer;
    const milliseconds = nowMs - answer.startedMs;
    const isComplete = how === 'complete';
    if (file.tell === 'each') {
      this.#sent.push({ door, file: file.number, client, status, bytes, isComplete, milliseconds });
      this.#isUrgent = true;
      return;
    }
    const key = `${file.number} ${client}`;
    let sum = this.#sums.get(key);
    if (!sum) {
      sum = { door, file: file.number, client, complete: 0, brokenOff: 0, bytes: 0, milliseconds: 0 };
      this.#sums.set(key, sum);
      this.#waitsSinceMs = Math.min(this.#waitsSinceMs, nowMs);
      if (this.#sums.size >= MAX_SUMS) this.#isUrgent = true;
    }
    if (isComplete) sum.complete += 1;
    else sum.brokenOff += 1;
    sum.bytes += bytes;
    sum.milliseconds = Math.max(sum.milliseconds, milliseconds);
  }

  /** When something is to be told, of the clock of `nowMs`. */
  get dueMs(): number {
    return this.#isUrgent ? 0 : this.#waitsSinceMs + SUMS_WAIT_MS;
  }

  /** All of it; what was told is forgotten. A file is told as released after all that was sent of it. */
  take(doors: readonly DoorState[]): PlaneTidings {
    const tidings = {
      questions: this.#questions.splice(0),
      handedOver: this.#handedOver.splice(0),
      sent: this.#sent.splice(0),
      sums: [...this.#sums.values()],
      released: this.#released.splice(0),
      left: this.#left.splice(0),
      failed: this.#failed.splice(0),
      doors,
    };
    this.#sums.clear();
    this.#isUrgent = false;
    this.#waitsSinceMs = Number.POSITIVE_INFINITY;
    return tidings;
  }
}
