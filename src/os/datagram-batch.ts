import { type Ipv4Address, ipv4FromNumber } from '../lib/addresses.ts';
import { EAGAIN, type Libc, MESSAGE_BYTES, type NativeMemory } from './libc.ts';
import { PollSet } from './poll-set.ts';

/**
 * Many datagrams in one system call (recvmmsg, sendmmsg), from and to memory that is laid out once. Offsets are
 * those of Linux on little-endian machines of 64 bits: see `batchesWork`.
 */

/** struct msghdr: where its fields are. */
const NAME = 0;
const NAME_BYTES = 8;
const PARTS = 16;
const PART_COUNT = 24;
const CONTROL = 32;
const CONTROL_BYTES = 40;
/** struct mmsghdr, behind its msghdr: the bytes that came or went. */
const LENGTH = 56;
/** struct iovec. */
const PART_BYTES = 16;
const SOCKADDR_BYTES = 16;
const AF_INET = 2;
/** udp(7): a cmsghdr with one uint16, padded. */
const SEGMENT_CONTROL_BYTES = 24;
const SEGMENT_CONTROL_LENGTH = 18;
const SOL_UDP = 17;
const UDP_SEGMENT = 103;

/** How long a socket that is full is waited for: what its network card needs to send some megabytes. */
const FULL_MS = 20;

const UINT32 = 0x1_0000_0000;

/** Whether the offsets above are right here. */
export function batchesWork(): boolean {
  return ['x64', 'arm64', 'riscv64', 'loong64'].includes(process.arch);
}

/** Puts an address where the kernel reads a pointer. */
function setPointer(words: Uint32Array, at: number, address: number): void {
  words[at >> 2] = address >>> 0;
  words[(at >> 2) + 1] = Math.floor(address / UINT32);
}

/** The datagrams of one call; what is read from it holds until the next. */
export class ReceiveBatch {
  readonly #libc: Libc;
  readonly #messages: NativeMemory;
  readonly #names: NativeMemory;
  readonly #space: NativeMemory;
  readonly #parts: NativeMemory;
  readonly #lengths: Uint32Array;
  readonly #nameWords: Int32Array;
  readonly #bytes: Buffer;
  readonly #count: number;
  readonly #bytesEach: number;

  constructor(libc: Libc, { count, bytesEach }: { readonly count: number; readonly bytesEach: number }) {
    this.#libc = libc;
    this.#count = count;
    this.#bytesEach = bytesEach;
    this.#messages = libc.allocate(count * MESSAGE_BYTES);
    this.#names = libc.allocate(count * SOCKADDR_BYTES);
    this.#parts = libc.allocate(count * PART_BYTES);
    this.#space = libc.allocate(count * bytesEach);
    this.#lengths = new Uint32Array(this.#messages.buffer);
    this.#nameWords = new Int32Array(this.#names.buffer);
    this.#bytes = Buffer.from(this.#space.buffer);
    const parts = new Uint32Array(this.#parts.buffer);
    for (let index = 0; index < count; index += 1) {
      const at = index * MESSAGE_BYTES;
      setPointer(this.#lengths, at + NAME, this.#names.address + index * SOCKADDR_BYTES);
      this.#lengths[(at + NAME_BYTES) >> 2] = SOCKADDR_BYTES;
      setPointer(this.#lengths, at + PARTS, this.#parts.address + index * PART_BYTES);
      this.#lengths[(at + PART_COUNT) >> 2] = 1;
      setPointer(parts, index * PART_BYTES, this.#space.address + index * bytesEach);
      parts[(index * PART_BYTES + 8) >> 2] = bytesEach;
    }
  }

  get capacity(): number {
    return this.#count;
  }

  /** @returns how many datagrams came; 0 when none waits. @throws SystemCallError */
  receive(fd: number): number {
    return this.#libc.receiveMany(fd, this.#messages, this.#count);
  }

  length(index: number): number {
    return this.#lengths[(index * MESSAGE_BYTES + LENGTH) >> 2] ?? 0;
  }

  /**
   * The sender's port and family as the kernel writes them; together with `address` it says who sent. Both are signed:
   * V8 makes an object of a number beyond 31 bits, and code that has not met one yet is thrown away.
   */
  family(index: number): number {
    return this.#nameWords[index * 4] ?? 0;
  }

  /** The sender's IPv4 address, its first octet in the lowest byte. */
  address(index: number): number {
    return this.#nameWords[index * 4 + 1] ?? 0;
  }

  /** A number of two bytes in network order. The caller knows from `length` that it is there. */
  uint16(index: number, offset: number): number {
    const at = index * this.#bytesEach + offset;
    return ((this.#bytes[at] ?? 0) << 8) | (this.#bytes[at + 1] ?? 0);
  }

  /** A copy, which may be kept. */
  datagram(index: number): Uint8Array {
    return new Uint8Array(this.view(index));
  }

  /** Where it lies until the next call. */
  view(index: number): Uint8Array {
    return new Uint8Array(this.#space.buffer, index * this.#bytesEach, this.#kept(index));
  }

  /** The same as a text, which is compared faster: each byte is the character of that number. */
  characters(index: number): string {
    const at = index * this.#bytesEach;
    return this.#bytes.toString('latin1', at, at + this.#kept(index));
  }

  /** What is behind that was cut off. */
  #kept(index: number): number {
    return Math.min(this.length(index), this.#bytesEach);
  }

  free(): void {
    for (const memory of [this.#messages, this.#names, this.#parts, this.#space]) memory.free();
  }
}

/** Where a datagram goes: as `ReceiveBatch.family` and `address` say. */
export interface PeerName {
  readonly family: number;
  readonly address: number;
}

export interface SendBatchOptions<Owner> {
  readonly messages: number;
  /** Pieces of memory of all messages together. */
  readonly parts: number;
  /** Bytes of all `small` pieces together. */
  readonly smallBytes: number;
  /** This one could not be sent, with the errno; it may be put into the batch anew from here on. */
  readonly unsent: (owner: Owner, errno: number) => void;
}

/** Datagrams to be sent together, put together from pieces of memory wherever they are. */
export class SendBatch<Owner> {
  readonly #libc: Libc;
  readonly #options: SendBatchOptions<Owner>;
  readonly #messages: NativeMemory;
  readonly #names: NativeMemory;
  readonly #parts: NativeMemory;
  readonly #controls: NativeMemory;
  readonly #small: NativeMemory;
  readonly #messageWords: Uint32Array;
  readonly #nameWords: Int32Array;
  readonly #partWords: Uint32Array;
  readonly #controlShorts: Uint16Array;
  readonly #smallBytes: Uint8Array;
  readonly #owners: Owner[] = [];
  readonly #room: PollSet;
  #fd = -1;
  #count = 0;
  #partCount = 0;
  /** Of the message that is being put together. */
  #firstPart = 0;
  #smallUsed = 0;

  constructor(libc: Libc, options: SendBatchOptions<Owner>) {
    this.#libc = libc;
    this.#options = options;
    this.#messages = libc.allocate(options.messages * MESSAGE_BYTES);
    this.#names = libc.allocate(options.messages * SOCKADDR_BYTES);
    this.#parts = libc.allocate(options.parts * PART_BYTES);
    this.#controls = libc.allocate(options.messages * SEGMENT_CONTROL_BYTES);
    this.#small = libc.allocate(options.smallBytes);
    this.#room = new PollSet(libc, 1);
    this.#messageWords = new Uint32Array(this.#messages.buffer);
    this.#nameWords = new Int32Array(this.#names.buffer);
    this.#partWords = new Uint32Array(this.#parts.buffer);
    this.#controlShorts = new Uint16Array(this.#controls.buffer);
    this.#smallBytes = new Uint8Array(this.#small.buffer);
    const controlWords = new Uint32Array(this.#controls.buffer);
    for (let index = 0; index < options.messages; index += 1) {
      const at = index * MESSAGE_BYTES;
      setPointer(this.#messageWords, at + NAME, this.#names.address + index * SOCKADDR_BYTES);
      this.#messageWords[(at + NAME_BYTES) >> 2] = SOCKADDR_BYTES;
      setPointer(this.#messageWords, at + CONTROL, this.#controls.address + index * SEGMENT_CONTROL_BYTES);
      const control = (index * SEGMENT_CONTROL_BYTES) >> 2;
      controlWords[control] = SEGMENT_CONTROL_LENGTH;
      controlWords[control + 2] = SOL_UDP;
      controlWords[control + 3] = UDP_SEGMENT;
    }
  }

  /** Makes room for a message of so many pieces and so many small bytes on this socket, by sending what is there. */
  begin(fd: number, parts: number, smallBytes: number): void {
    const { messages, parts: mostParts, smallBytes: mostSmall } = this.#options;
    const full =
      this.#count === messages ||
      this.#partCount + parts > mostParts ||
      this.#smallUsed + smallBytes > mostSmall;
    if (full || fd !== this.#fd) this.flush();
    this.#fd = fd;
    this.#firstPart = this.#partCount;
  }

  /** A piece of memory that stays where it is until the batch is sent. */
  part(address: number, length: number): void {
    const at = this.#partCount * PART_BYTES;
    setPointer(this.#partWords, at, address);
    this.#partWords[(at + 8) >> 2] = length;
    this.#partCount += 1;
  }

  /** A piece of four bytes: two numbers in network order. */
  uint16Pair(first: number, second: number): void {
    const at = this.#smallUsed;
    const bytes = this.#smallBytes;
    bytes[at] = first >>> 8;
    bytes[at + 1] = first & 0xff;
    bytes[at + 2] = second >>> 8;
    bytes[at + 3] = second & 0xff;
    this.#smallUsed += 4;
    this.part(this.#small.address + at, 4);
  }

  small(bytes: Uint8Array): void {
    this.#smallBytes.set(bytes, this.#smallUsed);
    this.part(this.#small.address + this.#smallUsed, bytes.length);
    this.#smallUsed += bytes.length;
  }

  /** @param segmentBytes the network card makes datagrams of this size of it (UDP GSO); 0 for a single one. */
  end(to: PeerName, owner: Owner, segmentBytes: number): void {
    const index = this.#count;
    const at = index * MESSAGE_BYTES;
    this.#nameWords[index * 4] = to.family;
    this.#nameWords[index * 4 + 1] = to.address;
    setPointer(this.#messageWords, at + PARTS, this.#parts.address + this.#firstPart * PART_BYTES);
    this.#messageWords[(at + PART_COUNT) >> 2] = this.#partCount - this.#firstPart;
    this.#messageWords[(at + CONTROL_BYTES) >> 2] = segmentBytes === 0 ? 0 : SEGMENT_CONTROL_BYTES;
    if (segmentBytes !== 0) this.#controlShorts[(index * SEGMENT_CONTROL_BYTES + 16) >> 1] = segmentBytes;
    this.#owners[index] = owner;
    this.#count += 1;
  }

  /** Sends all that is there. What the socket has no room for, even after a wait, is lost as on the wire. */
  flush(): void {
    const count = this.#count;
    if (count === 0) return;
    const failed: { owner: Owner; errno: number }[] = [];
    for (let first = 0; first < count; ) {
      const sent = this.#libc.sendMany(this.#fd, this.#messages, first, count - first);
      if (sent > 0) {
        first += sent;
        continue;
      }
      if (sent === -EAGAIN) {
        if (this.#waitForRoom()) continue;
        break;
      }
      const owner = this.#owners[first];
      if (owner !== undefined) failed.push({ owner, errno: -sent });
      first += 1;
    }
    this.#count = 0;
    this.#partCount = 0;
    this.#smallUsed = 0;
    for (const { owner, errno } of failed) this.#options.unsent(owner, errno);
  }

  free(): void {
    this.#room.free();
    for (const memory of [this.#messages, this.#names, this.#parts, this.#controls, this.#small])
      memory.free();
  }

  #waitForRoom(): boolean {
    this.#room.set(0, this.#fd, 'write');
    return this.#room.wait(FULL_MS) > 0;
  }
}

/** `PeerName.family` for a port. */
export function familyOf(port: number): number {
  return AF_INET | ((port >>> 8) << 16) | ((port & 0xff) << 24);
}

/** The port in a `PeerName`. */
export function portOf({ family }: PeerName): number {
  return ((family >>> 16) & 0xff) * 256 + (family >>> 24);
}

/** The address in a `PeerName`. */
export function addressOf({ address }: PeerName): Ipv4Address {
  return ipv4FromNumber(
    ((address & 0xff) << 24) | ((address & 0xff00) << 8) | ((address >>> 8) & 0xff00) | (address >>> 24),
  );
}

/** One number for both. */
export function peerNumber({ family, address }: PeerName): number {
  return address * 65_536 + (family >>> 16);
}
