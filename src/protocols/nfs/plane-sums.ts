import type { IpAddress } from '../../lib/addresses.ts';
import type { ThreadTidings } from '../../os/thread-tidings.ts';
import type { FilePart } from './plane-files.ts';
import type { GatheredTidings, SentSum } from './plane-messages.ts';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** What READs got, summed for those who read of it. */
export class PlaneSums {
  readonly #tidings: ThreadTidings<GatheredTidings>;
  readonly #sums = new Map<string, Writable<SentSum>>();

  constructor(tidings: ThreadTidings<GatheredTidings>) {
    this.#tidings = tidings;
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
    this.#tidings.sumBegun(this.#sums.size, nowMs);
  }

  /** What was told is forgotten. */
  take(): readonly SentSum[] {
    const sums = [...this.#sums.values()];
    this.#sums.clear();
    return sums;
  }
}
