import type { PlaneQuestion, PlaneRefusal, PlaneTidings } from './plane-messages.ts';
import { ReportPack } from './plane-reports.ts';
import type { PlaneTransfer } from './plane-transfers.ts';
import type { TransferReport } from './server-options.ts';

/** Ended transfers are told together: each message to another thread wakes it. */
const REPORT_MS = 100;
const MAX_REPORTS = 256;
/** Refusals told at once; a flood of them is counted as dropped. */
const MAX_REFUSALS = 256;
const MAX_FAULTS = 16;

/** What a thread of the plane has to tell, until it is told. */
export class Tidings {
  #questions: PlaneQuestion[] = [];
  readonly #ended = new ReportPack();
  #refused: PlaneRefusal[] = [];
  #left: number[] = [];
  #failed: string[] = [];
  readonly #dropped = new Map<number, { count: number; last: string }>();
  /** When something must be told at the latest. */
  dueMs = Infinity;

  ask(question: PlaneQuestion): void {
    this.#questions.push(question);
    this.dueMs = 0;
  }

  ended(
    transfer: PlaneTransfer,
    outcome: TransferReport['outcome'],
    because: string | undefined,
    nowMs: number,
  ): void {
    this.#ended.add(transfer, outcome, because, nowMs);
    this.#soon(this.#ended.size >= MAX_REPORTS ? 0 : nowMs + REPORT_MS);
  }

  refused(refusal: PlaneRefusal, nowMs: number): void {
    if (this.#refused.length >= MAX_REFUSALS)
      return this.dropped(refusal.door, 'a request was refused, of more than can be told', nowMs);
    this.#refused.push(refusal);
    this.#soon(nowMs + REPORT_MS);
  }

  /** How many requests are being served is another number now. */
  changed(nowMs: number): void {
    this.#soon(nowMs + REPORT_MS);
  }

  left(door: number): void {
    this.#left.push(door);
    this.dueMs = 0;
  }

  /** A packet that means nothing here; of many, one is told in words. */
  dropped(door: number, what: string, nowMs: number): void {
    const dropped = this.#dropped.get(door);
    if (dropped) {
      dropped.count += 1;
      dropped.last = what;
    } else {
      this.#dropped.set(door, { count: 1, last: what });
    }
    this.#soon(nowMs + REPORT_MS);
  }

  failed(error: unknown): void {
    if (this.#failed.length >= MAX_FAULTS) return;
    this.#failed.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
    this.dueMs = 0;
  }

  released(): void {
    this.dueMs = 0;
  }

  take(rest: Pick<PlaneTidings, 'released' | 'doors'>): PlaneTidings {
    const tidings = {
      questions: this.#questions,
      ended: this.#ended.take(),
      refused: this.#refused,
      left: this.#left,
      failed: this.#failed,
      dropped: [...this.#dropped].map(([door, { count, last }]) => ({ door, count, last })),
      ...rest,
    };
    this.#questions = [];
    this.#refused = [];
    this.#left = [];
    this.#failed = [];
    this.#dropped.clear();
    this.dueMs = Infinity;
    return tidings;
  }

  #soon(atMs: number): void {
    this.dueMs = Math.min(this.dueMs, atMs);
  }
}
