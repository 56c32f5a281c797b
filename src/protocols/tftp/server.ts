import type { Ipv4Address } from '../../lib/addresses.ts';
import type { ByteSource } from '../../lib/byte-source.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import { DEFAULT_TFTP_LIMITS, decideAdmission, LoadCount, type TftpLimits } from './admission.ts';
import { netasciiSource } from './netascii.ts';
import { DEFAULT_OPTION_LIMITS, type TransferMode } from './options.ts';
import { decodePacket, encodePacket, ErrorCode, type TftpErrorCode, type TftpRequest } from './packet.ts';
import { prepareTransfer } from './prepare-transfer.ts';
import type { RunningTransfer } from './running-transfer.ts';
import type { TftpClient, TftpServer, TftpServerOptions, TransferReport } from './server-options.ts';
import { openUdpSocket, withinMs, type UdpSocket } from './socket.ts';
import { TRANSFER_TIMES } from './transfer-action.ts';

/** Requests that may wait in the kernel while a room full of machines is switched on, in bytes. */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

/** Rejects as the system does (EADDRINUSE, EACCES, EADDRNOTAVAIL) when the port cannot be had. */
export async function serveTftp(options: TftpServerOptions): Promise<TftpServer> {
  const listener = new Listener(options);
  await listener.listen();
  return listener;
}

/** One request, from its arrival until nothing of it is left. */
interface Serving {
  readonly key: string;
  readonly request: TftpRequest;
  readonly mode: TransferMode;
  readonly client: TftpClient;
  readonly uncount: () => void;
  transfer: RunningTransfer | undefined;
  /** Why it is not wanted any more, when that happened before the transfer began. */
  cancelled: string | undefined;
}

class Listener implements TftpServer {
  readonly #options: TftpServerOptions;
  readonly #limits: TftpLimits;
  /** The newest request of each client address and port ... */
  readonly #byClient = new Map<string, Serving>();
  /** ... and all that still hold something. */
  readonly #servings = new Set<Serving>();
  readonly #load = new LoadCount();
  #socket: UdpSocket | undefined;
  #closing: Promise<void> | undefined;
  #onIdle: (() => void) | undefined;

  constructor(options: TftpServerOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_TFTP_LIMITS, ...options.limits };
  }

  get address(): Ipv4Address {
    return this.#options.address;
  }

  get port(): number {
    return this.#socket?.port ?? this.#options.port;
  }

  get transfers(): number {
    return this.#servings.size;
  }

  async listen(): Promise<void> {
    this.#socket = await openUdpSocket({
      address: this.#options.address,
      port: this.#options.port,
      receiveBufferBytes: RECEIVE_BUFFER_BYTES,
      onDatagram: (datagram, client) => this.#onDatagram(datagram, client),
      onError: this.#failed,
    });
  }

  close({ drainMs }: { readonly drainMs: number }): Promise<void> {
    this.#closing ??= this.#drain(drainMs);
    return this.#closing;
  }

  readonly #failed = (error: unknown): void => this.#options.report('failed', error);

  #onDatagram(datagram: Uint8Array, client: TftpClient): void {
    try {
      const packet = decodePacket(datagram);
      if (packet.op !== 'RRQ' && packet.op !== 'WRQ') {
        throw new DecodeError(`${packet.op} came to the port for requests`, 0);
      }
      this.#onRequest(packet, client);
    } catch (error) {
      this.#options.report(error instanceof DecodeError ? 'dropped' : 'failed', error);
    }
  }

  #onRequest(request: TftpRequest, client: TftpClient): void {
    const key = `${client.address}:${client.port}`;
    const known = this.#byClient.get(key);
    if (known && isSameRequest(known.request, request)) {
      // While the file is looked for, the answer is on its way already.
      if (!known.transfer || known.transfer.onRequestAgain() === 'answered') return;
    } else if (known) {
      this.#replace(known);
    }
    const load = { ...this.#load.seenBy(client.address), closing: this.#closing !== undefined };
    const admission = decideAdmission(request, load, this.#limits);
    if (!admission.admit) return this.#refuse(request, client, admission.code, admission.because);

    const { mode } = admission;
    const uncount = this.#load.add(client.address, mode);
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

  /** The way of a request: a source, a transfer, the first packet. */
  async #serve(serving: Serving): Promise<void> {
    try {
      const source = await this.#openSource(serving);
      const transfer = source && (await this.#prepare(serving, source));
      if (!transfer) return this.#release(serving);
      serving.transfer = transfer;
      if (serving.cancelled === undefined) transfer.start();
      else transfer.stop(serving.cancelled);
    } catch (error) {
      this.#failed(error);
      this.#release(serving);
      this.#refuseServing(serving, ErrorCode.notDefined, 'the server could not open the file');
    }
  }

  /** The bytes to send, or undefined after a refusal. */
  async #openSource(serving: Serving): Promise<ByteSource | undefined> {
    const { request, mode, client } = serving;
    const { open, address: localAddress } = this.#options;
    const opening = open({ name: request.fileName, mode, client, localAddress });
    const opened = await withinMs(opening, this.#limits.openMs);
    if (!opened) {
      opening.then((late) => (late.open ? late.source.close() : undefined)).catch(this.#failed);
      this.#refuseServing(serving, ErrorCode.notDefined, 'the file could not be opened in time');
      return undefined;
    }
    if (!opened.open) {
      this.#refuseServing(serving, opened.code, opened.message);
      return undefined;
    }
    if (mode === 'octet') return opened.source;
    if (opened.source.size <= this.#limits.netasciiBytes) return netasciiSource(opened.source);
    await opened.source.close();
    const because = `the file has more than ${this.#limits.netasciiBytes} bytes, the most in netascii; octet has no such limit`;
    this.#refuseServing(serving, ErrorCode.notDefined, because);
    return undefined;
  }

  async #prepare(serving: Serving, source: ByteSource): Promise<RunningTransfer> {
    const { request, mode, client } = serving;
    const { address: localAddress, mtu = DEFAULT_OPTION_LIMITS.mtu, report } = this.#options;
    try {
      return await prepareTransfer({
        request,
        mode,
        client,
        localAddress,
        source,
        report,
        limits: { ...this.#limits, mtu },
        times: { ...TRANSFER_TIMES, ...this.#options.times },
        onEnd: (end) => this.#onEnd(serving, end),
      });
    } catch (error) {
      await source.close();
      throw error;
    }
  }

  #onEnd(serving: Serving, end: TransferReport): void {
    this.#release(serving);
    this.#options.onEnd(end);
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
      this.#socket?.send(encodePacket({ op: 'ERROR', code, message }), client);
    }
    const { op, fileName: name, mode } = request;
    this.#options.onRefused({ op, name, mode, client, localAddress: this.address, code, because });
  }

  /** New requests are not answered meanwhile, but a transfer still hears when its request is repeated. */
  async #drain(drainMs: number): Promise<void> {
    if (this.#servings.size > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, drainMs);
        this.#onIdle = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    const error = { code: ErrorCode.notDefined, message: 'The server is stopping' };
    for (const { transfer } of this.#servings) transfer?.stop('the server was stopped', error);
    for (const serving of this.#servings) serving.cancelled = 'the server was stopped';
    await this.#socket?.close();
  }
}

/** Firmware repeats a request that was not answered within its own, often short, time. */
function isSameRequest(one: TftpRequest, other: TftpRequest): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
