import { addressOf, type PeerName, peerNumber, portOf } from '../../os/datagram-batch.ts';
import type { Libc } from '../../os/libc.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import { decideAdmission, LoadCount } from './admission.ts';
import { AlarmHeap } from './alarm-heap.ts';
import { Lately } from './lately.ts';
import { ClientPaths } from './client-paths.ts';
import { decodePacket, encodePacket, ErrorCode, type TftpErrorCode, type TftpPacket } from './packet.ts';
import { type PlaneFile, PlaneFiles } from './plane-files.ts';
import type { DoorState, PlaneAnswer, PlaneTidings } from './plane-messages.ts';
import { PlaneSender } from './plane-sender.ts';
import { makePlaneTransfer, sendErrorOf } from './plane-transfer.ts';
import { type Asked, type PlaneDoor, type PlaneTransfer, PlaneTransfers } from './plane-transfers.ts';
import { Tidings } from './plane-tidings.ts';
import type { ClientTraits } from './quirks.ts';
import type { TftpClient } from './server-options.ts';
import type { TransferAction } from './transfer-action.ts';

/** Where a datagram came from, and on which socket of the door. */
interface Sender {
  readonly door: PlaneDoor;
  readonly fd: number;
  readonly peer: PeerName;
}

/** Between two looks at what is remembered too long. */
const SWEEP_MS = 1000;
/** What was told of a client holds for its next requests: a boot asks for many files within seconds. */
const TRAITS_MS = 10_000;
const MAX_TRAITS = 4096;
/** How long a late packet of a transfer that has ended may be on its way. */
const ENDED_MS = 10_000;
const MAX_ENDED = 4096;
const UNKNOWN_TRANSFER = encodePacket({
  op: 'ERROR',
  code: ErrorCode.unknownTransfer,
  message: 'Unknown transfer',
});
const NO_TRAITS: ClientTraits = {};
const EFAULT = 14;
/** What kernels and network cards say that cannot cut a datagram in pieces: EIO, EINVAL, EMSGSIZE, EOPNOTSUPP. */
const NO_SEGMENTS = [5, 22, 90, 95];

/** Carries out what the engines say, for all transfers of one thread. */
export class PlaneServing {
  readonly transfers = new PlaneTransfers();
  readonly tidings = new Tidings();
  readonly #sender: PlaneSender;
  readonly #files: PlaneFiles;
  readonly #alarms = new AlarmHeap<PlaneTransfer>();
  readonly #load = new LoadCount<number>();
  readonly #traits = new Lately<number, ClientTraits>({ keepMs: TRAITS_MS, keys: MAX_TRAITS });
  readonly #paths = new ClientPaths<number>();
  readonly #asked = new Map<number, Asked>();
  /** Requests for a name that somebody else's question is about: one answer may do for all. */
  readonly #waiting = new Map<string, Asked[]>();
  readonly #endedLately = new Lately<number, true>({ keepMs: ENDED_MS, keys: MAX_ENDED });
  readonly #doorIsEmpty: (door: PlaneDoor) => void;
  #lastQuestion = 0;
  #sweptMs = 0;

  /** @param doorIsEmpty a door that is left serves nobody any more. */
  constructor(libc: Libc, doorIsEmpty: (door: PlaneDoor) => void) {
    this.#sender = new PlaneSender(libc, (transfer, errno) => this.#onUnsent(transfer, errno));
    this.#files = new PlaneFiles(libc);
    this.#doorIsEmpty = doorIsEmpty;
  }

  /** When `onTime` or `takeTidings` is wanted. */
  dueMs(nowMs: number): number {
    return Math.min(this.#alarms.nextMs, this.tidings.dueMs, nowMs + SWEEP_MS);
  }

  onAck(transfer: PlaneTransfer, block: number, nowMs: number): void {
    this.#carryOut(transfer, transfer.engine.onAck(block, nowMs), nowMs);
  }

  /** A datagram that is no ACK, as `ReceiveBatch.characters` gives it. */
  onOther(from: Sender, bytes: string, nowMs: number): void {
    const { door, peer, fd } = from;
    try {
      const known = fd === door.requestFd ? door.requests.of(bytes) : undefined;
      if (known) return this.#onRequest({ door, peer, known, cancelled: undefined }, nowMs);
      const packet = decodePacket(Buffer.from(bytes, 'latin1'));
      if ((packet.op === 'RRQ' || packet.op === 'WRQ') && fd === door.requestFd) {
        const request = door.requests.add(bytes, packet);
        return this.#onRequest({ door, peer, known: request, cancelled: undefined }, nowMs);
      }
      const transfer = this.transfers.of(door, peer.family, peer.address);
      if (!transfer) return this.onStranger(from, packet.op, nowMs);
      if (packet.op !== 'ERROR') throw new DecodeError(`A reader sends ACK or ERROR, not ${packet.op}`, 0);
      this.#carryOut(transfer, transfer.engine.onError(packet.code, packet.message), nowMs);
    } catch (error) {
      if (error instanceof DecodeError) this.tidings.dropped(door.id, error.message, nowMs);
      else this.tidings.failed(error);
    }
  }

  /**
   * A packet of no transfer gets ERROR 5 (RFC 1350 §4), but never an ERROR, and not one to a client whose transfer
   * ended a moment ago: its late ACK means nothing, and it may be asking for the next file from the same port.
   */
  onStranger({ door, fd, peer }: Sender, op: TftpPacket['op'], nowMs: number): void {
    this.tidings.dropped(door.id, `${op} came that belongs to no transfer`, nowMs);
    const isData = fd === door.dataFd && fd !== door.requestFd;
    if (!isData || op === 'ERROR' || this.#endedLately.of(peerNumber(peer), nowMs)) return;
    if (!door.strangers.take(0, nowMs).take) return;
    this.#sender.packet(fd, peer, UNKNOWN_TRANSFER, undefined);
  }

  onAnswer(question: number, answer: PlaneAnswer, nowMs: number): void {
    const asked = this.#asked.get(question);
    this.#asked.delete(question);
    const key = asked ? nameKey(asked) : '';
    const file =
      answer.give === 'file' || answer.give === 'bytes' ? this.#files.take(answer, key) : undefined;
    if (asked) {
      if (file && 'traits' in answer) {
        this.#traits.set(asked.peer.address, answer.traits, nowMs);
        if (answer.holdsFor === 'everyone') this.#files.remember(key, file, nowMs);
      }
      this.#settle(asked, answer, file, nowMs);
      this.#settleWaiting(key, nowMs);
    }
    if (file) this.#files.release(file);
  }

  onTime(nowMs: number): void {
    for (let transfer = this.#alarms.take(nowMs); transfer; transfer = this.#alarms.take(nowMs)) {
      if (!transfer.over) this.#carryOut(transfer, transfer.engine.onTime(nowMs), nowMs);
    }
    if (nowMs - this.#sweptMs < SWEEP_MS) return;
    this.#sweptMs = nowMs;
    this.#files.sweep(nowMs);
  }

  /** Ends all that a door still serves. */
  drop(door: PlaneDoor | undefined, nowMs: number): void {
    const error = { code: ErrorCode.notDefined, message: 'The server is stopping' };
    for (const transfer of this.transfers)
      if (transfer.door === door) this.#abort(transfer, 'the server was stopped', error, nowMs);
    if (!door) return;
    for (const asked of door.asked.values()) {
      asked.cancelled = 'the server was stopped';
      this.#refuse(asked, undefined, asked.cancelled, nowMs);
    }
    door.asked.clear();
    // Answers that are still to come find it gone.
    door.serving = 0;
    this.#doorIsEmpty(door);
  }

  /** Sends what has been put together since the last time. */
  flush(): void {
    this.#sender.flush();
    if (this.#files.reap()) this.tidings.released();
  }

  takeTidings(doors: Iterable<PlaneDoor>): PlaneTidings {
    return this.tidings.take({ released: this.#files.takeReleased(), doors: Array.from(doors, stateOf) });
  }

  free(): void {
    this.#sender.free();
  }

  #onRequest(asked: Asked, nowMs: number): void {
    if (this.#isAnswered(asked, nowMs)) return;
    const { door, peer, known } = asked;
    const { request } = known;
    const rate = door.rates.take(peer.address, nowMs);
    if (!rate.take) return this.#refuse(asked, undefined, rate.because, nowMs);
    const load = this.#load.seenBy(peer.address, door.leaving);
    const admission = decideAdmission(request, load, door.limits);
    // Who writes, or wants netascii, is served elsewhere: there the same is decided once more.
    const elsewhere = request.op === 'WRQ' || (admission.admit && admission.mode !== 'octet');
    if (!admission.admit && !elsewhere) return this.#refuse(asked, admission.code, admission.because, nowMs);
    this.#count(door, peer);
    const own = elsewhere || this.#needsTraits(asked, nowMs);
    const key = nameKey(asked);
    const file = own ? undefined : this.#files.remembered(key, nowMs);
    if (file) return this.#begin(asked, file, nowMs);
    door.asked.set(peerNumber(peer), asked);
    const waiting = own ? undefined : this.#waiting.get(key);
    if (waiting) waiting.push(asked);
    else this.#ask(asked, own ? undefined : key);
  }

  /** What is known of the client's firmware decides how long its windows may be, so it must be known. */
  #needsTraits({ known, peer }: Asked, nowMs: number): boolean {
    return known.asksWindow && this.#traits.of(peer.address, nowMs) === undefined;
  }

  /** The same request again, which is answered already, or another from the same port, which takes its place. */
  #isAnswered({ door, peer, known }: Asked, nowMs: number): boolean {
    const asked = door.asked.get(peerNumber(peer));
    if (asked) {
      if (asked.known.bytes === known.bytes) return true;
      asked.cancelled = 'the client asked for something else from the same port';
      door.asked.delete(peerNumber(peer));
    }
    const transfer = this.transfers.of(door, peer.family, peer.address);
    if (!transfer) return false;
    if (transfer.begun.known.bytes === known.bytes) {
      this.#carryOut(transfer, transfer.engine.onRequestAgain(nowMs), nowMs);
      return !transfer.over;
    }
    this.#carryOut(transfer, transfer.engine.onReplaced(), nowMs);
    return false;
  }

  /** @param key others may wait for the same answer; undefined when it is this client's alone. */
  #ask(asked: Asked, key: string | undefined): void {
    this.#lastQuestion += 1;
    this.#asked.set(this.#lastQuestion, asked);
    if (key !== undefined && !this.#waiting.has(key)) this.#waiting.set(key, []);
    const { door, peer, known } = asked;
    const { request } = known;
    this.tidings.ask({ question: this.#lastQuestion, door: door.id, request, client: clientOf(peer) });
  }

  #settle(asked: Asked, answer: PlaneAnswer, file: PlaneFile | undefined, nowMs: number): void {
    const { door, peer } = asked;
    const key = peerNumber(peer);
    if (door.asked.get(key) === asked) door.asked.delete(key);
    if (file && asked.cancelled === undefined && !this.transfers.of(door, peer.family, peer.address))
      return this.#begin(asked, file, nowMs);
    if (asked.cancelled !== undefined) this.#refuse(asked, undefined, asked.cancelled, nowMs);
    else if (answer.give === 'refusal') this.#refuse(asked, answer.code, answer.message, nowMs);
    this.#uncount(door, peer, nowMs);
  }

  /** The others that wanted the same name: the answer holds for them too, or each is asked about alone. */
  #settleWaiting(key: string, nowMs: number): void {
    const waiting = this.#waiting.get(key);
    if (!waiting) return;
    this.#waiting.delete(key);
    const known = this.#files.remembered(key, nowMs);
    for (const asked of waiting) {
      if (known) this.#settle(asked, { give: 'nothing' }, known, nowMs);
      else this.#ask(asked, undefined);
    }
  }

  #begin(asked: Asked, file: PlaneFile, nowMs: number): void {
    this.#files.hold(file);
    const { address } = asked.peer;
    const known = {
      path: this.#paths.of(address, nowMs),
      traits: this.#traits.of(address, nowMs) ?? NO_TRAITS,
    };
    const transfer = makePlaneTransfer(asked, file, known, nowMs);
    transfer.sheet = this.#files.sheetOf(file, transfer.blockBytes);
    this.transfers.add(transfer);
    this.#carryOut(transfer, transfer.engine.start(), nowMs);
  }

  #carryOut(transfer: PlaneTransfer, action: TransferAction, nowMs: number): void {
    if (transfer.over) return;
    switch (action.do) {
      case 'wait':
        break;
      case 'send':
        this.#sender.blocks(transfer, action);
        transfer.engine.sent(nowMs);
        break;
      case 'send OACK':
        this.#sendOack(transfer);
        transfer.engine.sent(nowMs);
        break;
      case 'finish':
        return this.#end(transfer, action.outcome, action.because, nowMs);
      case 'abort':
        return this.#abort(transfer, action.because, action.error, nowMs);
      default:
        action satisfies never;
    }
    this.#alarms.set(transfer);
  }

  #sendOack(transfer: PlaneTransfer): void {
    const { oack } = transfer.begun.agreement;
    if (oack) this.#sender.packet(transfer.door.dataFd, transfer.peer, oack, transfer);
  }

  #abort(
    transfer: PlaneTransfer,
    because: string,
    error: { readonly code: TftpErrorCode; readonly message: string } | undefined,
    nowMs: number,
  ): void {
    if (transfer.over) return;
    const { door, peer } = transfer;
    if (error) this.#sender.packet(door.dataFd, peer, encodePacket({ op: 'ERROR', ...error }), undefined);
    this.#end(transfer, 'failed', `${because}${sendErrorOf(transfer)}`, nowMs);
  }

  #end(
    transfer: PlaneTransfer,
    outcome: 'sent' | 'probe' | 'failed',
    because: string | undefined,
    nowMs: number,
  ): void {
    const { door, engine, peer } = transfer;
    const { windowBlocks } = transfer.begun.agreement.shape;
    transfer.over = true;
    this.transfers.remove(transfer);
    this.#files.release(transfer.file);
    const { roundTripMs, windows } = engine;
    this.#endedLately.set(peerNumber(peer), true, nowMs);
    this.#paths.learn(peer.address, { roundTripMs, windowBlocks, windows }, nowMs);
    this.tidings.ended(transfer, outcome, because, nowMs);
    this.#uncount(door, peer, nowMs);
  }

  #onUnsent(transfer: PlaneTransfer, errno: number): void {
    if (transfer.over) return;
    const nowMs = transfer.begun.startedMs;
    if (errno === EFAULT) {
      const error = { code: ErrorCode.notDefined, message: 'The file could not be read' };
      return this.#abort(transfer, 'the file became shorter while it was sent', error, nowMs);
    }
    // What was refused counts as lost, and is sent again in single pieces.
    if (transfer.segments && NO_SEGMENTS.includes(errno)) transfer.segments = false;
    else transfer.lastErrno = errno;
  }

  #refuse(
    { door, peer, known }: Asked,
    code: TftpErrorCode | undefined,
    because: string,
    nowMs: number,
  ): void {
    if (code !== undefined) {
      const message = because.charAt(0).toUpperCase() + because.slice(1);
      this.#sender.packet(door.dataFd, peer, encodePacket({ op: 'ERROR', code, message }), undefined);
    }
    const { op, fileName: name, mode } = known.request;
    const client = clientOf(peer);
    this.tidings.refused({ door: door.id, op, name, mode, client, code, because }, nowMs);
  }

  #count(door: PlaneDoor, { address }: PeerName): void {
    this.#load.change(address, 'octet', 'RRQ', 1);
    door.serving += 1;
  }

  #uncount(door: PlaneDoor, { address }: PeerName, nowMs: number): void {
    this.#load.change(address, 'octet', 'RRQ', -1);
    door.serving -= 1;
    // A request that the main thread serves itself ends without a word here.
    this.tidings.changed(nowMs);
    if (door.serving === 0 && door.leaving) this.#doorIsEmpty(door);
  }
}

function clientOf(peer: PeerName): TftpClient {
  return { address: addressOf(peer), port: portOf(peer) };
}

function stateOf({ id, serving, rates }: PlaneDoor): DoorState {
  return { door: id, serving, overRate: rates.overRate };
}

/** By what an answer for everyone is remembered. */
function nameKey({ door, known }: Asked): string {
  return `${door.id} ${known.request.fileName}`;
}
