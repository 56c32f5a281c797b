import { EPOLL_EVENT, type Libc, type NativeMemory } from './libc.ts';

/** epoll_ctl(2). */
const EPOLLIN = 0x1;
const EPOLLOUT = 0x4;
const EPOLLERR = 0x8;
const EPOLLHUP = 0x10;
/** One thread of several is woken by a connection that waits. */
const EPOLLEXCLUSIVE = 2 ** 28;

const WANTED = {
  read: EPOLLIN,
  write: EPOLLOUT,
  'read or write': EPOLLIN + EPOLLOUT,
  nothing: 0,
  'a connection': EPOLLIN + EPOLLEXCLUSIVE,
} as const;

/** The many descriptors that one thread waits for (epoll(7)), level-triggered: what is still ready is told again. */
export class EventPoll {
  readonly #libc: Libc;
  readonly #epoll: number;
  readonly #event: NativeMemory;
  readonly #eventView: DataView;
  readonly #events: NativeMemory;
  readonly #view: DataView;
  readonly #most: number;

  /** @param most descriptors that are told of at once; the others come next. */
  constructor(libc: Libc, most: number) {
    this.#libc = libc;
    this.#most = most;
    this.#epoll = libc.epollOpen();
    this.#event = libc.allocate(EPOLL_EVENT.bytes);
    this.#eventView = new DataView(this.#event.buffer);
    this.#events = libc.allocate(most * EPOLL_EVENT.bytes);
    this.#view = new DataView(this.#events.buffer);
  }

  /** Its own descriptor. */
  get fd(): number {
    return this.#epoll;
  }

  add(fd: number, wanted: keyof typeof WANTED): void {
    this.#control('add', fd, wanted);
  }

  change(fd: number, wanted: keyof typeof WANTED): void {
    this.#control('change', fd, wanted);
  }

  /** Not needed before a descriptor is closed that nobody else holds. */
  remove(fd: number): void {
    this.#control('remove', fd, 'nothing');
  }

  /** @param timeoutMs whole milliseconds. @returns how many are ready; 0 when the time is up. */
  wait(timeoutMs: number): number {
    return this.#libc.epollWait(this.#epoll, this.#events, this.#most, timeoutMs);
  }

  /** Which descriptor the ready one of that number is. */
  descriptor(index: number): number {
    return this.#view.getInt32(index * EPOLL_EVENT.bytes + EPOLL_EVENT.value, IS_LITTLE_ENDIAN);
  }

  /** An error or an end counts for both: whoever reads or writes next hears of it. */
  canRead(index: number): boolean {
    return (this.#happened(index) & (EPOLLIN | EPOLLERR | EPOLLHUP)) !== 0;
  }

  canWrite(index: number): boolean {
    return (this.#happened(index) & (EPOLLOUT | EPOLLERR | EPOLLHUP)) !== 0;
  }

  /** Both directions are over, or something is wrong with it: this is told whatever is waited for. */
  hasEnded(index: number): boolean {
    return (this.#happened(index) & (EPOLLERR | EPOLLHUP)) !== 0;
  }

  free(): void {
    this.#libc.close(this.#epoll);
    this.#event.free();
    this.#events.free();
  }

  #happened(index: number): number {
    return this.#view.getUint32(index * EPOLL_EVENT.bytes, IS_LITTLE_ENDIAN);
  }

  #control(operation: 'add' | 'change' | 'remove', fd: number, wanted: keyof typeof WANTED): void {
    this.#eventView.setUint32(0, WANTED[wanted], IS_LITTLE_ENDIAN);
    this.#eventView.setInt32(EPOLL_EVENT.value, fd, IS_LITTLE_ENDIAN);
    this.#libc.epollControl(this.#epoll, operation, fd, this.#event);
  }
}

const IS_LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
