import type { IpAddress } from '../../lib/addresses.ts';
import { type DoorProtocol, ThreadDoors } from '../../os/doors/thread-doors.ts';
import { EAGAIN, type NativeMemory } from '../../os/libc.ts';
import type { ThreadWork, ThreadWorkNeeds } from '../../os/thread-loop.ts';
import { ThreadTidings } from '../../os/thread-tidings.ts';
import { type HeadScratch, sendTimeout } from './plane-answer.ts';
import { newConnection, patienceOf, type PlaneConnection, type PlaneDoor } from './plane-connection.ts';
import { isForPlane, PlaneDesk } from './plane-desk.ts';
import {
  type DoorServe,
  type GatheredTidings,
  noTidings,
  type PlaneOrder,
  type PlaneTidings,
  type ServedFile,
} from './plane-messages.ts';
import { PlaneResponder } from './plane-responder.ts';
import { PlaneSums } from './plane-sums.ts';
import { headEnd, mayBecomeHead, readHead } from './request-head.ts';

/** How often connections are looked at for the times that they may take. */
const CHECK_EVERY_MS = 1_000;
/** Read in one call; a longer head needs several. */
const READ_BYTES = 16 * 1024;

export interface PlaneServingNeeds extends ThreadWorkNeeds {
  /** The time as HTTP writes it. */
  readonly date: () => string;
}

/** The connections of one thread: requests for files are read and answered, all others handed over. */
export class PlaneServing
  implements ThreadWork<PlaneOrder, PlaneTidings>, DoorProtocol<DoorServe, PlaneConnection>
{
  readonly checkEveryMs = CHECK_EVERY_MS;
  readonly #needs: PlaneServingNeeds;
  readonly #memory: NativeMemory;
  readonly #scratch: HeadScratch;
  readonly #tidings = new ThreadTidings<GatheredTidings>(noTidings);
  readonly #sums = new PlaneSums(this.#tidings);
  readonly #desk: PlaneDesk;
  readonly #responder: PlaneResponder;
  readonly #doors: ThreadDoors<DoorServe, PlaneConnection>;

  constructor(needs: PlaneServingNeeds) {
    this.#needs = needs;
    this.#memory = needs.libc.allocate(READ_BYTES);
    const memory = needs.libc.allocate(READ_BYTES);
    this.#scratch = { memory, bytes: Buffer.from(memory.buffer) };
    this.#doors = new ThreadDoors(needs, this);
    this.#responder = new PlaneResponder(needs.date);
    this.#desk = new PlaneDesk({
      tidings: this.#tidings,
      nowMs: needs.nowMs,
      isThere: (connection) => this.#doors.connections.get(connection.fd) === connection,
      answer: (connection, file) => this.#answer(connection, file),
      handOver: (connection) => this.#handOver(connection),
    });
  }

  get dueMs(): number {
    return this.#tidings.dueMs;
  }

  take(): PlaneTidings {
    return { ...this.#tidings.take(), sums: this.#sums.take(), doors: this.#doors.takeStates() };
  }

  /** Something can be read or written there, or a connection waits. */
  onReady(fd: number): void {
    const connection = this.#doors.connections.get(fd);
    try {
      if (connection) this.#goOn(connection);
      else this.#doors.accept(fd);
    } catch (error) {
      this.#tidings.words('failed', error);
      if (connection) this.end(connection);
    }
  }

  obey(order: PlaneOrder): 'go on' | 'stop' {
    if (order.do !== 'answer') return this.#doors.obey(order);
    this.#desk.onAnswer(order.question, order.answer);
    return 'go on';
  }

  /** Ends connections that have been as they are for too long. */
  checkTimes(nowMs: number): void {
    this.#desk.files.forgetOld(nowMs);
    for (const connection of this.#doors.connections.values())
      if (nowMs - connection.sinceMs > patienceOf(connection)) this.#tooLate(connection);
  }

  free(): void {
    for (const connection of this.#doors.connections.values()) this.end(connection);
    this.#memory.free();
    this.#scratch.memory.free();
  }

  isFull({ serve }: PlaneDoor): boolean {
    return this.#doors.connections.size >= serve.limits.connections;
  }

  connectionOf(fd: number, door: PlaneDoor, client: IpAddress): PlaneConnection {
    return newConnection(fd, door, client, this.#needs.nowMs());
  }

  onConnection(connection: PlaneConnection): void {
    this.#read(connection);
  }

  isBusy({ phase }: PlaneConnection): boolean {
    return phase === 'asking' || phase === 'sending';
  }

  end(connection: PlaneConnection): void {
    this.#endAnswer(connection, 'broken off');
    this.#doors.forget(connection);
    this.#needs.libc.close(connection.fd);
  }

  onChange(nowMs: number): void {
    this.#tidings.later(nowMs);
  }

  onLeft(door: number, isLast: boolean): void {
    if (isLast) this.#desk.files.forgetAll();
    this.#tidings.now('left', door);
  }

  #goOn(connection: PlaneConnection): void {
    switch (connection.phase) {
      case 'head':
        return this.#read(connection);
      case 'sending':
        return this.#send(connection);
      case 'asking':
        // Nothing is waited for then, so this is its end.
        return this.end(connection);
      case 'ending':
        return this.#readAway(connection);
      default:
        return connection.phase satisfies never;
    }
  }

  #read(connection: PlaneConnection): void {
    const came = this.#needs.libc.receiveInto(connection.fd, this.#memory, READ_BYTES);
    if (came === -EAGAIN) return;
    if (came <= 0) return this.end(connection);
    if (connection.input === '') connection.sinceMs = this.#needs.nowMs();
    connection.input += Buffer.from(this.#memory.buffer, 0, came).toString('latin1');
    this.#takeRequest(connection);
  }

  #takeRequest(connection: PlaneConnection): void {
    const { input, door } = connection;
    const length = headEnd(input);
    if (length === -1) {
      // The other parser says what is wrong with it.
      if (input.length > door.serve.limits.headerBytes || !mayBecomeHead(input)) this.#handOver(connection);
      return;
    }
    const head = readHead(input.slice(0, length));
    if (head === undefined || !isForPlane(head, door)) return this.#handOver(connection);
    connection.head = head;
    connection.headLength = length;
    const file = this.#desk.find(connection, head.target);
    if (file) this.#answer(connection, file);
    else this.#wait(connection, 'asking', 'nothing');
  }

  #answer(connection: PlaneConnection, file: ServedFile): void {
    const { head, door } = connection;
    if (!head) return;
    const nowMs = this.#needs.nowMs();
    connection.answer = this.#responder.answer(head, file, door.isOpen, nowMs);
    connection.phase = 'sending';
    connection.sinceMs = nowMs;
    this.#desk.files.begin(file);
    this.#send(connection);
  }

  #send(connection: PlaneConnection): void {
    const { answer, fd } = connection;
    if (!answer) return;
    const before = answer.sent;
    const progress = answer.send(this.#needs.libc, fd, this.#scratch);
    if (progress === 'later') {
      if (answer.sent > before) connection.sinceMs = this.#needs.nowMs();
      return this.#wait(connection, 'sending', 'write');
    }
    this.#endAnswer(connection, progress === 'done' ? 'complete' : 'broken off');
    if (progress === 'too short') {
      const { size } = answer.file;
      this.#tidings.words('failed', new RangeError(`A file ends at byte ${answer.at}, it had ${size}`));
    }
    if (progress !== 'done') return this.end(connection);
    connection.input = connection.input.slice(connection.headLength);
    connection.answered += 1;
    connection.sinceMs = this.#needs.nowMs();
    if (!answer.keepsOpen || !connection.door.isOpen) return this.#endOutput(connection);
    this.#wait(connection, 'head', 'read');
    if (connection.input !== '') this.#takeRequest(connection);
  }

  #endAnswer(connection: PlaneConnection, how: 'complete' | 'broken off'): void {
    const { answer, client } = connection;
    if (!answer) return;
    connection.answer = undefined;
    this.#sums.ended(client, answer, how, this.#needs.nowMs());
    this.#desk.files.end(answer.file);
  }

  #endOutput(connection: PlaneConnection): void {
    this.#needs.libc.endOutput(connection.fd);
    this.#wait(connection, 'ending', 'read');
  }

  #tooLate(connection: PlaneConnection): void {
    if (connection.phase !== 'head' || connection.input === '') return this.end(connection);
    sendTimeout(this.#needs.libc, connection.fd, this.#scratch);
    connection.sinceMs = this.#needs.nowMs();
    this.#endOutput(connection);
  }

  #readAway(connection: PlaneConnection): void {
    const came = this.#needs.libc.receiveInto(connection.fd, this.#memory, READ_BYTES);
    if (came <= 0 && came !== -EAGAIN) this.end(connection);
  }

  #handOver(connection: PlaneConnection): void {
    const { fd, door, input } = connection;
    this.#needs.poll.remove(fd);
    this.#doors.forget(connection);
    this.#tidings.now('handedOver', { door: door.id, fd, bytes: Buffer.from(input, 'latin1') });
  }

  #wait(
    connection: PlaneConnection,
    phase: PlaneConnection['phase'],
    interest: PlaneConnection['interest'],
  ): void {
    connection.phase = phase;
    if (connection.interest === interest) return;
    connection.interest = interest;
    this.#needs.poll.change(connection.fd, interest);
  }
}
