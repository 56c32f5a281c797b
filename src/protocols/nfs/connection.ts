import type { PreparedCall } from './answer-calls.ts';
import { MARK_BYTES, recordMark, RecordReader } from './record-marking.ts';
import type { RpcPeer } from './rpc.ts';
import type { Pieces } from './xdr.ts';

/**
 * The calls of one TCP connection, as many at a time as there is memory for: it is told what arrived and what was taken
 * by the system, and says what to send. A client that does not read its replies is not read from either.
 */

export interface ConnectionLimits {
  /** Of one call. Calls to a server that is only read are small; the most is a refused WRITE of 32 KiB. */
  readonly callBytes: number;
  /** Calls of one connection that are being answered; Linux sends 128 and waits. */
  readonly callsAtOnce: number;
  /** Bytes of replies that are worked out, or not taken by the system yet. One call is answered whatever its reply. */
  readonly replyBytes: number;
}

export const CONNECTION_LIMITS: ConnectionLimits = {
  callBytes: 64 * 1024,
  callsAtOnce: 32,
  replyBytes: 3 * 1024 * 1024,
};

export interface Wire<Piece = Uint8Array> {
  /** Sends the pieces together; `taken` is called when the system has them, and never when the connection ends. */
  send(pieces: readonly (Uint8Array | Piece)[], taken: () => void): void;
  pause(): void;
  resume(): void;
  /** Ends it at once. */
  destroy(): void;
}

/** Memory for the replies of all connections. */
export class ReplyMemory {
  readonly #mostBytes: number;
  readonly #waiting = new Set<() => void>();
  #usedBytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** Whether somebody waits because there is no more. */
  get isWanted(): boolean {
    return this.#waiting.size > 0;
  }

  /** False when there is not that much; `again` is called when that may have changed. */
  take(bytes: number, again: () => void): boolean {
    if (this.#usedBytes > 0 && this.#usedBytes + bytes > this.#mostBytes) {
      this.#waiting.add(again);
      return false;
    }
    this.#usedBytes += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#usedBytes -= bytes;
    if (this.#waiting.size === 0) return;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const again of waiting) again();
  }

  forget(again: () => void): void {
    this.#waiting.delete(again);
  }
}

/** What turns the bytes of a call into its answer; undefined for what is no call. */
export interface Desk<Piece = Uint8Array> {
  prepare(bytes: Uint8Array, peer: RpcPeer): PreparedCall<Piece> | undefined;
}

export interface ConnectionOptions<Piece> {
  readonly wire: Wire<Piece>;
  readonly desk: Desk<Piece>;
  readonly peer: Omit<RpcPeer, 'nowMs'>;
  readonly memory: ReplyMemory;
  readonly limits: ConnectionLimits;
  readonly now: () => number;
  /** The client did not keep to the rules; the connection has ended. */
  readonly dropped: (error: unknown) => void;
}

interface ReplyPiece {
  /** In bytes, as they are sent. */
  readonly length: number;
  /** What of them is in memory, where that is not all. */
  readonly heldBytes?: number;
}

/** Replies are pieces of bytes, and of whatever else its wire can send. */
export class RpcConnection<Piece extends ReplyPiece = Uint8Array> {
  readonly #options: ConnectionOptions<Piece>;
  readonly #records: RecordReader;
  readonly #waiting: PreparedCall<Piece>[] = [];
  readonly #again = (): void => this.#start();
  #answering = 0;
  #sending = 0;
  #heldBytes = 0;
  #isStarting = false;
  #isPaused = false;
  #isOver = false;
  #heardMs: number;
  /** When the system last took something, or began to have something to take. */
  #takenMs: number;

  constructor(options: ConnectionOptions<Piece>) {
    this.#options = options;
    this.#records = new RecordReader(options.limits.callBytes);
    this.#heardMs = options.now();
    this.#takenMs = this.#heardMs;
  }

  /** Whether a call waits for its answer, or an answer for its client. */
  get isBusy(): boolean {
    return this.#answering > 0 || this.#sending > 0 || this.#waiting.length > 0;
  }

  /** How long the client has taken nothing of what waits for it. */
  stalledMs(nowMs: number): number {
    return this.#sending === 0 ? 0 : nowMs - this.#takenMs;
  }

  /** How long nothing was heard, while nothing was to be answered. */
  idleMs(nowMs: number): number {
    return this.isBusy ? 0 : nowMs - Math.max(this.#heardMs, this.#takenMs);
  }

  onBytes(bytes: Uint8Array): void {
    const { now, desk, peer, dropped } = this.#options;
    if (this.#isOver) return;
    this.#heardMs = now();
    try {
      for (const record of this.#records.push(bytes)) {
        const call = desk.prepare(record, { ...peer, nowMs: this.#heardMs });
        if (call) this.#waiting.push(call);
      }
    } catch (error) {
      this.end();
      dropped(error);
      return;
    }
    this.#start();
  }

  /** Ends it at once; answers that are being worked out are thrown away. */
  end(): void {
    this.onEnd();
    this.#options.wire.destroy();
  }

  /** It has ended. */
  onEnd(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#waiting.length = 0;
    this.#options.memory.forget(this.#again);
    // What is being answered gives back its own.
    const held = this.#heldBytes;
    this.#heldBytes = 0;
    this.#options.memory.give(held);
  }

  #start(): void {
    const { limits, memory, wire } = this.#options;
    // An answer that is there at once ends up here again.
    if (this.#isStarting) return;
    this.#isStarting = true;
    while (!this.#isOver) {
      const [call] = this.#waiting;
      if (!call || this.#answering >= limits.callsAtOnce) break;
      if (this.#heldBytes > 0 && this.#heldBytes + call.replyBytes > limits.replyBytes) break;
      if (!memory.take(call.replyBytes, this.#again)) break;
      this.#waiting.shift();
      this.#heldBytes += call.replyBytes;
      this.#answering += 1;
      call.answer((reply) => this.#onReply(call, reply));
    }
    this.#isStarting = false;
    const mustPause = this.#waiting.length > 0;
    if (mustPause === this.#isPaused || this.#isOver) return;
    this.#isPaused = mustPause;
    if (mustPause) wire.pause();
    else wire.resume();
  }

  #onReply(call: PreparedCall<Piece>, reply: Pieces<Piece>): void {
    if (this.#isOver) {
      reply.sent?.();
      return;
    }
    this.#answering -= 1;
    const { pieces, sent } = reply;
    let [length, heldBytes] = [0, MARK_BYTES];
    for (const piece of pieces) {
      length += piece.length;
      heldBytes += piece.heldBytes ?? piece.length;
    }
    // It was a guess: a file that ends is less than what was asked for.
    this.#hold(heldBytes - call.replyBytes);
    if (this.#sending === 0) this.#takenMs = this.#options.now();
    this.#sending += 1;
    this.#options.wire.send([recordMark(length), ...pieces], () => {
      sent?.();
      this.#onTaken(heldBytes);
    });
    this.#start();
  }

  #onTaken(bytes: number): void {
    if (this.#isOver) return;
    this.#sending -= 1;
    this.#takenMs = this.#options.now();
    this.#hold(-bytes);
    this.#start();
  }

  #hold(bytes: number): void {
    this.#heldBytes += bytes;
    this.#options.memory.give(-bytes);
  }
}
