import { DecodeError } from '../../lib/decode-error.ts';
import { DEFAULT_TFTP_LIMITS, decideAdmission, LoadCount, type TftpLimits } from './admission.ts';
import { beginTransfer } from './begin-transfer.ts';
import type { TransferMode } from './options.ts';
import { decodePacket, encodePacket, ErrorCode, type TftpErrorCode, type TftpRequest } from './packet.ts';
import { RequestRates } from './rate-limit.ts';
import type { RequestDeskOptions, TftpClient } from './server-options.ts';
import { monotonicMs, withinMs } from './socket.ts';
import type { Transfer } from './transfer.ts';

/** One request, from its arrival until nothing of it is left. */
interface Serving {
  readonly key: string;
  readonly request: TftpRequest;
  readonly mode: TransferMode;
  readonly client: TftpClient;
  readonly uncount: () => void;
  transfer: Transfer | undefined;
  /** Why it is not wanted any more, when that happened before the transfer began. */
  cancelled: string | undefined;
  /** Called when nothing of it is left. */
  released?: () => void;
}

/** How long a request that was stopped may take for that: an upload takes away what it has written. */
export const STOP_MS = 5000;

/**
 * Takes requests and runs their transfers. It does not own the port that requests come to: whoever does hands in
 * what arrives, and sends what the desk answers from there.
 */
export class RequestDesk {
  readonly #options: RequestDeskOptions;
  readonly #limits: TftpLimits;
  /** The newest request of each client address and port ... */
  readonly #byClient = new Map<string, Serving>();
  /** ... and all that still hold something. */
  readonly #servings = new Set<Serving>();
  readonly #load = new LoadCount();
  readonly #rates: RequestRates;
  #closing: Promise<void> | undefined;
  #onIdle: (() => void) | undefined;

  constructor(options: RequestDeskOptions) {
    this.#options = options;
    this.#limits = {
      ...DEFAULT_TFTP_LIMITS,
      ...options.limits,
      ...(options.uploads ? {} : { uploads: 0 }),
    };
    this.#rates = new RequestRates(this.#limits);
  }

  /** Requests being served now. */
  get transfers(): number {
    return this.#servings.size;
  }

  /** Requests that were not answered, since too many came at once. */
  get overRate(): number {
    return this.#rates.overRate;
  }

  /** A datagram that came to the port for requests. */
  onDatagram(datagram: Uint8Array, client: TftpClient): void {
    try {
      const packet = decodePacket(datagram);
      if (packet.op === 'RRQ' || packet.op === 'WRQ') return this.take(packet, client);
      const running = this.#options.dataPort === 'same' ? this.#byClient.get(keyOf(client)) : undefined;
      if (running?.transfer) return running.transfer.onDatagram(datagram);
      throw new DecodeError(`${packet.op} came to the port for requests`, 0);
    } catch (error) {
      this.#options.report(error instanceof DecodeError ? 'dropped' : 'failed', error);
    }
  }

  take(request: TftpRequest, client: TftpClient): void {
    const key = keyOf(client);
    const known = this.#byClient.get(key);
    if (known && isSameRequest(known.request, request)) {
      // While the file is looked for, the answer is on its way already.
      if (!known.transfer || known.transfer.onRequestAgain() === 'answered') return;
    } else if (known) {
      this.#replace(known);
    }
    const rate = this.#rates.take(client.address, monotonicMs());
    if (!rate.take) return this.#refuse(request, client, undefined, rate.because);
    const load = this.#load.seenBy(client.address, this.#closing !== undefined);
    const admission = decideAdmission(request, load, this.#limits);
    if (!admission.admit) return this.#refuse(request, client, admission.code, admission.because);

    const { mode } = admission;
    const uncount = this.#load.add(client.address, mode, request.op);
    const serving: Serving = {
      key,
      request,
      mode,
      client,
      uncount,
      transfer: undefined,
      cancelled: undefined,
    };
    this.#servings.add(serving);
    this.#byClient.set(key, serving);
    void this.#serve(serving);
  }

  /**
   * New requests are not answered from now on, but a transfer still hears its client. Those under way have `drainMs`
   * to come to their end.
   */
  close({ drainMs }: { readonly drainMs: number }): Promise<void> {
    this.#closing ??= this.#drain(drainMs);
    return this.#closing;
  }

  async #serve(serving: Serving): Promise<void> {
    try {
      const needs = { ...this.#options, allLimits: this.#limits };
      const begun = await beginTransfer(serving, needs, () => this.#release(serving));
      if (!begun.begun) {
        this.#release(serving);
        return this.#refuseServing(serving, begun.code, begun.because);
      }
      serving.transfer = begun.transfer;
      if (serving.cancelled === undefined) begun.transfer.start();
      else begun.transfer.stop(serving.cancelled);
    } catch (error) {
      this.#options.report('failed', error);
      this.#release(serving);
      this.#refuseServing(serving, ErrorCode.notDefined, 'the server could not open the file');
    }
  }

  #replace(serving: Serving): void {
    this.#byClient.delete(serving.key);
    if (serving.transfer) serving.transfer.replaced();
    else serving.cancelled = 'the client asked for something else from the same port';
  }

  #release(serving: Serving): void {
    if (this.#byClient.get(serving.key) === serving) this.#byClient.delete(serving.key);
    this.#servings.delete(serving);
    serving.uncount();
    serving.released?.();
    if (this.#servings.size === 0) this.#onIdle?.();
  }

  /** An error may not reach a client that uses the same port for another request by now: it would take it for its answer. */
  #refuseServing({ request, client, cancelled }: Serving, code: TftpErrorCode, because: string): void {
    if (cancelled === undefined) this.#refuse(request, client, code, because);
    else this.#refuse(request, client, undefined, cancelled);
  }

  #refuse(request: TftpRequest, client: TftpClient, code: TftpErrorCode | undefined, because: string): void {
    if (code !== undefined) {
      const message = because.charAt(0).toUpperCase() + because.slice(1);
      this.#options.answer(encodePacket({ op: 'ERROR', code, message }), client);
    }
    const { op, fileName: name, mode } = request;
    const { address: localAddress, onRefused } = this.#options;
    onRefused({ op, name, mode, client, localAddress, code, because });
  }

  async #drain(drainMs: number): Promise<void> {
    if (this.#servings.size > 0) {
      const idle = new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
      await withinMs(idle, drainMs);
    }
    const error = { code: ErrorCode.notDefined, message: 'The server is stopping' };
    // What is still looked for, too: who looks may need what is closed after this.
    const left = [...this.#servings];
    const released = left.map((serving) => new Promise<void>((resolve) => (serving.released = resolve)));
    for (const serving of left) {
      serving.cancelled = 'the server was stopped';
      serving.transfer?.stop('the server was stopped', error);
    }
    await withinMs(Promise.all(released), STOP_MS);
  }
}

function keyOf({ address, port }: TftpClient): string {
  return `${address}:${port}`;
}

/** Firmware repeats a request that was not answered within its own, often short, time. */
function isSameRequest(one: TftpRequest, other: TftpRequest): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
