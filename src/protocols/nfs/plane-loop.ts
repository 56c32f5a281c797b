import { EventPoll } from '../../os/event-poll.ts';
import type { Libc } from '../../os/libc.ts';
import type { ThreadDescriptors } from '../../os/thread-descriptors.ts';
import type { PlaneOrder, PlaneTidings } from './plane-messages.ts';
import { PlaneServing } from './plane-serving.ts';

/** Descriptors that are told of in one round. */
const MAX_READY = 256;
/** How often connections are looked at for the times that they may take. */
const CHECK_EVERY_MS = 1_000;

export interface PlaneLoopNeeds {
  readonly libc: Libc;
  /** Signalled when an order waits. */
  readonly eventFd: number;
  readonly descriptors: ThreadDescriptors;
  /** The next order, if one waits. */
  readonly order: () => PlaneOrder | undefined;
  readonly tell: (tidings: PlaneTidings) => void;
  /** Milliseconds of a clock that only goes forward. */
  readonly nowMs: () => number;
}

/** Shell: waits for connections, lets them be served, obeys, and tells what came of it. */
export class PlaneLoop {
  readonly #needs: PlaneLoopNeeds;
  readonly #poll: EventPoll;
  readonly #serving: PlaneServing;
  #checkMs = 0;
  #running = true;

  constructor(needs: PlaneLoopNeeds) {
    this.#needs = needs;
    this.#poll = new EventPoll(needs.libc, MAX_READY);
    needs.descriptors.opened(this.#poll.fd);
    this.#poll.add(needs.eventFd, 'read');
    this.#serving = new PlaneServing({ ...needs, poll: this.#poll });
  }

  /** Until it is told to stop. */
  run(): void {
    while (this.#running) {
      const ready = this.#poll.wait(this.#waitMs());
      for (let index = 0; index < ready; index += 1) this.#onReady(index);
      this.#onTime();
    }
    this.#serving.free();
    this.#needs.descriptors.gone(this.#poll.fd);
    this.#poll.free();
  }

  #waitMs(): number {
    const dueMs = Math.min(this.#serving.tidings.dueMs, this.#checkMs);
    return Math.max(0, Math.ceil(Math.min(dueMs - this.#needs.nowMs(), CHECK_EVERY_MS)));
  }

  #onReady(index: number): void {
    const fd = this.#poll.descriptor(index);
    if (fd === this.#needs.eventFd) this.#obey();
    else this.#serving.onReady(fd, this.#poll.hasEnded(index));
  }

  #onTime(): void {
    const nowMs = this.#needs.nowMs();
    if (nowMs >= this.#checkMs) {
      this.#checkMs = nowMs + CHECK_EVERY_MS;
      this.#serving.checkTimes(nowMs);
    }
    const { tidings, doors } = this.#serving;
    if (nowMs >= tidings.dueMs) this.#needs.tell(tidings.take(doors));
  }

  #obey(): void {
    this.#needs.libc.unsignal(this.#needs.eventFd);
    for (let order = this.#needs.order(); order; order = this.#needs.order()) this.#do(order);
  }

  #do(order: PlaneOrder): void {
    switch (order.do) {
      case 'serve':
        return this.#serving.serve(order.door, order.serve);
      case 'answer':
        return this.#serving.desk.onAnswer(order.question, order.answer);
      case 'leave':
        return this.#serving.leave(order.door);
      case 'drop':
        return this.#serving.drop(order.door);
      case 'stop':
        this.#running = false;
        return;
      default:
        return order satisfies never;
    }
  }
}
