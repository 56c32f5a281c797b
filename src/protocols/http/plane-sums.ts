import type { IpAddress } from '../../lib/addresses.ts';
import type { ThreadTidings } from '../../os/thread-tidings.ts';
import type { PlaneAnswer } from './plane-answer.ts';
import type { PlaneTidings, SentSum } from './plane-messages.ts';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** What was sent, for those who read of it: each time of some files, and sums of the others. */
export class PlaneSums {
  readonly #tidings: ThreadTidings<Pick<PlaneTidings, 'sent'>>;
  readonly #sums = new Map<string, Writable<SentSum>>();

  constructor(tidings: ThreadTidings<Pick<PlaneTidings, 'sent'>>) {
    this.#tidings = tidings;
  }

  ended(client: IpAddress, answer: PlaneAnswer, how: 'complete' | 'broken off', nowMs: number): void {
    if (!answer.hasBody) return;
    const { file, status, sent: bytes } = answer;
    const milliseconds = nowMs - answer.startedMs;
    const isComplete = how === 'complete';
    if (file.tell === 'each') {
      this.#tidings.now('sent', { file: file.number, client, status, bytes, isComplete, milliseconds });
      return;
    }
    const key = `${file.number} ${client}`;
    let sum = this.#sums.get(key);
    if (!sum) {
      sum = { file: file.number, client, complete: 0, brokenOff: 0, bytes: 0, milliseconds: 0 };
      this.#sums.set(key, sum);
      this.#tidings.sumBegun(this.#sums.size, nowMs);
    }
    if (isComplete) sum.complete += 1;
    else sum.brokenOff += 1;
    sum.bytes += bytes;
    sum.milliseconds = Math.max(sum.milliseconds, milliseconds);
  }

  /** What was told is forgotten. */
  take(): readonly SentSum[] {
    const sums = [...this.#sums.values()];
    this.#sums.clear();
    return sums;
  }
}
