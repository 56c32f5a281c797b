import type { Clock } from '../lib/clock.ts';

/** What files are sent over. */
export type SentOver = 'tftp' | 'http' | 'ftp' | 'nfs';

export interface ThroughputSample {
  readonly atMs: number;
  /** The mean since the sample before. */
  readonly bytesPerSecond: Readonly<Record<SentOver, number>>;
}

export interface ThroughputNeeds {
  readonly clock: Clock;
  /** Bytes sent since the start, which only grow. */
  readonly sentBytes: Readonly<Record<SentOver, () => number>>;
}

export const SAMPLE_EVERY_MS = 5_000;
/** Ten minutes of them. */
export const MAX_SAMPLES = 120;

/** Bytes sent to machines in the last minutes, by protocol: a few numbers each, in memory only. */
export class Throughput {
  readonly #needs: ThroughputNeeds;
  #samples: readonly ThroughputSample[] = [];
  #last: { readonly atMs: number; readonly bytes: Readonly<Record<SentOver, number>> };
  #timer: NodeJS.Timeout | undefined;

  constructor(needs: ThroughputNeeds) {
    this.#needs = needs;
    this.#last = this.#read();
  }

  /** Oldest first. */
  get samples(): readonly ThroughputSample[] {
    return this.#samples;
  }

  start(): void {
    this.#timer ??= setInterval(() => this.take(), SAMPLE_EVERY_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** One more sample. A clock that stood still or went back gives none. */
  take(): void {
    const [before, now] = [this.#last, this.#read()];
    this.#last = now;
    const seconds = (now.atMs - before.atMs) / 1000;
    if (seconds <= 0) return;
    const rate = (over: SentOver): number => Math.max(0, now.bytes[over] - before.bytes[over]) / seconds;
    const bytesPerSecond = { tftp: rate('tftp'), http: rate('http'), ftp: rate('ftp'), nfs: rate('nfs') };
    this.#samples = [...this.#samples, { atMs: now.atMs, bytesPerSecond }].slice(-MAX_SAMPLES);
  }

  #read(): { readonly atMs: number; readonly bytes: Readonly<Record<SentOver, number>> } {
    const { tftp, http, ftp, nfs } = this.#needs.sentBytes;
    return {
      atMs: this.#needs.clock.nowMs(),
      bytes: { tftp: tftp(), http: http(), ftp: ftp(), nfs: nfs() },
    };
  }
}
