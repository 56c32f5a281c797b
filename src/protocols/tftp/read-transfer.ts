import { whyNoFailure } from './early-end.ts';
import { ErrorCode, WIRE_BLOCKS } from './packet.ts';
import { RoundTrip } from './round-trip.ts';
import {
  TRANSFER_TIMES,
  type TransferAction,
  type TransferShape,
  type TransferTimes,
} from './transfer-action.ts';

/**
 * The engine of one read transfer (RFC 1350, 1123 §4.2.3.1, 2347, 7440): it is told what arrived and what time
 * it is, and says what to do. It has no socket, no clock and no file. Times are milliseconds of any clock that
 * only goes forward. Blocks are counted from 1 without end; only the wire has 16 bits.
 */

const WAIT: TransferAction = { do: 'wait' };
/** A client that asks for a timeout is waited for at least this many times as long. */
const PATIENCE_TIMEOUTS = 6;

export class ReadTransfer {
  readonly #shape: TransferShape;
  readonly #times: TransferTimes;
  readonly #lastBlock: number;
  readonly #startedMs: number;
  #negotiating: boolean;
  #oackSent = false;
  #over = false;
  /** The client has every block up to this one. */
  #acknowledged = 0;
  /** The highest block that has ever been sent. */
  #sentThrough = 0;
  /** The first block of the sending that was asked for last. */
  #from = 1;
  /** When the present position was sent for the first time; undefined until then. */
  #sinceMs: number | undefined;
  /** Undefined while an action waits to be carried out. */
  #sentMs: number | undefined;
  #heardMs: number | undefined;
  /** How the window under way came to be sent: only in a new one is every ACK an answer to a block's first sending. */
  #window: 'new' | 'repeated' | 'rolled back' = 'new';
  /** From window sent to window acknowledged. */
  readonly #roundTrip: RoundTrip;
  /** When a repeated ACK will be acted upon, unless the client moves on before. */
  #rollBackAtMs: number | undefined;
  /** This position has had its one answer to a repeated ACK. */
  #rolledBack = false;
  #retransmissions = 0;
  #windows = 0;
  #rollBacks = 0;

  /** @param knownMs the round trip that the last transfer of the same client measured. */
  constructor(shape: TransferShape, nowMs: number, times: TransferTimes = TRANSFER_TIMES, knownMs?: number) {
    this.#shape = shape;
    this.#times = times;
    this.#roundTrip = new RoundTrip({ times, askedMs: shape.timeoutMs, knownMs });
    // The block that ends the file is shorter than the others; it is empty when the size is a multiple.
    this.#lastBlock = Math.floor(shape.totalBytes / shape.blockBytes) + 1;
    this.#negotiating = shape.begins === 'OACK';
    this.#startedMs = nowMs;
  }

  /** Bytes that the client is known to have. */
  get acknowledgedBytes(): number {
    return Math.min(this.#acknowledged * this.#shape.blockBytes, this.#shape.totalBytes);
  }

  /** Packets that were sent more than once. */
  get retransmissions(): number {
    return this.#retransmissions;
  }

  /** Smoothed round trip in milliseconds; undefined until it has been measured. */
  get roundTripMs(): number | undefined {
    return this.#roundTrip.smoothedMs;
  }

  /** Windows acknowledged as a whole, and how often the client wanted a part of one again. */
  get windows(): { readonly whole: number; readonly rolledBack: number } {
    return { whole: this.#windows, rolledBack: this.#rollBacks };
  }

  /** When `onTime` wants to be called if nothing arrives before. */
  get deadlineMs(): number {
    const over = this.#overMs();
    if (this.#sentMs === undefined) return over;
    return Math.min(over, this.#sentMs + this.#roundTrip.timeoutMs, this.#rollBackAtMs ?? Infinity);
  }

  start(): TransferAction {
    return this.#negotiating ? { do: 'send OACK' } : this.#sendWindow('new');
  }

  /** The caller has carried out a `send` or `send OACK`. */
  sent(nowMs: number): void {
    this.#sentMs = nowMs;
    this.#sinceMs ??= nowMs;
    if (this.#negotiating) {
      this.#retransmissions += this.#oackSent ? 1 : 0;
      this.#oackSent = true;
      return;
    }
    this.#retransmissions += this.#sentThrough - this.#from + 1;
    this.#sentThrough = this.#windowEnd();
  }

  onAck(wireBlock: number, nowMs: number): TransferAction {
    const block = this.#unwrap(wireBlock);
    if (this.#over || block === undefined) return WAIT;
    this.#heardMs = nowMs;
    if (this.#negotiating) {
      this.#negotiating = false;
      return this.#onWholeWindow(nowMs);
    }
    return block === this.#acknowledged ? this.#onRepeatedAck(nowMs) : this.#onAdvance(block, nowMs);
  }

  /** The client ends the transfer; it gets no answer (RFC 1350 §7). */
  onError(code: number, message: string): TransferAction {
    if (this.#over) return WAIT;
    const words = message === '' ? `ERROR ${code}` : `ERROR ${code} "${message}"`;
    const { sizeTold } = this.#shape;
    const why = whyNoFailure({ code, message, negotiating: this.#negotiating, sizeTold });
    if (why !== undefined) return this.#finish('probe', `${why} and ended with ${words}`);
    this.#over = true;
    return { do: 'abort', because: `the client ended it with ${words} after ${this.#position()}` };
  }

  /** The same request came again from the same port. */
  onRequestAgain(nowMs: number): TransferAction {
    if (this.#over || this.#sentMs === undefined) return WAIT;
    if (this.#heardMs === undefined) return this.#repeat();
    // A client that gets data does not ask again: either this copy was late on its way, or the machine was reset.
    return nowMs - this.#heardMs <= this.#times.lateCopyMs ? WAIT : this.onReplaced();
  }

  /** The client began anew, or with something else, from the same port; it hears nothing of this transfer any more. */
  onReplaced(): TransferAction {
    if (this.#over) return WAIT;
    const because = `the client made another request from the same port after ${this.#position()}`;
    if (this.#atTheEnd()) return this.#finish('sent', because);
    if (this.#negotiating && this.#shape.sizeTold) return this.#finish('probe', because);
    this.#over = true;
    return { do: 'abort', because };
  }

  /** Time has passed. Being called too early does no harm. */
  onTime(nowMs: number): TransferAction {
    if (this.#over || nowMs < this.deadlineMs) return WAIT;
    if (nowMs >= this.#overMs()) return this.#giveUp();
    if (this.#sentMs === undefined || nowMs < this.#sentMs + this.#roundTrip.timeoutMs)
      return this.#rollBackOnce();
    this.#roundTrip.doubled();
    this.#rolledBack = false;
    return this.#repeat();
  }

  /** The block an ACK means: one between the last acknowledged and the last sent, or undefined for an old or wrong one. */
  #unwrap(wireBlock: number): number | undefined {
    const ahead = (wireBlock - (this.#acknowledged % WIRE_BLOCKS) + WIRE_BLOCKS) % WIRE_BLOCKS;
    return ahead <= this.#sentThrough - this.#acknowledged ? this.#acknowledged + ahead : undefined;
  }

  #onAdvance(block: number, nowMs: number): TransferAction {
    this.#acknowledged = block;
    this.#sinceMs = undefined;
    this.#rolledBack = false;
    this.#rollBackAtMs = undefined;
    if (block === this.#lastBlock) return this.#finish('sent');
    if (block === this.#sentThrough) return this.#onWholeWindow(nowMs);
    // A part of the window: what follows it was lost (RFC 7440 §4). But a client that gets something for the second
    // time sends such an ACK too, and then takes the rest; to begin anew for it would go on for ever. So what is under
    // way already is only filled up to a whole window.
    this.#rollBacks += 1;
    const underWay = this.#window !== 'new' && this.#sentMs !== undefined;
    return underWay ? this.#fillWindow() : this.#sendWindow('rolled back');
  }

  #onWholeWindow(nowMs: number): TransferAction {
    if (this.#window === 'new' && this.#sentMs !== undefined) this.#roundTrip.measured(nowMs - this.#sentMs);
    this.#windows += 1;
    this.#sinceMs = undefined;
    return this.#sendWindow('new');
  }

  /**
   * In lock step a repeated ACK is never answered: both sides would double every packet from here on (the
   * Sorcerer's Apprentice, RFC 1123 §4.2.3.1). In a window it may say that the next block was lost, but EDK2
   * also sends one for every block that is out of order: so it is answered once for each position, and only
   * after the client had the time to answer what is under way.
   */
  #onRepeatedAck(nowMs: number): TransferAction {
    if (this.#shape.windowBlocks === 1 || this.#rolledBack || this.#sentMs === undefined) return WAIT;
    return this.#rollBackLater(nowMs);
  }

  #rollBackLater(nowMs: number): TransferAction {
    const pauseMs = Math.max(this.#times.rollBackMs, 2 * (this.#roundTrip.smoothedMs ?? 0));
    this.#rollBackAtMs ??= (this.#sentMs ?? nowMs) + pauseMs;
    return nowMs >= this.#rollBackAtMs ? this.#rollBackOnce() : WAIT;
  }

  #rollBackOnce(): TransferAction {
    this.#rolledBack = true;
    this.#rollBacks += 1;
    return this.#sendWindow('rolled back');
  }

  #repeat(): TransferAction {
    if (!this.#negotiating) return this.#sendWindow('repeated');
    this.#window = 'repeated';
    this.#sentMs = undefined;
    return { do: 'send OACK' };
  }

  /** The window behind the last acknowledged block. */
  #sendWindow(window: 'new' | 'repeated' | 'rolled back'): TransferAction {
    this.#window = window;
    return this.#send(this.#acknowledged + 1);
  }

  /** The blocks by which the window has moved. */
  #fillWindow(): TransferAction {
    return this.#sentThrough < this.#windowEnd() ? this.#send(this.#sentThrough + 1) : WAIT;
  }

  #send(from: number): TransferAction {
    this.#from = from;
    this.#sentMs = undefined;
    this.#rollBackAtMs = undefined;
    const end = this.#windowEnd();
    return { do: 'send', from, count: end - from + 1, last: end === this.#lastBlock };
  }

  #windowEnd(): number {
    return Math.min(this.#acknowledged + this.#shape.windowBlocks, this.#lastBlock);
  }

  /** When the client counts as gone, unless something is heard of it. Asking for a long timeout asks for patience. */
  #overMs(): number {
    const idleMs = (this.#heardMs ?? this.#startedMs) + this.#times.idleMs;
    if (this.#sentMs === undefined || this.#sinceMs === undefined) return idleMs;
    const { patienceMs, lastPatienceMs } = this.#times;
    const askedMs = PATIENCE_TIMEOUTS * (this.#shape.timeoutMs ?? 0);
    const patient = Math.max(this.#atTheEnd() ? lastPatienceMs : patienceMs, askedMs);
    return Math.min(idleMs, this.#sinceMs + patient);
  }

  /** Everything is sent, and a client that has answered before owes only its acknowledgement. */
  #atTheEnd(): boolean {
    return this.#sentThrough === this.#lastBlock && this.#heardMs !== undefined;
  }

  #giveUp(): TransferAction {
    if (this.#atTheEnd()) return this.#finish('sent', 'the client did not acknowledge the end of the file');
    this.#over = true;
    const because =
      this.#heardMs === undefined
        ? 'the client did not answer'
        : `the client stopped answering after ${this.#position()}`;
    return { do: 'abort', because, error: { code: ErrorCode.notDefined, message: 'The transfer timed out' } };
  }

  #finish(outcome: 'sent' | 'probe', because?: string): TransferAction {
    this.#over = true;
    return because === undefined ? { do: 'finish', outcome } : { do: 'finish', outcome, because };
  }

  #position(): string {
    return `block ${this.#acknowledged} of ${this.#lastBlock}`;
  }
}
