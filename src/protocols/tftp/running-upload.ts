import { DecodeError } from '../../lib/decode-error.ts';
import type { NetasciiDecoder } from './netascii.ts';
import { decodePacket, encodePacket, ErrorCode, WIRE_BLOCKS, type TftpErrorCode } from './packet.ts';
import type { Alarm } from './running-transfer.ts';
import type { TftpFaultReport } from './server-options.ts';
import type { TransferError } from './transfer-action.ts';
import type { Transfer } from './transfer.ts';
import type { WriteAction, WriteTransfer } from './write-transfer.ts';

export type SinkAnswer =
  | { readonly kept: true }
  /** `because` goes to the client as well. */
  | { readonly kept: false; readonly code: TftpErrorCode; readonly because: string };

/** Where the bytes of an upload go. One call at a time. */
export interface UploadSink {
  write(bytes: Uint8Array): Promise<SinkAnswer>;
  /** All is here: puts the file in its place, on the disk. */
  finish(): Promise<SinkAnswer>;
  /** The upload did not become whole; nothing of it is left. */
  abandon(): Promise<void>;
}

export interface UploadEnd {
  readonly outcome: 'received' | 'failed';
  readonly because?: string;
  /** Bytes of the file that were kept; 0 of one that failed. */
  readonly bytes: number;
  readonly retransmissions: number;
}

export interface RunningUploadNeeds {
  readonly engine: WriteTransfer;
  readonly sink: UploadSink;
  /** For netascii: turns the text of the wire into that of a file. */
  readonly decoder: NetasciiDecoder | undefined;
  readonly oack: Uint8Array | undefined;
  readonly send: (packet: Uint8Array) => void;
  readonly nowMs: () => number;
  readonly makeAlarm: (ring: () => void) => Alarm;
  /** Called once, when the file is in its place or lost. */
  readonly ended: (end: UploadEnd) => void;
  /** Called once, after `ended`: nothing more is sent. */
  readonly over: () => void;
  readonly report: TftpFaultReport;
}

const NO_BYTES = new Uint8Array(0);

/** Carries out what the engine says: keeps, acknowledges, keeps its time, and says how it ended. */
export class RunningUpload implements Transfer {
  readonly #needs: RunningUploadNeeds;
  readonly #alarm: Alarm;
  /** Writes follow one another; the engine takes no more than a window before they are done. */
  #storing: Promise<void> = Promise.resolve();
  #bytes = 0;
  #told = false;
  #over = false;

  constructor(needs: RunningUploadNeeds) {
    this.#needs = needs;
    this.#alarm = needs.makeAlarm(() => this.#onAlarm());
  }

  start(): void {
    this.#carryOut(this.#needs.engine.start());
  }

  onDatagram(datagram: Uint8Array): void {
    const { engine, nowMs, report } = this.#needs;
    try {
      const packet = decodePacket(datagram);
      if (packet.op === 'DATA') {
        this.#carryOut(engine.onData(packet.block, packet.bytes.length, nowMs()), packet.bytes);
      } else if (packet.op === 'ERROR') this.#carryOut(engine.onError(packet.code, packet.message));
      else throw new DecodeError(`A writer sends DATA or ERROR, not ${packet.op}`, 0);
    } catch (error) {
      report(error instanceof DecodeError ? 'dropped' : 'failed', error);
    }
  }

  onRequestAgain(): 'answered' | 'over' {
    if (!this.#over) this.#carryOut(this.#needs.engine.onRequestAgain(this.#needs.nowMs()));
    return this.#over ? 'over' : 'answered';
  }

  replaced(): void {
    this.#carryOut(this.#needs.engine.onReplaced());
  }

  stop(because: string, error?: TransferError): void {
    if (this.#over) return;
    if (error && !this.#told) this.#needs.send(encodePacket({ op: 'ERROR', ...error }));
    this.#end(because);
  }

  #onAlarm(): void {
    try {
      this.#carryOut(this.#needs.engine.onTime(this.#needs.nowMs()));
    } catch (error) {
      this.#needs.report('failed', error);
    }
  }

  #carryOut(action: WriteAction, bytes: Uint8Array = NO_BYTES): void {
    if (this.#over) return;
    switch (action.do) {
      case 'wait':
        break;
      case 'send OACK':
        if (this.#needs.oack) this.#needs.send(this.#needs.oack);
        this.#needs.engine.sent(this.#needs.nowMs());
        break;
      case 'acknowledge':
        this.#needs.send(encodePacket({ op: 'ACK', block: action.block % WIRE_BLOCKS }));
        this.#needs.engine.sent(this.#needs.nowMs());
        break;
      case 'take':
        this.#storing = this.#storing.then(() => this.#store(bytes, action));
        break;
      case 'finish':
        return this.#end('');
      case 'abort':
        return this.stop(action.because, action.error);
      default:
        action satisfies never;
    }
    this.#alarm.ringAt(this.#needs.engine.deadlineMs);
  }

  /** Never rejects, since the next one waits for it. */
  async #store(wire: Uint8Array, { last, after }: Extract<WriteAction, { do: 'take' }>): Promise<void> {
    if (this.#over) return;
    try {
      const bytes = this.#needs.decoder?.decode(wire, last ? 'last' : 'more') ?? wire;
      let answer = await this.#needs.sink.write(bytes);
      if (answer.kept) this.#bytes += bytes.length;
      if (answer.kept && last) answer = await this.#needs.sink.finish();
      if (!answer.kept) return this.stop(answer.because, errorOf(answer));
      if (last) this.#tell({ outcome: 'received', bytes: this.#bytes });
      if (after === 'stored') this.#carryOut(this.#needs.engine.stored());
    } catch (error) {
      this.#needs.report('failed', error);
      const message = 'The file could not be written';
      this.stop(`${message}: ${String(error)}`, { code: ErrorCode.notDefined, message });
    }
  }

  /** After the file is in its place, this only ends the answers to repeated last blocks. */
  #end(because: string): void {
    this.#over = true;
    this.#alarm.stop();
    if (this.#told) return this.#needs.over();
    void this.#abandon(because);
  }

  async #abandon(because: string): Promise<void> {
    await this.#storing;
    try {
      // It may have become whole while that was waited for.
      if (!this.#told) await this.#needs.sink.abandon();
    } catch (error) {
      this.#needs.report('failed', error);
    }
    this.#tell({ outcome: 'failed', because, bytes: 0 });
    this.#needs.over();
  }

  #tell(end: Omit<UploadEnd, 'retransmissions'>): void {
    if (this.#told) return;
    this.#told = true;
    this.#needs.ended({ ...end, retransmissions: this.#needs.engine.retransmissions });
  }
}

function errorOf({ code, because }: Extract<SinkAnswer, { kept: false }>): TransferError {
  return { code, message: because.charAt(0).toUpperCase() + because.slice(1) };
}
