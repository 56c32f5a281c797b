import {
  DATA_HEADER_BYTES,
  decodePacket,
  encodePacket,
  ErrorCode,
  Opcode,
  type TftpPacket,
  WIRE_BLOCKS,
} from '../../src/protocols/tftp/packet.ts';
import { DecodeError } from '../../src/lib/decode-error.ts';

/**
 * The receiving side of one read transfer (RFC 1350, 2347, 2348, 7440) as an engine: it is told what arrived and what
 * time it is, and says what to send. It checks every byte against the file it expects. Like a boot ROM it knows one
 * timer, sends its last packet again when nothing came, and leaves when it has acknowledged the end of the file.
 */

export interface ReadingWish {
  readonly fileName: string;
  readonly blockBytes: number;
  readonly windowBlocks: number;
  /** What every byte must be. */
  readonly expected: Uint8Array;
  /** After this time without progress it sends its last packet again. */
  readonly timeoutMs: number;
  /** Repetitions without progress, after which it gives up. */
  readonly attempts: number;
}

export type ClientAction =
  | { readonly do: 'wait' }
  | { readonly do: 'send'; readonly bytes: Uint8Array }
  /** The file is whole; `bytes` is the last acknowledgement. */
  | { readonly do: 'finish'; readonly bytes: Uint8Array }
  | { readonly do: 'fail'; readonly because: string };

const WAIT: ClientAction = { do: 'wait' };
/** What is granted where nothing is said of it. */
const PLAIN_BLOCK_BYTES = 512;

export class ReadingClient {
  readonly #wish: ReadingWish;
  readonly #request: Uint8Array;
  #state: 'asking' | 'reading' | 'over' = 'asking';
  #blockBytes = PLAIN_BLOCK_BYTES;
  #windowBlocks = 1;
  /** Blocks that came in order, counted from 1 without end. */
  #received = 0;
  #receivedBytes = 0;
  /** The last of them that was acknowledged. */
  #acknowledged = 0;
  /** A gap was told of, and not again before the missing block came. */
  #toldGap = false;
  #attempts = 0;
  #repetitions = 0;
  #progressMs: number;
  #last: Uint8Array;

  constructor(wish: ReadingWish, nowMs: number) {
    this.#wish = wish;
    const options = [
      { name: 'blksize', value: String(wish.blockBytes) },
      ...(wish.windowBlocks === 1 ? [] : [{ name: 'windowsize', value: String(wish.windowBlocks) }]),
    ];
    this.#request = encodePacket({ op: 'RRQ', fileName: wish.fileName, mode: 'octet', options });
    this.#last = this.#request;
    this.#progressMs = nowMs;
  }

  /** For the server's port for requests; all that `onPacket` gives is for the port the transfer came from. */
  get request(): Uint8Array {
    return this.#request;
  }

  /** The packet to send is still the request. */
  get isAsking(): boolean {
    return this.#state === 'asking';
  }

  /** Bytes that came in order and were right. */
  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  /** Packets sent again because the time was up. */
  get repetitions(): number {
    return this.#repetitions;
  }

  get deadlineMs(): number {
    return this.#state === 'over' ? Infinity : this.#progressMs + this.#wish.timeoutMs;
  }

  onPacket(datagram: Uint8Array, nowMs: number): ClientAction {
    if (this.#state === 'over') return WAIT;
    // The one packet that comes in numbers is read without making an object of it.
    if (datagram.length >= DATA_HEADER_BYTES && datagram[0] === 0 && datagram[1] === Opcode.DATA)
      return this.#onData(datagram, nowMs);
    try {
      return this.#onOther(decodePacket(datagram), nowMs);
    } catch (error) {
      if (error instanceof DecodeError) return this.#fail(`the server sent no TFTP: ${error.message}`);
      throw error;
    }
  }

  onTime(nowMs: number): ClientAction {
    if (nowMs < this.deadlineMs) return WAIT;
    this.#attempts += 1;
    if (this.#attempts > this.#wish.attempts)
      return this.#fail(`nothing came for ${this.#wish.attempts} repetitions after block ${this.#received}`);
    this.#progressMs = nowMs;
    this.#repetitions += 1;
    if (this.#state === 'reading') this.#last = this.#acknowledge();
    return { do: 'send', bytes: this.#last };
  }

  #onOther(packet: TftpPacket, nowMs: number): ClientAction {
    if (packet.op === 'ERROR') return this.#fail(`the server said ERROR ${packet.code} "${packet.message}"`);
    if (packet.op !== 'OACK') return this.#fail(`the server sent ${packet.op}`);
    // A copy of the OACK: its acknowledgement was lost.
    if (this.#state === 'reading') return this.#received === 0 ? this.#send(this.#acknowledge()) : WAIT;
    for (const { name, value } of packet.options) {
      if (name === 'blksize') this.#blockBytes = Number(value);
      if (name === 'windowsize') this.#windowBlocks = Number(value);
    }
    if (!(this.#blockBytes <= this.#wish.blockBytes && this.#windowBlocks <= this.#wish.windowBlocks))
      return this.#fail('the server granted more than it was asked for');
    this.#state = 'reading';
    this.#progress(nowMs);
    return this.#send(this.#acknowledge());
  }

  #onData(datagram: Uint8Array, nowMs: number): ClientAction {
    this.#state = 'reading';
    const wireBlock = (datagram[2] ?? 0) * 256 + (datagram[3] ?? 0);
    const ahead = (wireBlock - (this.#received + 1) + 2 * WIRE_BLOCKS) % WIRE_BLOCKS;
    if (ahead !== 0) return this.#onOtherBlock(ahead);
    const problem = this.#take(datagram);
    if (problem !== undefined) return this.#fail(problem);
    this.#progress(nowMs);
    const isLast = datagram.length - DATA_HEADER_BYTES < this.#blockBytes;
    if (isLast) return this.#finish();
    return this.#received - this.#acknowledged >= this.#windowBlocks ? this.#send(this.#acknowledge()) : WAIT;
  }

  /** Not the next block: an old one was repeated, or one before it is missing (RFC 7440 §4). */
  #onOtherBlock(ahead: number): ClientAction {
    const isOld = ahead > WIRE_BLOCKS / 2;
    if (isOld) {
      // Its acknowledgement was lost. Only the last block of a window asks for one; else one window gives many.
      const isNewest = ahead === WIRE_BLOCKS - 1;
      return isNewest ? this.#send(this.#acknowledge()) : WAIT;
    }
    if (this.#toldGap) return WAIT;
    this.#toldGap = true;
    return this.#send(this.#acknowledge());
  }

  /** What is wrong with it, or undefined. */
  #take(datagram: Uint8Array): string | undefined {
    const { expected } = this.#wish;
    const bytes = datagram.length - DATA_HEADER_BYTES;
    const end = this.#receivedBytes + bytes;
    if (bytes > this.#blockBytes || end > expected.length) return `block ${this.#received + 1} is too long`;
    const same = Buffer.from(expected.buffer, expected.byteOffset, expected.byteLength).compare(
      datagram,
      DATA_HEADER_BYTES,
      datagram.length,
      this.#receivedBytes,
      end,
    );
    if (same !== 0) return `block ${this.#received + 1} has other bytes than the file`;
    this.#received += 1;
    this.#receivedBytes = end;
    return undefined;
  }

  #finish(): ClientAction {
    if (this.#receivedBytes !== this.#wish.expected.length)
      return this.#fail(`the file ended after ${this.#receivedBytes} of ${this.#wish.expected.length} bytes`);
    this.#state = 'over';
    return { do: 'finish', bytes: this.#acknowledge() };
  }

  #progress(nowMs: number): void {
    this.#progressMs = nowMs;
    this.#attempts = 0;
    this.#toldGap = false;
  }

  #acknowledge(): Uint8Array {
    this.#acknowledged = this.#received;
    const block = this.#received % WIRE_BLOCKS;
    return Uint8Array.of(0, Opcode.ACK, block >>> 8, block & 0xff);
  }

  #send(bytes: Uint8Array): ClientAction {
    this.#last = bytes;
    return { do: 'send', bytes };
  }

  #fail(because: string): ClientAction {
    this.#state = 'over';
    return { do: 'fail', because };
  }
}

/** For a packet that came from another port than the transfer's (RFC 1350 §4). */
export const STRANGER_ANSWER = encodePacket({
  op: 'ERROR',
  code: ErrorCode.unknownTransfer,
  message: 'Unknown transfer ID',
});

/** Ends a transfer that is not wanted any more. */
export const BREAK_OFF = encodePacket({
  op: 'ERROR',
  code: ErrorCode.notDefined,
  message: 'The measurement is over',
});
