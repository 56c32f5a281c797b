import type { Worker } from 'node:worker_threads';
import type { TemplateJob, TemplateOutcome } from '../core/answers/template-job.ts';
import { startThread } from '../os/start-thread.ts';

export type RenderTidings =
  | { readonly is: 'ready' }
  | { readonly is: 'outcome'; readonly outcome: TemplateOutcome };

/**
 * One render's time by the clock. The engine's steps end most that goes on for ever after 100 ms; a template that
 * copies megabytes in each step is ended by this.
 */
export const MAX_RENDER_MS = 2_000;
/** Until the thread has the engine; a computer that does nothing else needs 50 ms. */
const MAX_START_MS = 20_000;
/** Renders that wait: a room of machines that ask at once, and each render takes some 0.3 ms. */
export const MAX_WAITING_RENDERS = 1_000;
/** The thread ends when there was nothing to render for so long, and its memory with it. */
const MAX_IDLE_MS = 60_000;
/** Of the thread's JavaScript; the engine's own memory has its limit in `load-template-engine.ts`. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 };

interface Waiting {
  readonly job: TemplateJob;
  readonly resolve: (outcome: TemplateOutcome) => void;
}

/** Renders templates in a thread of its own, which is replaced when a template breaks it or does not end. */
export class TemplateRenderer {
  readonly #waiting: Waiting[] = [];
  #worker: Worker | undefined;
  /** The job that the thread works on. */
  #current: Waiting | undefined;
  #isReady = false;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  /** Never rejects: what is wrong with the template, and what is wrong with the thread, is in the outcome. */
  readonly render = (job: TemplateJob): Promise<TemplateOutcome> => {
    if (this.#isClosed) return Promise.resolve(failed('the server is being stopped'));
    if (this.#waiting.length >= MAX_WAITING_RENDERS) {
      const because = `${MAX_WAITING_RENDERS} answer files wait to be rendered already: ask again in a moment`;
      return Promise.resolve(failed(because));
    }
    return new Promise((resolve) => {
      this.#waiting.push({ job, resolve });
      this.#next();
    });
  };

  /** What waits is refused. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const left = [...(this.#current ? [this.#current] : []), ...this.#waiting.splice(0)];
    this.#current = undefined;
    for (const { resolve } of left) resolve(failed('the server is being stopped'));
    await this.#endWorker();
  }

  #next(): void {
    if (this.#current || this.#waiting.length === 0) return;
    if (!this.#worker) this.#start();
    if (!this.#isReady) return;
    this.#current = this.#waiting.shift();
    if (!this.#current) return;
    const { job } = this.#current;
    this.#within(MAX_RENDER_MS, () =>
      this.#replace(failed(`${job.name} took longer than ${MAX_RENDER_MS} ms: look for what it repeats`)),
    );
    this.#worker?.postMessage(job);
  }

  #start(): void {
    const worker = startThread({
      name: 'render',
      source: new URL('./render-thread.ts', import.meta.url),
      begin: undefined,
      resourceLimits: RESOURCE_LIMITS,
    });
    this.#worker = worker;
    this.#isReady = false;
    // What waits keeps the process alive by its own socket or command.
    worker.unref();
    worker.on('message', (tidings: RenderTidings) => {
      if (worker === this.#worker) this.#told(tidings);
    });
    worker.on('error', (error) => this.#fell(worker, error));
    worker.on('exit', () => this.#fell(worker, undefined));
    this.#within(MAX_START_MS, () => this.#fell(worker, new Error('it did not start')));
  }

  #told(tidings: RenderTidings): void {
    if (tidings.is === 'ready') {
      this.#isReady = true;
      this.#rest();
      this.#next();
      return;
    }
    const { outcome } = tidings;
    if (!outcome.made && outcome.engine === 'broken') {
      this.#replace(outcome);
      return;
    }
    this.#settle(outcome);
    this.#rest();
    this.#next();
  }

  /** The thread ended by itself: out of memory for its JavaScript, or it could not start. */
  #fell(worker: Worker, error: unknown): void {
    if (worker !== this.#worker) return;
    const name = this.#current?.job.name;
    if (name !== undefined) {
      this.#replace(failed(`${name} took more memory than a render may have`));
      return;
    }
    const because = `the thread that renders answer files cannot run: ${reasonOf(error)}`;
    const left = this.#waiting.splice(0);
    void this.#endWorker();
    for (const { resolve } of left) resolve(failed(because));
  }

  #replace(outcome: TemplateOutcome): void {
    void this.#endWorker();
    this.#settle(outcome);
    this.#next();
  }

  #settle(outcome: TemplateOutcome): void {
    const settled = this.#current;
    this.#current = undefined;
    settled?.resolve(outcome);
  }

  #rest(): void {
    this.#within(MAX_IDLE_MS, () => void this.#endWorker());
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

function failed(because: string): TemplateOutcome {
  return { made: false, because };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'it ended';
}
