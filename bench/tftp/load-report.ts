/** What a TFTP load is, and what came of it: the words between the suite and its load program. */

export interface TftpLoad {
  readonly server: string;
  readonly port: number;
  readonly fileName: string;
  /** Where the file lies, for comparing. */
  readonly filePath: string;
  readonly clients: number;
  /** Transfers in all; clients take the next one until all are done ... */
  readonly transfers: number;
  /** ... or this time is over. */
  readonly limitSeconds: number;
  readonly blockBytes: number;
  readonly windowBlocks: number;
  /** Share of the packets of each direction that is dropped, from 0 to 1. */
  readonly loss: number;
  /** How long each packet to a client is held back. */
  readonly delayMs: number;
  readonly seed: number;
}

export interface TftpLoadReport {
  /** From the first request to the end of the last transfer, or to the limit. */
  readonly seconds: number;
  /** Bytes that were received and were right, those of unfinished transfers included. */
  readonly bytes: number;
  readonly finished: number;
  readonly failed: number;
  /** Transfers under way when the time was over. */
  readonly brokenOff: number;
  /** Of the first that failed, at most a few. */
  readonly failures: readonly string[];
  /** Packets a client sent again because nothing came. */
  readonly repetitions: number;
  /** Of finished transfers, from request to end; undefined when there are none. */
  readonly latencyMs?: {
    readonly p50: number;
    readonly p95: number;
    readonly p99: number;
    readonly max: number;
  };
  /** Processor time of the load program itself. */
  readonly clientCpuSeconds: number;
}
