import type { Worker } from 'node:worker_threads';
import type { Libc } from './libc.ts';
import { startThread } from './start-thread.ts';
import { ThreadDescriptors } from './thread-descriptors.ts';

/** A thread that dies soon after its start is started again after this, doubled each time up to the longest. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5000;
/** One that has lived for this long is started again at once. */
const LONG_LIFE_MS = 1500;

/** A thread from its start to its end; the one that takes its place is another. */
export interface ThreadLife {
  readonly number: number;
  readonly alive: boolean;
}

export interface KeptThreadsOptions<Order, Tidings> {
  readonly libc: Pick<Libc, 'eventDescriptor' | 'signal' | 'close'>;
  readonly count: number;
  /** As in `startThread`. */
  readonly name: string;
  readonly source: URL;
  /** The order by which a thread ends. */
  readonly stop: Order;
  /** What a thread is told first, each time it starts. */
  readonly first: (number: number) => readonly Order[];
  readonly hear: (life: ThreadLife, tidings: Tidings) => void;
  /** A thread is gone; unless `pauseMs` is undefined it is started again after that. */
  readonly gone: (life: ThreadLife, because: string, pauseMs: number | undefined) => void;
}

interface KeptThread {
  readonly number: number;
  readonly eventFd: number;
  worker: Worker | undefined;
  life: { readonly number: number; alive: boolean };
  descriptors: ThreadDescriptors | undefined;
  startedMs: number;
  pauseMs: number;
  /** When it will be started again. */
  timer: NodeJS.Timeout | undefined;
}

/** What a kept thread begins with. */
export interface KeptThreadBegin {
  /** By which the main thread wakes it, where it waits for descriptors. */
  readonly eventFd: number;
  /** For `ThreadDescriptors`: what it opens is closed when it is gone. */
  readonly descriptors: SharedArrayBuffer;
}

/** Threads that move bytes beside the main thread; one that dies is started again. */
export class KeptThreads<Order, Tidings> {
  readonly #options: KeptThreadsOptions<Order, Tidings>;
  readonly #threads: readonly KeptThread[];
  #restarts = 0;
  #closed = false;

  constructor(options: KeptThreadsOptions<Order, Tidings>) {
    this.#options = options;
    this.#threads = Array.from({ length: options.count }, (_, number) => ({
      number,
      eventFd: options.libc.eventDescriptor(),
      worker: undefined,
      life: { number, alive: false },
      descriptors: undefined,
      startedMs: 0,
      pauseMs: 0,
      timer: undefined,
    }));
  }

  /** Threads that died and were started again. */
  get restarts(): number {
    return this.#restarts;
  }

  get numbers(): readonly number[] {
    return this.#threads.map(({ number }) => number);
  }

  start(): void {
    for (const thread of this.#threads) this.#start(thread);
  }

  /** Nothing where the thread does not run; it will be told anew by `first`. */
  order(number: number, order: Order): void {
    const thread = this.#threads[number];
    if (!thread?.worker) return;
    thread.worker.postMessage(order);
    this.#options.libc.signal(thread.eventFd);
  }

  /** As it runs now; undefined where it does not. */
  life(number: number): ThreadLife | undefined {
    const thread = this.#threads[number];
    return thread?.worker ? thread.life : undefined;
  }

  /**
   * A descriptor is that thread's from now on: to be told of in the next order, and closed with all others of it when it is
   * gone. Nothing where the thread does not run, and the descriptor stays the caller's.
   */
  give(number: number, fd: number): boolean {
    const thread = this.#threads[number];
    if (!thread?.worker || !thread.descriptors) return false;
    thread.descriptors.opened(fd);
    return true;
  }

  /** Ends a thread as a fault of it would: for tests of what happens then. */
  async kill(number: number): Promise<void> {
    const thread = this.#threads[number];
    const ended = thread?.worker?.terminate();
    if (thread) this.#options.libc.signal(thread.eventFd);
    await ended;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(
      this.#threads.map(async (thread) => {
        clearTimeout(thread.timer);
        const { worker } = thread;
        if (worker) {
          const exited = new Promise((resolve) => worker.once('exit', resolve));
          this.order(thread.number, this.#options.stop);
          await exited;
        }
        this.#options.libc.close(thread.eventFd);
      }),
    );
  }

  #start(thread: KeptThread): void {
    const { name, source, hear, first } = this.#options;
    const descriptors = new ThreadDescriptors();
    const begin: KeptThreadBegin = { eventFd: thread.eventFd, descriptors: descriptors.shared };
    const worker = startThread({ name, source, begin });
    const life = { number: thread.number, alive: true };
    thread.worker = worker;
    thread.startedMs = performance.now();
    thread.life = life;
    thread.descriptors = descriptors;
    let because = 'it ended by itself';
    worker.on('message', (tidings: Tidings) => hear(life, tidings));
    worker.on('error', (error: unknown) => {
      because = error instanceof Error ? (error.stack ?? error.message) : String(error);
    });
    worker.on('exit', () => {
      for (const fd of descriptors.takeAll()) this.#options.libc.close(fd);
      this.#onExit(thread, because);
    });
    for (const order of first(thread.number)) this.order(thread.number, order);
  }

  #onExit(thread: KeptThread, because: string): void {
    thread.worker = undefined;
    thread.life.alive = false;
    if (this.#closed) return this.#options.gone(thread.life, because, undefined);
    const lived = performance.now() - thread.startedMs;
    const again = Math.min(Math.max(FIRST_PAUSE_MS, 2 * thread.pauseMs), LONGEST_PAUSE_MS);
    thread.pauseMs = lived >= LONG_LIFE_MS ? 0 : again;
    this.#restarts += 1;
    this.#options.gone(thread.life, because, thread.pauseMs);
    thread.timer = setTimeout(() => this.#start(thread), thread.pauseMs);
  }
}
