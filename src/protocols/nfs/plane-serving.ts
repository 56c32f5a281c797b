import type { IpAddress } from '../../lib/addresses.ts';
import type { EventPoll } from '../../os/event-poll.ts';
import { EAGAIN, type Libc, type NativeMemory } from '../../os/libc.ts';
import type { ThreadDescriptors } from '../../os/thread-descriptors.ts';
import { ReplyMemory, RpcConnection } from './connection.ts';
import { PlaneDesk } from './plane-desk.ts';
import type { FilePart } from './plane-files.ts';
import type { DoorOrder, DoorState } from './plane-messages.ts';
import { PlaneOutbox, type Scratch } from './plane-outbox.ts';
import { NfsTidings } from './plane-tidings.ts';

/** Connections that are accepted in one go. */
const MAX_ACCEPTED = 64;
/** Read in one call, and sent in one: a page of a folder fits. */
const READ_BYTES = 64 * 1024;
const SCRATCH_BYTES = 128 * 1024;

interface Door extends DoorOrder {
  readonly id: number;
  readonly memory: ReplyMemory;
  readonly connections: Set<Connection>;
  refused: number;
  isOpen: boolean;
}

interface Connection {
  readonly fd: number;
  readonly door: Door;
  readonly client: IpAddress;
  readonly rpc: RpcConnection<Uint8Array | FilePart>;
  readonly outbox: PlaneOutbox;
  /** What is waited for at the descriptor. */
  interest: 'read' | 'write' | 'nothing';
  isPaused: boolean;
  /** It is being served, and looked after at the end of that. */
  isInHand: boolean;
}

export interface PlaneServingNeeds {
  readonly libc: Libc;
  readonly poll: EventPoll;
  readonly descriptors: ThreadDescriptors;
  /** Milliseconds of a clock that only goes forward. */
  readonly nowMs: () => number;
}

/** The connections of the thread. */
export class PlaneServing {
  readonly tidings = new NfsTidings();
  readonly desk: PlaneDesk;
  readonly #needs: PlaneServingNeeds;
  readonly #memory: NativeMemory;
  readonly #received: Uint8Array;
  readonly #scratch: Scratch;
  readonly #doors = new Map<number, Door>();
  readonly #listeners = new Map<number, Door>();
  readonly #connections = new Map<number, Connection>();
  readonly #byAddress = new Map<IpAddress, number>();

  constructor(needs: PlaneServingNeeds) {
    this.#needs = needs;
    this.#memory = needs.libc.allocate(READ_BYTES);
    this.#received = new Uint8Array(this.#memory.buffer);
    const memory = needs.libc.allocate(SCRATCH_BYTES);
    this.#scratch = { memory, bytes: new Uint8Array(memory.buffer) };
    this.desk = new PlaneDesk({
      ask: (question) => this.tidings.question(question),
      release: (file) => this.tidings.released(file),
      dropped: (error) => this.tidings.dropped(error),
      nowMs: needs.nowMs,
    });
  }

  get doors(): readonly DoorState[] {
    return [...this.#doors.values()].map(({ id, connections, refused }) => ({
      door: id,
      connections: connections.size,
      refused,
    }));
  }

  /** Something can be read or written there, or a connection waits. */
  onReady(fd: number, hasEnded: boolean): void {
    const connection = this.#connections.get(fd);
    // One that is not read from would be told of again and again.
    if (connection && hasEnded && connection.interest === 'nothing') return connection.rpc.end();
    if (connection) return this.#serve(connection, () => this.#read(connection));
    const door = this.#listeners.get(fd);
    if (!door) return;
    try {
      this.#accept(fd, door);
    } catch (error) {
      this.tidings.failed(error);
    }
  }

  serve(id: number, serve: DoorOrder): void {
    const memory = new ReplyMemory(serve.limits.replyBytesInAll);
    const door: Door = { ...serve, id, memory, connections: new Set(), refused: 0, isOpen: true };
    this.#doors.set(id, door);
    this.#listeners.set(serve.listenerFd, door);
    this.#needs.poll.add(serve.listenerFd, 'a connection');
  }

  leave(id: number): void {
    const door = this.#doors.get(id);
    if (!door?.isOpen) return;
    door.isOpen = false;
    this.#listeners.delete(door.listenerFd);
    this.#needs.poll.remove(door.listenerFd);
    for (const connection of door.connections) if (!connection.rpc.isBusy) connection.rpc.end();
    if (door.connections.size === 0) this.#left(door);
  }

  drop(id: number): void {
    for (const { rpc } of this.#doors.get(id)?.connections ?? []) rpc.end();
  }

  /** Ends connections that have been as they are for too long. */
  checkTimes(nowMs: number): void {
    this.desk.files.forgetOld(nowMs);
    for (const { rpc, door } of this.#connections.values()) {
      const { stalledMs, stalledWhileWantedMs, idleMs } = door.limits;
      const patienceMs = door.memory.isWanted ? stalledWhileWantedMs : stalledMs;
      if (rpc.stalledMs(nowMs) >= patienceMs || rpc.idleMs(nowMs) >= idleMs) rpc.end();
    }
  }

  free(): void {
    for (const { rpc } of this.#connections.values()) rpc.end();
    this.#memory.free();
    this.#scratch.memory.free();
  }

  #accept(listenerFd: number, door: Door): void {
    const { libc, nowMs } = this.#needs;
    for (let count = 0; count < MAX_ACCEPTED; count += 1) {
      const accepted = libc.accept(listenerFd);
      if (accepted === undefined) return;
      const { fd, address } = accepted;
      const ofAddress = address === undefined ? 0 : (this.#byAddress.get(address) ?? 0);
      const { connections, connectionsPerAddress } = door.limits;
      const isFull = door.connections.size >= connections || ofAddress >= connectionsPerAddress;
      if (address === undefined || isFull) {
        door.refused += 1;
        this.tidings.connectionsChanged(nowMs());
        libc.close(fd);
        continue;
      }
      this.#byAddress.set(address, ofAddress + 1);
      libc.setSocketOption(fd, 'TCP_NODELAY', 1);
      const connection = this.#connectionOf(fd, door, address);
      this.#connections.set(fd, connection);
      this.#needs.descriptors.opened(fd);
      this.tidings.connectionsChanged(nowMs());
      door.connections.add(connection);
      this.#needs.poll.add(fd, 'read');
      // Its first call often came along with it.
      this.#serve(connection, () => this.#read(connection));
    }
  }

  #connectionOf(fd: number, door: Door, client: IpAddress): Connection {
    const { nowMs } = this.#needs;
    const end = (): void => connection.rpc.end();
    const outbox = new PlaneOutbox((part, how) => {
      if (how === 'sent') this.tidings.sent(part, client, nowMs());
      this.desk.files.end(part.file);
    });
    const peer = { address: client, localAddress: door.localAddress, transport: 'tcp' } as const;
    const rpc = new RpcConnection<Uint8Array | FilePart>({
      desk: this.desk.of({ door: door.id, peer, end }),
      peer,
      memory: door.memory,
      limits: door.limits,
      now: nowMs,
      dropped: (error) => this.tidings.dropped(error),
      wire: {
        send: (pieces, taken) => {
          for (const piece of pieces) if (!(piece instanceof Uint8Array)) this.desk.files.begin(piece.file);
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
    const connection: Connection = {
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
  #serve(connection: Connection, what: () => void): void {
    if (this.#connections.get(connection.fd) !== connection) return;
    connection.isInHand = true;
    try {
      if (connection.outbox.isEmpty) what();
      this.#send(connection);
      if (this.#connections.get(connection.fd) === connection) this.#wait(connection);
    } catch (error) {
      this.tidings.failed(error);
      connection.rpc.end();
    } finally {
      connection.isInHand = false;
    }
  }

  #read({ fd, rpc, door, isPaused }: Connection): void {
    if (isPaused) return;
    const came = this.#needs.libc.receiveInto(fd, this.#memory, READ_BYTES);
    if (came === -EAGAIN) return;
    if (came <= 0) return rpc.end();
    if (door.isOpen) rpc.onBytes(this.#received.subarray(0, came));
  }

  #send({ fd, rpc, outbox }: Connection): void {
    const progress = outbox.send(this.#needs.libc, fd, this.#scratch);
    if (progress === 'broken') return rpc.end();
    if (progress !== 'too short') return;
    const { file } = outbox;
    this.tidings.failed(new RangeError(`A file that is read over NFS has less than its ${file?.size} bytes`));
    // A client that asks again is told by the main thread what has become of it.
    if (file) this.desk.files.forget(file);
    rpc.end();
  }

  /** While the client takes nothing it is not read from either. */
  #wait(connection: Connection): void {
    const { door, rpc, outbox, isPaused, fd } = connection;
    if (!door.isOpen && !rpc.isBusy) return rpc.end();
    const interest = outbox.isEmpty ? (isPaused ? 'nothing' : 'read') : 'write';
    if (connection.interest === interest) return;
    connection.interest = interest;
    this.#needs.poll.change(fd, interest);
  }

  /** Its end, however it came. */
  #close(connection: Connection): void {
    const { fd, door, client, outbox } = connection;
    if (this.#connections.get(fd) !== connection) return;
    outbox.close();
    this.#connections.delete(fd);
    this.#needs.descriptors.gone(fd);
    this.#needs.libc.close(fd);
    this.tidings.connectionsChanged(this.#needs.nowMs());
    door.connections.delete(connection);
    const left = (this.#byAddress.get(client) ?? 1) - 1;
    if (left === 0) this.#byAddress.delete(client);
    else this.#byAddress.set(client, left);
    if (!door.isOpen && door.connections.size === 0) this.#left(door);
  }

  #left(door: Door): void {
    if (!this.#doors.delete(door.id)) return;
    if (this.#doors.size === 0) this.desk.files.forgetOld(Number.POSITIVE_INFINITY);
    this.tidings.left(door.id);
  }
}
