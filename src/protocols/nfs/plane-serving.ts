import type { IpAddress } from '../../lib/addresses.ts';
import { type DoorProtocol, ThreadDoors } from '../../os/doors/thread-doors.ts';
import { EAGAIN, type NativeMemory } from '../../os/libc.ts';
import type { ThreadWork, ThreadWorkNeeds } from '../../os/thread-loop.ts';
import { ThreadTidings } from '../../os/thread-tidings.ts';
import { ReplyMemory, RpcConnection } from './connection.ts';
import type { PlaneConnection, PlaneDoor, ServedDoor } from './plane-connection.ts';
import { PlaneDesk } from './plane-desk.ts';
import type { FilePart } from './plane-files.ts';
import { type GatheredTidings, noTidings, type PlaneOrder, type PlaneTidings } from './plane-messages.ts';
import { PlaneOutbox, type Scratch } from './plane-outbox.ts';
import { PlaneSums } from './plane-sums.ts';

/** How often connections are looked at for the times that they may take. */
const CHECK_EVERY_MS = 1_000;
/** Read in one call, and sent in one: a page of a folder fits. */
const READ_BYTES = 64 * 1024;
const SCRATCH_BYTES = 128 * 1024;

/** The connections of the thread. */
export class PlaneServing
  implements ThreadWork<PlaneOrder, PlaneTidings>, DoorProtocol<ServedDoor, PlaneConnection>
{
  readonly checkEveryMs = CHECK_EVERY_MS;
  readonly #needs: ThreadWorkNeeds;
  readonly #memory: NativeMemory;
  readonly #received: Uint8Array;
  readonly #scratch: Scratch;
  readonly #tidings = new ThreadTidings<GatheredTidings>(noTidings);
  readonly #sums = new PlaneSums(this.#tidings);
  readonly #desk: PlaneDesk;
  readonly #doors: ThreadDoors<ServedDoor, PlaneConnection>;
  readonly #connections: ReadonlyMap<number, PlaneConnection>;

  constructor(needs: ThreadWorkNeeds) {
    this.#needs = needs;
    this.#memory = needs.libc.allocate(READ_BYTES);
    this.#received = new Uint8Array(this.#memory.buffer);
    const memory = needs.libc.allocate(SCRATCH_BYTES);
    this.#scratch = { memory, bytes: new Uint8Array(memory.buffer) };
    this.#doors = new ThreadDoors(needs, this);
    this.#connections = this.#doors.connections;
    this.#desk = new PlaneDesk({
      ask: (question) => this.#tidings.now('questions', question),
      release: (file) => this.#tidings.now('released', file),
      dropped: (error) => this.#tidings.words('dropped', error),
      nowMs: needs.nowMs,
    });
  }

  get dueMs(): number {
    return this.#tidings.dueMs;
  }

  take(): PlaneTidings {
    return { ...this.#tidings.take(), sums: this.#sums.take(), doors: this.#doors.takeStates() };
  }

  /** Something can be read or written there, or a connection waits. */
  onReady(fd: number, index: number): void {
    const connection = this.#connections.get(fd);
    if (connection) {
      // One that is not read from would be told of again and again.
      const mustEnd = connection.interest === 'nothing' && this.#needs.poll.hasEnded(index);
      return mustEnd ? connection.rpc.end() : this.#serve(connection, () => this.#read(connection));
    }
    try {
      this.#doors.accept(fd);
    } catch (error) {
      this.#tidings.words('failed', error);
    }
  }

  obey(order: PlaneOrder): 'go on' | 'stop' {
    if (order.do === 'answer') {
      this.#desk.onAnswer(order.question, order.answer);
      return 'go on';
    }
    if (order.do !== 'serve') return this.#doors.obey(order);
    const memory = new ReplyMemory(order.serve.limits.replyBytesInAll);
    return this.#doors.obey({ ...order, serve: { ...order.serve, memory } });
  }

  /** Ends connections that have been as they are for too long. */
  checkTimes(nowMs: number): void {
    this.#desk.files.forgetOld(nowMs);
    for (const { rpc, door } of this.#connections.values()) {
      const { memory, limits } = door.serve;
      const { stalledMs, stalledWhileWantedMs, idleMs } = limits;
      const patienceMs = memory.isWanted ? stalledWhileWantedMs : stalledMs;
      if (rpc.stalledMs(nowMs) >= patienceMs || rpc.idleMs(nowMs) >= idleMs) rpc.end();
    }
  }

  free(): void {
    for (const { rpc } of this.#connections.values()) rpc.end();
    this.#memory.free();
    this.#scratch.memory.free();
  }

  isFull({ connections, serve }: PlaneDoor): boolean {
    return connections.size >= serve.limits.connections;
  }

  onConnection(connection: PlaneConnection): void {
    this.#serve(connection, () => this.#read(connection));
  }

  isBusy({ rpc }: PlaneConnection): boolean {
    return rpc.isBusy;
  }

  end({ rpc }: PlaneConnection): void {
    rpc.end();
  }

  onChange(nowMs: number): void {
    this.#tidings.later(nowMs);
  }

  onLeft(door: number, isLast: boolean): void {
    if (isLast) this.#desk.files.forgetAll();
    this.#tidings.now('left', door);
  }

  connectionOf(fd: number, door: PlaneDoor, client: IpAddress): PlaneConnection {
    const { nowMs } = this.#needs;
    const end = (): void => connection.rpc.end();
    const outbox = new PlaneOutbox((part, how) => {
      if (how === 'sent') this.#sums.sent(part, client, nowMs());
      this.#desk.files.end(part.file);
    });
    const peer = { address: client, localAddress: door.serve.localAddress, transport: 'tcp' } as const;
    const rpc = new RpcConnection<Uint8Array | FilePart>({
      desk: this.#desk.of({ door: door.id, peer, end }),
      peer,
      memory: door.serve.memory,
      limits: door.serve.limits,
      now: nowMs,
      dropped: (error) => this.#tidings.words('dropped', error),
      wire: {
        send: (pieces, taken) => {
          for (const piece of pieces) if (!(piece instanceof Uint8Array)) this.#desk.files.begin(piece.file);
          outbox.add(pieces, taken);
          // A reply that came later, from the main thread.
          if (!connection.isInHand) this.#serve(connection, () => undefined);
        },
        pause: () => {
          connection.isPaused = true;
        },
        resume: () => {
          connection.isPaused = false;
          if (!connection.isInHand) this.#serve(connection, () => undefined);
        },
        destroy: () => this.#close(connection),
      },
    });
    const connection: PlaneConnection = {
      fd,
      door,
      client,
      rpc,
      outbox,
      interest: 'read',
      isPaused: false,
      isInHand: false,
    };
    return connection;
  }

  /** Does it, sends what there is then, and waits for what comes next. */
  #serve(connection: PlaneConnection, what: () => void): void {
    if (this.#connections.get(connection.fd) !== connection) return;
    connection.isInHand = true;
    try {
      if (connection.outbox.isEmpty) what();
      this.#send(connection);
      if (this.#connections.get(connection.fd) === connection) this.#wait(connection);
    } catch (error) {
      this.#tidings.words('failed', error);
      connection.rpc.end();
    } finally {
      connection.isInHand = false;
    }
  }

  #read({ fd, rpc, door, isPaused }: PlaneConnection): void {
    if (isPaused) return;
    const came = this.#needs.libc.receiveInto(fd, this.#memory, READ_BYTES);
    if (came === -EAGAIN) return;
    if (came <= 0) return rpc.end();
    if (door.isOpen) rpc.onBytes(this.#received.subarray(0, came));
  }

  #send({ fd, rpc, outbox }: PlaneConnection): void {
    const progress = outbox.send(this.#needs.libc, fd, this.#scratch);
    if (progress === 'broken') return rpc.end();
    if (progress !== 'too short') return;
    const { file } = outbox;
    const fault = new RangeError(`A file that is read over NFS has less than its ${file?.size} bytes`);
    this.#tidings.words('failed', fault);
    // A client that asks again is told by the main thread what has become of it.
    if (file) this.#desk.files.forget(file);
    rpc.end();
  }

  /** While the client takes nothing it is not read from either. */
  #wait(connection: PlaneConnection): void {
    const { door, rpc, outbox, isPaused, fd } = connection;
    if (!door.isOpen && !rpc.isBusy) return rpc.end();
    const interest = outbox.isEmpty ? (isPaused ? 'nothing' : 'read') : 'write';
    if (connection.interest === interest) return;
    connection.interest = interest;
    this.#needs.poll.change(fd, interest);
  }

  /** Its end, however it came. */
  #close(connection: PlaneConnection): void {
    const { fd, outbox } = connection;
    if (this.#connections.get(fd) !== connection) return;
    outbox.close();
    this.#doors.forget(connection);
    this.#needs.libc.close(fd);
  }
}
