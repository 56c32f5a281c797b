import { DecodeError } from '../../lib/decode-error.ts';
import { deduceInterface } from './deduce-interface.ts';
import type { DatagramHandler, DhcpInterface, DhcpReport, Sender } from './dhcp-interface.ts';
import { decodeMessage } from './message.ts';

export interface BroadcastReceiver {
  onDatagram(handler: DatagramHandler): void;
  close(): Promise<void>;
}

export interface PlainMember extends DhcpInterface {
  readonly arrived: DatagramHandler;
}

/** The receiver of broadcasts that all plain sockets on a port share, while there are any. */
export class PlainPort {
  readonly #openReceiver: () => Promise<BroadcastReceiver>;
  readonly #report: (event: DhcpReport) => void;
  readonly #members = new Set<PlainMember>();
  #receiver: Promise<BroadcastReceiver> | undefined;

  /** @param openReceiver opens the socket on `0.0.0.0`, when the first member joins. */
  constructor(openReceiver: () => Promise<BroadcastReceiver>, report: (event: DhcpReport) => void) {
    this.#openReceiver = openReceiver;
    this.#report = report;
  }

  async join(member: PlainMember): Promise<void> {
    this.#members.add(member);
    this.#receiver ??= this.#open();
    try {
      await this.#receiver;
    } catch (error) {
      this.#receiver = undefined;
      this.#members.delete(member);
      throw error;
    }
  }

  async leave(member: PlainMember): Promise<void> {
    this.#members.delete(member);
    if (this.#members.size > 0) return;
    const receiver = this.#receiver;
    this.#receiver = undefined;
    await (await receiver)?.close();
  }

  async #open(): Promise<BroadcastReceiver> {
    const receiver = await this.#openReceiver();
    receiver.onDatagram((bytes, from) => this.#arrived(bytes, from));
    return receiver;
  }

  #arrived(bytes: Uint8Array, from: Sender): void {
    try {
      const deduced = deduceInterface(decodeMessage(bytes), [...this.#members]);
      if ('arrivedAt' in deduced) deduced.arrivedAt.arrived(bytes, from);
      else this.#report({ what: 'dropped', from, because: deduced.because });
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#report({ what: 'dropped', from, because: error.message });
    }
  }
}
