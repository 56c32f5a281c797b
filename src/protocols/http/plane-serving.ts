import type { EventPoll } from '../../os/event-poll.ts';
import { EAGAIN, type Libc, type NativeMemory } from '../../os/libc.ts';
import type { ThreadDescriptors } from '../../os/thread-descriptors.ts';
import { chooseFileResponse } from './file-response.ts';
import { KnownFiles } from './known-files.ts';
import { PlaneAnswer } from './plane-answer.ts';
import { patienceOf, type PlaneConnection, type PlaneDoor } from './plane-connection.ts';
import type { DoorOrder, DoorState, PlaneAnswer as Answered, ServedFile } from './plane-messages.ts';
import { HttpTidings } from './plane-tidings.ts';
import { headEnd, mayBecomeHead, readHead, type RequestHead } from './request-head.ts';
import { fileResponseHead } from './response-head.ts';

/** Connections that are accepted in one go. */
const MAX_ACCEPTED = 64;
/** Read in one call; a longer head needs several. */
const READ_BYTES = 16 * 1024;
const TIMEOUT_HEAD = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

export interface PlaneServingNeeds {
  readonly libc: Libc;
  readonly poll: EventPoll;
  readonly descriptors: ThreadDescriptors;
  /** Milliseconds of a clock that only goes forward. */
  readonly nowMs: () => number;
  /** The time as HTTP writes it. */
  readonly date: () => string;
}

/** The connections of one thread: requests for files are read and answered, all others handed over. */
export class PlaneServing {
  readonly tidings = new HttpTidings();
  readonly #needs: PlaneServingNeeds;
  readonly #memory: NativeMemory;
  readonly #scratch: { readonly memory: NativeMemory; readonly bytes: Buffer };
  readonly #files = new KnownFiles((file) => this.tidings.released(file));
  readonly #doors = new Map<number, PlaneDoor>();
  readonly #listeners = new Map<number, PlaneDoor>();
  readonly #connections = new Map<number, PlaneConnection>();
  readonly #byAddress = new Map<string, number>();
  readonly #asking = new Map<number, PlaneConnection>();
  #lastQuestion = 0;
  #date = { text: '', untilMs: 0 };

  constructor(needs: PlaneServingNeeds) {
    this.#needs = needs;
    this.#memory = needs.libc.allocate(READ_BYTES);
    const memory = needs.libc.allocate(READ_BYTES);
    this.#scratch = { memory, bytes: Buffer.from(memory.buffer) };
  }

  get doors(): readonly DoorState[] {
    return [...this.#doors.values()].map(({ id, connections }) => ({
      door: id,
      connections: connections.size,
    }));
  }

  /** Something can be read or written there, or a connection waits. */
  onReady(fd: number): void {
    const connection = this.#connections.get(fd);
    try {
      if (connection) return this.#onConnection(connection);
      const door = this.#listeners.get(fd);
      if (door) this.#accept(fd, door);
    } catch (error) {
      this.tidings.failed(error);
      if (connection) this.#close(connection);
    }
  }

  serve(id: number, serve: DoorOrder): void {
    const door: PlaneDoor = { ...serve, id, connections: new Set(), isOpen: true };
    this.#doors.set(id, door);
    this.#listeners.set(serve.listenerFd, door);
    this.#needs.poll.add(serve.listenerFd, 'a connection');
  }

  onAnswer(question: number, answer: Answered): void {
    const connection = this.#asking.get(question);
    this.#asking.delete(question);
    const isThere = connection !== undefined && this.#connections.get(connection.fd) === connection;
    if (answer.give === 'nothing') {
      if (isThere) this.#handOver(connection);
      return;
    }
    if (!isThere) return this.tidings.released(answer.file.number);
    const key = keyOf(connection.door, connection.head?.target ?? '');
    this.#files.learn(key, answer.file, this.#needs.nowMs() + answer.validMs);
    this.#answer(connection, answer.file);
  }

  leave(id: number): void {
    const door = this.#doors.get(id);
    if (!door?.isOpen) return;
    door.isOpen = false;
    this.#listeners.delete(door.listenerFd);
    this.#needs.poll.remove(door.listenerFd);
    for (const connection of door.connections)
      if (connection.phase === 'head' || connection.phase === 'ending') this.#close(connection);
    if (door.connections.size === 0) this.#left(door);
  }

  drop(id: number): void {
    for (const connection of this.#doors.get(id)?.connections ?? []) this.#close(connection);
  }

  /** Ends connections that have been as they are for too long. */
  checkTimes(nowMs: number): void {
    for (const connection of this.#connections.values())
      if (nowMs - connection.sinceMs > patienceOf(connection)) this.#tooLate(connection);
  }

  free(): void {
    for (const connection of this.#connections.values()) this.#close(connection);
    this.#memory.free();
    this.#scratch.memory.free();
  }

  #onConnection(connection: PlaneConnection): void {
    switch (connection.phase) {
      case 'head':
        return this.#read(connection);
      case 'sending':
        return this.#send(connection);
      case 'asking':
        // Nothing is waited for then, so this is its end.
        return this.#close(connection);
      case 'ending':
        return this.#readAway(connection);
      default:
        return connection.phase satisfies never;
    }
  }

  #accept(listenerFd: number, door: PlaneDoor): void {
    const { libc } = this.#needs;
    for (let count = 0; count < MAX_ACCEPTED; count += 1) {
      const accepted = libc.accept(listenerFd);
      if (accepted === undefined) return;
      const { fd, address } = accepted;
      const { connections, connectionsPerAddress } = door.limits;
      const ofAddress =
        address === undefined ? Number.POSITIVE_INFINITY : (this.#byAddress.get(address) ?? 0);
      if (
        address === undefined ||
        ofAddress >= connectionsPerAddress ||
        this.#connections.size >= connections
      ) {
        libc.close(fd);
        continue;
      }
      this.#byAddress.set(address, ofAddress + 1);
      libc.setSocketOption(fd, 'TCP_NODELAY', 1);
      const connection: PlaneConnection = {
        fd,
        door,
        client: address,
        phase: 'head',
        interest: 'read',
        input: '',
        head: undefined,
        headLength: 0,
        answer: undefined,
        sinceMs: this.#needs.nowMs(),
        answered: 0,
      };
      this.#connections.set(fd, connection);
      this.#needs.descriptors.opened(fd);
      this.tidings.connectionsChanged(connection.sinceMs);
      door.connections.add(connection);
      this.#needs.poll.add(fd, 'read');
      // Its request often came along with it.
      this.#read(connection);
    }
  }

  #read(connection: PlaneConnection): void {
    const came = this.#needs.libc.receiveInto(connection.fd, this.#memory, READ_BYTES);
    if (came === -EAGAIN) return;
    if (came <= 0) return this.#close(connection);
    if (connection.input === '') connection.sinceMs = this.#needs.nowMs();
    connection.input += Buffer.from(this.#memory.buffer, 0, came).toString('latin1');
    this.#takeRequest(connection);
  }

  #takeRequest(connection: PlaneConnection): void {
    const { input, door } = connection;
    const length = headEnd(input);
    if (length === -1) {
      // The other parser says what is wrong with it.
      if (input.length > door.limits.headerBytes || !mayBecomeHead(input)) this.#handOver(connection);
      return;
    }
    const head = readHead(input.slice(0, length));
    if (head === undefined || !isForPlane(head, door)) return this.#handOver(connection);
    connection.head = head;
    connection.headLength = length;
    const file = this.#files.find(keyOf(door, head.target), this.#needs.nowMs());
    if (file) return this.#answer(connection, file);
    this.#lastQuestion += 1;
    this.#asking.set(this.#lastQuestion, connection);
    this.#wait(connection, 'asking', 'nothing');
    const { client } = connection;
    this.tidings.question({ question: this.#lastQuestion, door: door.id, target: head.target, client });
  }

  #answer(connection: PlaneConnection, file: ServedFile): void {
    const { head } = connection;
    if (!head) return;
    const nowMs = this.#needs.nowMs();
    const response = chooseFileResponse(requestOf(head), file.size, file.validators);
    const keepsOpen = head.keepsOpen && connection.door.isOpen;
    const text = fileResponseHead(response, file, { keepsOpen, date: this.#dateAt(nowMs) });
    connection.answer = new PlaneAnswer(file, text, response, { keepsOpen, nowMs });
    connection.phase = 'sending';
    connection.sinceMs = nowMs;
    this.#files.begin(file);
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
    this.#end(connection, progress === 'done' ? 'complete' : 'broken off');
    if (progress === 'too short') {
      const { size } = answer.file;
      this.tidings.failed(new RangeError(`A file ends at byte ${answer.at}, it had ${size}`));
    }
    if (progress !== 'done') return this.#close(connection);
    connection.input = connection.input.slice(connection.headLength);
    connection.answered += 1;
    connection.sinceMs = this.#needs.nowMs();
    if (!answer.keepsOpen || !connection.door.isOpen) return this.#endOutput(connection);
    this.#wait(connection, 'head', 'read');
    if (connection.input !== '') this.#takeRequest(connection);
  }

  #end(connection: PlaneConnection, how: 'complete' | 'broken off'): void {
    const { answer, door, client } = connection;
    if (!answer) return;
    connection.answer = undefined;
    this.tidings.ended(door.id, client, answer, how, this.#needs.nowMs());
    this.#files.end(answer.file);
  }

  #endOutput(connection: PlaneConnection): void {
    this.#needs.libc.endOutput(connection.fd);
    this.#wait(connection, 'ending', 'read');
  }

  /** RFC 9110 §15.5.9. */
  #tellTimeout(connection: PlaneConnection): void {
    const { memory, bytes } = this.#scratch;
    this.#needs.libc.sendFrom(connection.fd, memory, 0, bytes.write(TIMEOUT_HEAD, 'latin1'), 'the end');
    connection.sinceMs = this.#needs.nowMs();
    this.#endOutput(connection);
  }

  #tooLate(connection: PlaneConnection): void {
    if (connection.phase === 'head' && connection.input !== '') this.#tellTimeout(connection);
    else this.#close(connection);
  }

  #readAway(connection: PlaneConnection): void {
    const came = this.#needs.libc.receiveInto(connection.fd, this.#memory, READ_BYTES);
    if (came <= 0 && came !== -EAGAIN) this.#close(connection);
  }

  #handOver(connection: PlaneConnection): void {
    const { fd, door, input } = connection;
    this.#needs.poll.remove(fd);
    this.#forget(connection);
    this.tidings.handOver({ door: door.id, fd, bytes: Buffer.from(input, 'latin1') });
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

  #close(connection: PlaneConnection): void {
    this.#end(connection, 'broken off');
    this.#forget(connection);
    this.#needs.libc.close(connection.fd);
  }

  #forget(connection: PlaneConnection): void {
    const { fd, door, client } = connection;
    this.#connections.delete(fd);
    this.#needs.descriptors.gone(fd);
    this.tidings.connectionsChanged(this.#needs.nowMs());
    door.connections.delete(connection);
    const left = (this.#byAddress.get(client) ?? 1) - 1;
    if (left === 0) this.#byAddress.delete(client);
    else this.#byAddress.set(client, left);
    if (!door.isOpen && door.connections.size === 0) this.#left(door);
  }

  #left(door: PlaneDoor): void {
    if (!this.#doors.delete(door.id)) return;
    if (this.#doors.size === 0) this.#files.forgetAll();
    this.tidings.left(door.id);
  }

  #dateAt(nowMs: number): string {
    if (nowMs >= this.#date.untilMs) this.#date = { text: this.#needs.date(), untilMs: nowMs + 1000 };
    return this.#date.text;
  }
}

function isForPlane({ method, hasMore, target }: RequestHead, { prefixes }: PlaneDoor): boolean {
  if (hasMore || (method !== 'GET' && method !== 'HEAD')) return false;
  return prefixes.some((prefix) => target.startsWith(prefix));
}

function keyOf({ id }: PlaneDoor, target: string): string {
  return `${id} ${target}`;
}

function requestOf({ method, headers }: RequestHead): Parameters<typeof chooseFileResponse>[0] {
  return {
    method,
    range: headers.range,
    ifRange: headers['if-range'],
    ifMatch: headers['if-match'],
    ifNoneMatch: headers['if-none-match'],
    ifModifiedSince: headers['if-modified-since'],
    ifUnmodifiedSince: headers['if-unmodified-since'],
  };
}
