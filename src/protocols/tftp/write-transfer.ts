import type { TransferError } from './transfer-action.ts';
import { ErrorCode, WIRE_BLOCKS } from './packet.ts';

/**
 * The engine of one write transfer (RFC 1350, 2347, 7440), from the side that receives: it is told what arrived and
 * what time it is, and says what to do. It has no socket, no clock and no file. Blocks are counted from 1 without end.
 */

export type WriteAction =
  | { readonly do: 'wait' }
  | { readonly do: 'send OACK' }
  /** Send the ACK of this block (modulo 2^16 on the wire), then call `sent`. */
  | { readonly do: 'acknowledge'; readonly block: number }
  /** Keep the bytes of this block. With `after: 'stored'` call `stored` once everything taken so far is kept. */
  | { readonly do: 'take'; readonly last: boolean; readonly after: 'go on' | 'stored' }
  /** Nothing more will come. */
  | { readonly do: 'finish' }
  | { readonly do: 'abort'; readonly because: string; readonly error?: TransferError };

export interface WriteShape {
  readonly blockBytes: number;
  readonly windowBlocks: number;
  readonly timeoutMs: number | undefined;
  /** What the client gets first: the OACK if an option was granted, else ACK 0. */
  readonly begins: 'OACK' | 'ACK';
}

export interface WriteTimes {
  /** Before the first repetition when the client asked for no timeout; doubled for each further one. */
  readonly firstTimeoutMs: number;
  readonly longestTimeoutMs: number;
  /** How often the same answer is sent in all before the client counts as gone. */
  readonly attempts: number;
  /** How long a repeated last block is still answered, since its ACK may have been lost (RFC 1350 §6). */
  readonly dallyMs: number;
  /** In a window a copy of the last block is acknowledged again no earlier than this after its ACK. */
  readonly copyPauseMs: number;
  /** A request that is repeated while packets came more recently than this is a late copy. */
  readonly lateCopyMs: number;
}

export const WRITE_TIMES: WriteTimes = {
  firstTimeoutMs: 1000,
  longestTimeoutMs: 8000,
  attempts: 6,
  dallyMs: 3000,
  copyPauseMs: 100,
  lateCopyMs: 1000,
};

const WAIT: WriteAction = { do: 'wait' };

export class WriteTransfer {
  readonly #shape: WriteShape;
  readonly #times: WriteTimes;
  #state: 'receiving' | 'storing' | 'storing the last' | 'dallying' | 'over' = 'receiving';
  /** All blocks up to this one are here. */
  #received = 0;
  /** The last block that was acknowledged: the client's window begins behind it. */
  #acknowledged = 0;
  /** Time of our last answer, or of a block that needed none; undefined until the first answer has left. */
  #sinceMs: number | undefined;
  #heardMs: number | undefined;
  #attempts = 1;
  /** In a window this position has had its one answer to a gap or a copy; EDK2 and others send one packet for each. */
  #gapTold = false;
  #answers = 0;
  #retransmissions = 0;

  constructor(shape: WriteShape, times: WriteTimes = WRITE_TIMES) {
    this.#shape = shape;
    this.#times = times;
  }

  /** Answers that were sent more than once. */
  get retransmissions(): number {
    return this.#retransmissions;
  }

  /** When `onTime` wants to be called if nothing arrives before. */
  get deadlineMs(): number {
    if (this.#sinceMs === undefined || this.#isStoring()) return Infinity;
    return this.#sinceMs + (this.#state === 'dallying' ? this.#times.dallyMs : this.#timeoutMs());
  }

  start(): WriteAction {
    return this.#firstAnswer();
  }

  /** The caller has sent what it was told to send. */
  sent(nowMs: number): void {
    this.#sinceMs = nowMs;
  }

  onData(wireBlock: number, bytes: number, nowMs: number): WriteAction {
    if (this.#state === 'over' || this.#isStoring() || bytes > this.#shape.blockBytes) return WAIT;
    const ahead = this.#ahead(wireBlock);
    if (ahead === 0 && this.#state === 'receiving') return this.#take(bytes, nowMs);
    const isCopy = ahead === -1 && this.#received > 0;
    if (this.#state === 'dallying') return isCopy ? this.#acknowledge() : WAIT;
    // A copy in lock step means that our ACK was lost (RFC 1350 §2). Acknowledging it is safe: a sender that
    // answers a repeated ACK with data is the one that RFC 1123 §4.2.3.1 forbids.
    if (isCopy && this.#shape.windowBlocks === 1) return this.#acknowledge();
    const isGap = ahead > 0 && ahead < this.#shape.windowBlocks;
    // A sender with windows answers a repeated ACK by a whole window: copies that are only late would then double
    // every window from here on. One that did not hear our ACK repeats after a while.
    const isUnheard = isCopy && nowMs - (this.#sinceMs ?? nowMs) >= this.#times.copyPauseMs;
    if ((!isGap && !isUnheard) || this.#gapTold) return WAIT;
    this.#gapTold = true;
    return this.#received === 0 ? this.#firstAnswer() : this.#acknowledge();
  }

  /** Everything taken is kept; of the last block: the file is whole and in its place. */
  stored(): WriteAction {
    if (!this.#isStoring()) return WAIT;
    this.#state = this.#state === 'storing the last' ? 'dallying' : 'receiving';
    return this.#acknowledge('first');
  }

  /** The client ends the transfer; it gets no answer (RFC 1350 §7). */
  onError(code: number, message: string): WriteAction {
    if (this.#state === 'over') return WAIT;
    const words = message === '' ? `ERROR ${code}` : `ERROR ${code} "${message}"`;
    return this.#leave(`the client ended it with ${words} after block ${this.#received}`);
  }

  /** The same request came again from the same port. */
  onRequestAgain(nowMs: number): WriteAction {
    if (this.#state === 'over' || this.#isStoring() || this.#sinceMs === undefined) return WAIT;
    if (this.#heardMs === undefined) return this.#firstAnswer();
    // A client that sends data does not ask again: either this copy was late on its way, or the machine was reset.
    return nowMs - this.#heardMs <= this.#times.lateCopyMs ? WAIT : this.onReplaced();
  }

  /** The client began anew, or with something else, from the same port. */
  onReplaced(): WriteAction {
    if (this.#state === 'over') return WAIT;
    return this.#leave(`the client made another request from the same port after block ${this.#received}`);
  }

  /** Time has passed. Being called too early does no harm. */
  onTime(nowMs: number): WriteAction {
    if (this.#state === 'over' || nowMs < this.deadlineMs) return WAIT;
    if (this.#state === 'dallying') return this.#leave('');
    this.#attempts += 1;
    if (this.#attempts > this.#times.attempts) return this.#giveUp();
    this.#gapTold = false;
    return this.#received === 0 ? this.#firstAnswer() : this.#acknowledge();
  }

  #take(bytes: number, nowMs: number): WriteAction {
    this.#received += 1;
    this.#heardMs = nowMs;
    this.#sinceMs = nowMs;
    this.#attempts = 1;
    this.#gapTold = false;
    const last = bytes < this.#shape.blockBytes;
    const whole = this.#received - this.#acknowledged >= this.#shape.windowBlocks;
    if (last) this.#state = 'storing the last';
    else if (whole) this.#state = 'storing';
    return { do: 'take', last, after: last || whole ? 'stored' : 'go on' };
  }

  #firstAnswer(): WriteAction {
    if (this.#answers > 0) this.#retransmissions += 1;
    this.#answers += 1;
    return this.#shape.begins === 'OACK' ? { do: 'send OACK' } : { do: 'acknowledge', block: 0 };
  }

  #acknowledge(which: 'first' | 'again' = 'again'): WriteAction {
    if (which === 'again') this.#retransmissions += 1;
    this.#acknowledged = this.#received;
    return { do: 'acknowledge', block: this.#received };
  }

  #giveUp(): WriteAction {
    this.#state = 'over';
    const because =
      this.#heardMs === undefined
        ? 'the client sent nothing'
        : `the client stopped sending after block ${this.#received}`;
    return { do: 'abort', because, error: { code: ErrorCode.notDefined, message: 'The transfer timed out' } };
  }

  /** After the last block's ACK nothing is lost by it any more. */
  #leave(because: string): WriteAction {
    const isWhole = this.#state === 'dallying';
    this.#state = 'over';
    return isWhole ? { do: 'finish' } : { do: 'abort', because };
  }

  /** Blocks from the one that is wanted next to this one; negative for one that was here already. */
  #ahead(wireBlock: number): number {
    const difference = (wireBlock - this.#received - 1) & (WIRE_BLOCKS - 1);
    return difference >= WIRE_BLOCKS / 2 ? difference - WIRE_BLOCKS : difference;
  }

  #isStoring(): boolean {
    return this.#state === 'storing' || this.#state === 'storing the last';
  }

  #timeoutMs(): number {
    const doubled = this.#times.firstTimeoutMs * 2 ** (this.#attempts - 1);
    return this.#shape.timeoutMs ?? Math.min(doubled, this.#times.longestTimeoutMs);
  }
}
