import { DecodeError } from '../../lib/decode-error.ts';
import type { PacketBuffer } from './packet-buffer.ts';
import { decodePacket, encodePacket, ErrorCode } from './packet.ts';
import type { ReadTransfer } from './read-transfer.ts';
import type { TftpFaultReport } from './server-options.ts';
import type { TransferAction, TransferError } from './transfer-action.ts';
import type { Transfer } from './transfer.ts';

/** Rings once at the time it was last set to. */
export interface Alarm {
  ringAt(atMs: number): void;
  stop(): void;
}

export interface TransferEnd {
  readonly outcome: 'sent' | 'probe' | 'failed';
  readonly because?: string;
  readonly bytes: number;
  readonly retransmissions: number;
}

export interface RunningTransferNeeds {
  readonly engine: ReadTransfer;
  readonly packets: PacketBuffer;
  /** The encoded OACK; undefined when no option was granted. */
  readonly oack: Uint8Array | undefined;
  readonly send: (packet: Uint8Array) => void;
  readonly nowMs: () => number;
  readonly makeAlarm: (ring: () => void) => Alarm;
  /** Called once. */
  readonly ended: (end: TransferEnd) => void;
  readonly report: TftpFaultReport;
}

type SendAction = Extract<TransferAction, { readonly do: 'send' }>;

/** Carries out what the engine says: sends, reads ahead, keeps its time, and says how it ended. */
export class RunningTransfer implements Transfer {
  readonly #needs: RunningTransferNeeds;
  readonly #alarm: Alarm;
  /** The newest window to send; one that waited for its bytes meanwhile is not wanted any more. */
  #wanted: SendAction | undefined;
  #loading = false;
  #over = false;

  constructor(needs: RunningTransferNeeds) {
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
      if (packet.op === 'ACK') this.#carryOut(engine.onAck(packet.block, nowMs()));
      else if (packet.op === 'ERROR') this.#carryOut(engine.onError(packet.code, packet.message));
      else throw new DecodeError(`A reader sends ACK or ERROR, not ${packet.op}`, 0);
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
    if (error) this.#needs.send(encodePacket({ op: 'ERROR', ...error }));
    this.#end('failed', because);
  }

  #onAlarm(): void {
    try {
      this.#carryOut(this.#needs.engine.onTime(this.#needs.nowMs()));
    } catch (error) {
      this.#needs.report('failed', error);
    }
  }

  #carryOut(action: TransferAction): void {
    if (this.#over) return;
    switch (action.do) {
      case 'wait':
        break;
      case 'send OACK':
        if (this.#needs.oack) this.#needs.send(this.#needs.oack);
        this.#needs.engine.sent(this.#needs.nowMs());
        break;
      case 'send':
        this.#wanted = action;
        this.#sendWanted();
        break;
      case 'finish':
        return this.#end(action.outcome, action.because);
      case 'abort':
        return this.stop(action.because, action.error);
      default:
        action satisfies never;
    }
    this.#alarm.ringAt(this.#needs.engine.deadlineMs);
  }

  #sendWanted(): void {
    const action = this.#wanted;
    if (!action || this.#over || this.#loading) return;
    const window = this.#packetsOf(action);
    if (!window) {
      void this.#load(action);
      return;
    }
    this.#wanted = undefined;
    for (const packet of window) this.#needs.send(packet);
    this.#needs.engine.sent(this.#needs.nowMs());
    this.#needs.packets.readAhead(action.from);
  }

  #packetsOf({ from, count }: SendAction): Uint8Array[] | undefined {
    const window: Uint8Array[] = [];
    for (let block = from; block < from + count; block += 1) {
      const packet = this.#needs.packets.packet(block);
      if (!packet) return undefined;
      window.push(packet);
    }
    return window;
  }

  async #load({ from, count }: SendAction): Promise<void> {
    this.#loading = true;
    try {
      await this.#needs.packets.load(from, from + count - 1);
      this.#loading = false;
      this.#sendWanted();
      if (!this.#over) this.#alarm.ringAt(this.#needs.engine.deadlineMs);
    } catch (error) {
      this.#needs.report('failed', error);
      const because = `the file could not be read: ${error instanceof Error ? error.message : String(error)}`;
      this.stop(because, { code: ErrorCode.notDefined, message: 'The file could not be read' });
    }
  }

  #end(outcome: TransferEnd['outcome'], because: string | undefined): void {
    this.#over = true;
    this.#alarm.stop();
    const { acknowledgedBytes: bytes, retransmissions } = this.#needs.engine;
    this.#needs.ended({ outcome, ...(because === undefined ? {} : { because }), bytes, retransmissions });
  }
}
