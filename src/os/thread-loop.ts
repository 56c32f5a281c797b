import { EventPoll } from './event-poll.ts';
import type { Libc } from './libc.ts';
import type { ThreadDescriptors } from './thread-descriptors.ts';

/** Descriptors that are told of in one round. */
const MAX_READY = 256;
/** The longest that nothing is looked at. */
const LONGEST_WAIT_MS = 1_000;

export interface ThreadLoopNeeds<Order, Tidings> {
  readonly libc: Libc;
  /** Signalled when an order waits. */
  readonly eventFd: number;
  readonly descriptors: ThreadDescriptors;
  /** The next order, if one waits. */
  readonly order: () => Order | undefined;
  readonly tell: (tidings: Tidings) => void;
  /** Milliseconds of a clock that only goes forward. */
  readonly nowMs: () => number;
}

/** What the work of a thread is done with. */
export interface ThreadWorkNeeds
  extends Pick<ThreadLoopNeeds<never, never>, 'libc' | 'descriptors' | 'nowMs'> {
  /** Tells what is ready. */
  readonly poll: EventPoll;
}

/** What a thread that waits for descriptors does with them. */
export interface ThreadWork<Order, Tidings> {
  /** How often it looks at the times that connections may take. */
  readonly checkEveryMs: number;
  /** Something is ready at a descriptor that it had added; `index` is for `EventPoll.canRead`. */
  onReady(fd: number, index: number): void;
  obey(order: Order): 'go on' | 'stop';
  checkTimes(nowMs: number): void;
  /** When `take` has something to tell; infinite for nothing. */
  readonly dueMs: number;
  take(): Tidings;
  /** Closes all that is open. */
  free(): void;
}

/** Shell of a kept thread: waits for descriptors, lets them be served, obeys, and tells what came of it. */
export class ThreadLoop<Order, Tidings> {
  readonly #needs: ThreadLoopNeeds<Order, Tidings>;
  readonly #poll: EventPoll;
  readonly #work: ThreadWork<Order, Tidings>;
  #checkMs = 0;
  #running = true;

  /** @param begin makes the work, which adds its descriptors to the poll. */
  constructor(
    needs: ThreadLoopNeeds<Order, Tidings>,
    begin: (needs: ThreadWorkNeeds) => ThreadWork<Order, Tidings>,
  ) {
    this.#needs = needs;
    this.#poll = new EventPoll(needs.libc, MAX_READY);
    needs.descriptors.opened(this.#poll.fd);
    this.#poll.add(needs.eventFd, 'read');
    const { libc, descriptors, nowMs } = needs;
    this.#work = begin({ libc, descriptors, nowMs, poll: this.#poll });
  }

  /** Until it is told to stop. */
  run(): void {
    while (this.#running) {
      const ready = this.#poll.wait(this.#waitMs());
      for (let index = 0; index < ready; index += 1) this.#onReady(this.#poll.descriptor(index), index);
      this.#onTime();
    }
    this.#work.free();
    this.#needs.descriptors.gone(this.#poll.fd);
    this.#poll.free();
  }

  #waitMs(): number {
    const dueMs = Math.min(this.#work.dueMs, this.#checkMs);
    return Math.max(0, Math.ceil(Math.min(dueMs - this.#needs.nowMs(), LONGEST_WAIT_MS)));
  }

  #onReady(fd: number, index: number): void {
    if (fd === this.#needs.eventFd) this.#obey();
    else this.#work.onReady(fd, index);
  }

  #onTime(): void {
    const nowMs = this.#needs.nowMs();
    if (nowMs >= this.#checkMs) {
      this.#checkMs = nowMs + this.#work.checkEveryMs;
      this.#work.checkTimes(nowMs);
    }
    if (nowMs >= this.#work.dueMs) this.#needs.tell(this.#work.take());
  }

  #obey(): void {
    this.#needs.libc.unsignal(this.#needs.eventFd);
    for (let order = this.#needs.order(); order !== undefined; order = this.#needs.order())
      if (this.#work.obey(order) === 'stop') this.#running = false;
  }
}
