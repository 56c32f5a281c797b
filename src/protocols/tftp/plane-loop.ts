import { type PeerName, portOf, ReceiveBatch } from '../../os/datagram-batch.ts';
import type { Libc } from '../../os/libc.ts';
import { PollSet } from '../../os/poll-set.ts';
import { Gathering } from './gathering.ts';
import { KnownRequests } from './known-requests.ts';
import type { DoorOrder, PlaneOrder, PlaneTidings } from './plane-messages.ts';
import { Opcode } from './packet.ts';
import { PlaneServing } from './plane-serving.ts';
import type { PlaneDoor } from './plane-transfers.ts';
import { RequestRates } from './rate-limit.ts';

/** Datagrams taken in one call. */
const BATCH = 64;
/** No request and no ERROR is longer; what is behind is cut off. */
const DATAGRAM_BYTES = 1024;
/** Local addresses of one machine that are served. */
const MAX_DOORS = 256;
/** Looks at all sockets at least once in so many rounds, however much comes to one. */
const ROUNDS_PER_LOOK = 8;
const LONGEST_WAIT_MS = 1000;
/** Packets of no transfer that are answered; more are not, so that the server cannot be used as a mirror. */
const STRANGERS = { requestsPerSecond: Infinity, requestsPerSecondInAll: 16, pauseMs: 1000 };

export interface PlaneLoopNeeds {
  readonly libc: Libc;
  /** Signalled when an order waits. */
  readonly eventFd: number;
  /** The next order, if one waits. */
  readonly order: () => PlaneOrder | undefined;
  readonly tell: (tidings: PlaneTidings) => void;
  /** Milliseconds of a clock that only goes forward. */
  readonly nowMs: () => number;
}

interface Source {
  readonly fd: number;
  readonly door: PlaneDoor;
  /** Something may wait there. */
  isReady: boolean;
}

/** Shell: waits for datagrams, takes them in batches, lets them be served, and sends what came of it in batches. */
export class PlaneLoop {
  readonly #needs: PlaneLoopNeeds;
  readonly #serving: PlaneServing;
  readonly #received: ReceiveBatch;
  readonly #polled: PollSet;
  readonly #doors = new Map<number, PlaneDoor>();
  #sources: readonly Source[] = [];
  /** One of them is ready. */
  #isBusy = false;
  readonly #gathering = new Gathering();
  #running = true;

  constructor(needs: PlaneLoopNeeds) {
    const { libc } = needs;
    this.#needs = needs;
    this.#received = new ReceiveBatch(libc, { count: BATCH, bytesEach: DATAGRAM_BYTES });
    this.#polled = new PollSet(libc, 1 + 2 * MAX_DOORS);
    this.#polled.set(0, needs.eventFd, 'read');
    this.#serving = new PlaneServing(libc, (door) => this.#close(door));
  }

  /** Until it is told to stop. */
  run(): void {
    while (this.#running) {
      this.#wait();
      for (let round = 0; round < ROUNDS_PER_LOOK && this.#isBusy; round += 1) this.#round();
      this.#onTime();
    }
    this.#serving.free();
    this.#received.free();
    this.#polled.free();
  }

  #wait(): void {
    const nowMs = this.#needs.nowMs();
    const dueMs = Math.min(this.#serving.dueMs(nowMs), nowMs + LONGEST_WAIT_MS);
    const waitMs = this.#isBusy ? 0 : Math.max(0, Math.ceil(dueMs - nowMs));
    const ready = this.#polled.wait(waitMs);
    this.#isBusy = false;
    if (ready === 0) return;
    for (const [index, source] of this.#sources.entries()) {
      source.isReady = this.#polled.isReady(index + 1);
      this.#isBusy ||= source.isReady;
    }
    if (this.#polled.isReady(0)) this.#obey();
  }

  #round(): void {
    const nowMs = this.#needs.nowMs();
    let found = 0;
    let full = false;
    for (const source of this.#sources) {
      if (!source.isReady) continue;
      const took = this.#take(source, nowMs);
      found += took;
      full ||= took === BATCH;
    }
    this.#serving.flush();
    if (full) return;
    const { size: transfers } = this.#serving.transfers;
    const pauseUs = this.#gathering.after({ found, transfers, nowMs });
    if (pauseUs > 0) this.#needs.libc.pause(pauseUs);
    else this.#isBusy = false;
  }

  /** @returns how many datagrams came. */
  #take(source: Source, nowMs: number): number {
    let count: number;
    try {
      count = this.#received.receive(source.fd);
    } catch (error) {
      // The address may have gone; the main thread closes the door then.
      this.#serving.tidings.failed(error);
      return 0;
    }
    for (let index = 0; index < count; index += 1) this.#onDatagram(source, index, nowMs);
    return count;
  }

  #onDatagram({ door, fd }: Source, index: number, nowMs: number): void {
    const received = this.#received;
    const length = received.length(index);
    const family = received.family(index);
    const address = received.address(index);
    // Shorter packets are nothing, and say so when they are decoded.
    const opcode = length < 4 ? 0 : received.uint16(index, 0);
    if (opcode === Opcode.ACK) {
      const transfer = this.#serving.transfers.of(door, family, address);
      if (transfer) this.#serving.onAck(transfer, received.uint16(index, 2), nowMs);
      else this.#serving.onStranger({ door, fd, peer: { family, address } }, 'ACK', nowMs);
      return;
    }
    const peer: PeerName = { family, address };
    if (portOf(peer) === 0) return this.#serving.tidings.dropped(door.id, 'A packet came from port 0', nowMs);
    this.#serving.onOther({ door, fd, peer }, received.characters(index), nowMs);
  }

  /** What time alone makes happen. */
  #onTime(): void {
    const nowMs = this.#needs.nowMs();
    this.#serving.onTime(nowMs);
    this.#serving.flush();
    if (this.#serving.tidings.dueMs <= nowMs)
      this.#needs.tell(this.#serving.takeTidings(this.#doors.values()));
  }

  #obey(): void {
    this.#needs.libc.unsignal(this.#needs.eventFd);
    const nowMs = this.#needs.nowMs();
    for (let order = this.#needs.order(); order; order = this.#needs.order()) this.#carryOut(order, nowMs);
    this.#serving.flush();
  }

  #carryOut(order: PlaneOrder, nowMs: number): void {
    switch (order.do) {
      case 'serve':
        this.#doors.set(order.door, doorOf(order.door, order.serve));
        return this.#setSources();
      case 'answer':
        return this.#serving.onAnswer(order.question, order.answer, nowMs);
      case 'leave':
        return this.#leave(order.door);
      case 'drop':
        return this.#serving.drop(this.#doors.get(order.door), nowMs);
      case 'stop':
        this.#running = false;
        return;
      default:
        order satisfies never;
    }
  }

  #leave(id: number): void {
    const door = this.#doors.get(id);
    if (!door) return;
    door.leaving = true;
    if (door.serving === 0) this.#close(door);
  }

  /** Nothing of it is served any more, so the main thread may close its sockets. */
  #close(door: PlaneDoor): void {
    if (!this.#doors.delete(door.id)) return;
    this.#setSources();
    this.#serving.tidings.left(door.id);
  }

  #setSources(): void {
    this.#sources = [...this.#doors.values()].slice(0, MAX_DOORS).flatMap((door) => {
      const request = { fd: door.requestFd, door, isReady: false };
      return door.dataFd === door.requestFd
        ? [request]
        : [{ fd: door.dataFd, door, isReady: false }, request];
    });
    this.#isBusy = false;
    this.#polled.count = 1 + this.#sources.length;
    for (const [index, { fd }] of this.#sources.entries()) this.#polled.set(index + 1, fd, 'read');
  }
}

function doorOf(id: number, order: DoorOrder): PlaneDoor {
  const rates = new RequestRates<number>(order.limits);
  const strangers = new RequestRates<number>(STRANGERS);
  const requests = new KnownRequests();
  return { ...order, id, rates, strangers, requests, asked: new Map(), leaving: false, serving: 0 };
}
