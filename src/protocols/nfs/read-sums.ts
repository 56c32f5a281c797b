import type { NfsExport } from './exports.ts';
import type { TreeNode } from '../../lib/file-tree.ts';
import type { RpcCaller } from './rpc.ts';

/** What a client has read of a file, summed up until it is quiet: a READ by itself is nothing to tell. */
export interface ReadSum {
  readonly client: Pick<RpcCaller, 'address' | 'machineName'>;
  readonly export: NfsExport;
  readonly node: TreeNode;
  readonly bytes: number;
  readonly reads: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

export interface ReadSumLimits {
  /** Without a READ of that file by that client. */
  readonly quietMs: number;
  /** A system that reads its root all day is told of now and then. */
  readonly longestMs: number;
  /** Sums under way; of more, the one that was begun first is told early. */
  readonly sums: number;
}

export const READ_SUM_LIMITS: ReadSumLimits = { quietMs: 15_000, longestMs: 600_000, sums: 2048 };

type Growing = { -readonly [Field in keyof ReadSum]: ReadSum[Field] };

export class ReadSums {
  readonly #limits: ReadSumLimits;
  readonly #tell: (sum: ReadSum) => void;
  readonly #sums = new Map<string, Growing>();

  constructor(tell: (sum: ReadSum) => void, limits: ReadSumLimits = READ_SUM_LIMITS) {
    this.#tell = tell;
    this.#limits = limits;
  }

  add(read: Pick<ReadSum, 'client' | 'export' | 'node' | 'bytes' | 'reads'>, nowMs: number): void {
    const key = `${read.client.address} ${read.export.number} ${read.node.id}`;
    const known = this.#sums.get(key);
    if (known) {
      known.bytes += read.bytes;
      known.reads += read.reads;
      known.lastMs = nowMs;
      return;
    }
    this.#sums.set(key, { ...read, firstMs: nowMs, lastMs: nowMs });
    if (this.#sums.size <= this.#limits.sums) return;
    const [oldest] = this.#sums;
    if (oldest !== undefined) this.#end(...oldest);
  }

  /** Tells of those that are over. To be called now and then. */
  tellQuiet(nowMs: number): void {
    const { quietMs, longestMs } = this.#limits;
    for (const [key, sum] of this.#sums) {
      if (nowMs - sum.lastMs >= quietMs || nowMs - sum.firstMs >= longestMs) this.#end(key, sum);
    }
  }

  tellAll(): void {
    for (const [key, sum] of this.#sums) this.#end(key, sum);
  }

  #end(key: string, sum: Growing): void {
    this.#sums.delete(key);
    this.#tell(sum);
  }
}
