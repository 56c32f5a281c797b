import type { Worker } from 'node:worker_threads';
import type { LintInput } from '../../core/answers/lint/finding.ts';
import type { TemplateJob, TemplateOutcome } from '../../core/answers/template-job.ts';
import { startThread } from '../../os/start-thread.ts';
import type { HashOutcome, LintOutcome, WorkMessage, WorkTidings } from './answer-work.ts';

/**
 * One piece of work's time by the clock. The engine's steps end most that goes on for ever after 100 ms; a template
 * that copies megabytes in each step is ended by this.
 */
export const MAX_WORK_MS = 2_000;
/** Until the thread has the engine; a computer that does nothing else needs 50 ms. */
const MAX_START_MS = 20_000;
/** Work that waits: a room of machines that ask at once, and each answer file takes some 0.3 ms. */
export const MAX_WAITING = 1_000;
/** The thread ends when there was nothing to do for so long, and its memory with it. */
const MAX_IDLE_MS = 60_000;
/** Of the thread's JavaScript; the engine's own memory has its limit in `load-template-engine.ts`. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 };

interface Waiting {
  readonly message: WorkMessage;
  readonly settle: (end: End) => void;
}

/** What the thread said, or why it said nothing. */
type End = { readonly outcome: unknown } | { readonly because: string };

/** Works on answer files in a thread of its own, which is replaced when a template breaks it or does not end. */
export class AnswerWorker {
  readonly #waiting: Waiting[] = [];
  #worker: Worker | undefined;
  /** What the thread works on. */
  #current: Waiting | undefined;
  #isReady = false;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  /** Never rejects: what is wrong with the template, and what is wrong with the thread, is in the outcome. */
  readonly render = async (job: TemplateJob): Promise<TemplateOutcome> => {
    const end = await this.#run({ kind: 'render', job });
    if ('outcome' in end) return end.outcome as TemplateOutcome;
    return { made: false, because: end.because.replace(IT, job.name) };
  };

  /** What is wrong with an answer file. */
  readonly lint = async (job: LintInput): Promise<LintOutcome> => {
    const end = await this.#run({ kind: 'lint', job });
    return 'outcome' in end ? (end.outcome as LintOutcome) : { linted: false, because: end.because };
  };

  /** The hash of a password, as installers take it. */
  readonly hash = async (password: string): Promise<HashOutcome> => {
    const end = await this.#run({ kind: 'hash', job: { password } });
    return 'outcome' in end ? (end.outcome as HashOutcome) : { hashed: false, because: end.because };
  };

  /** What waits is refused. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const left = [...(this.#current ? [this.#current] : []), ...this.#waiting.splice(0)];
    this.#current = undefined;
    for (const { settle } of left) settle(STOPPED);
    await this.#endWorker();
  }

  #run(message: WorkMessage): Promise<End> {
    if (this.#isClosed) return Promise.resolve(STOPPED);
    if (this.#waiting.length >= MAX_WAITING) {
      const because = `${MAX_WAITING} answer files wait to be rendered already: ask again in a moment`;
      return Promise.resolve({ because });
    }
    return new Promise((settle) => {
      this.#waiting.push({ message, settle });
      this.#next();
    });
  }

  #next(): void {
    if (this.#current || this.#waiting.length === 0) return;
    if (!this.#worker) this.#start();
    if (!this.#isReady) return;
    this.#current = this.#waiting.shift();
    this.#within(MAX_WORK_MS, () =>
      this.#replace({ because: `it took longer than ${MAX_WORK_MS} ms: look for what it repeats` }),
    );
    this.#worker?.postMessage(this.#current?.message);
  }

  #start(): void {
    const worker = startThread({
      name: 'answer',
      source: new URL('./answer-thread.ts', import.meta.url),
      begin: undefined,
      resourceLimits: RESOURCE_LIMITS,
    });
    this.#worker = worker;
    this.#isReady = false;
    // Whoever waits for an outcome keeps the process alive, by a socket of its own.
    worker.unref();
    worker.on('message', (tidings: WorkTidings) => {
      if (worker === this.#worker) this.#told(tidings);
    });
    worker.on('error', (error) => this.#fell(worker, error));
    worker.on('exit', () => this.#fell(worker, undefined));
    this.#within(MAX_START_MS, () => this.#fell(worker, new Error('it did not start')));
  }

  #told(tidings: WorkTidings): void {
    if (tidings.is === 'broken') {
      this.#replace(tidings);
      return;
    }
    if (tidings.is === 'ready') this.#isReady = true;
    else this.#settle(tidings);
    this.#within(MAX_IDLE_MS, () => void this.#endWorker());
    this.#next();
  }

  /** The thread ended by itself: out of memory for its JavaScript, by a fault of ours, or it could not start. */
  #fell(worker: Worker, error: unknown): void {
    if (worker !== this.#worker) return;
    if (this.#current) {
      this.#replace({ because: whyFell(error) });
      return;
    }
    const reason = error instanceof Error ? error.message : 'it ended';
    const left = this.#waiting.splice(0);
    void this.#endWorker();
    for (const { settle } of left)
      settle({ because: `the thread that renders answer files cannot run: ${reason}` });
  }

  #replace(end: End): void {
    void this.#endWorker();
    this.#settle(end);
    this.#next();
  }

  #settle(end: End): void {
    const settled = this.#current;
    this.#current = undefined;
    settled?.settle(end);
  }

  #within(ms: number, otherwise: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(otherwise, ms);
    this.#timer.unref();
  }

  async #endWorker(): Promise<void> {
    clearTimeout(this.#timer);
    const worker = this.#worker;
    this.#worker = undefined;
    this.#isReady = false;
    await worker?.terminate();
  }
}

/** @param error what the thread threw: its own words may hold what it worked on, and are not repeated. */
function whyFell(error: unknown): string {
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return 'it took more memory than it may have';
  const what = error instanceof Error ? (code ?? error.name) : 'without a word';
  return `it made the thread that works on answer files end (${what}), which is a fault of Muster: please report it`;
}

const STOPPED = { because: 'the server is being stopped' } as const;
/** Where a reason speaks of the work, the template's name stands in an outcome. */
const IT = /^it(?= (?:took|made) )/;
