import type { IpAddress } from '../../lib/addresses.ts';
import { RequestDesk } from './request-desk.ts';
import type { TftpServer, TftpServerOptions } from './server-options.ts';
import { openUdpSocket, type UdpSocket } from './socket.ts';

/** Requests that may wait in the kernel while a room full of machines is switched on, in bytes. */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

/** Rejects as the system does (EADDRINUSE, EACCES, EADDRNOTAVAIL) when the port cannot be had. */
export async function serveTftp(options: TftpServerOptions): Promise<TftpServer> {
  const listener = new Listener(options);
  await listener.listen();
  return listener;
}

/** The port that requests come to, and the desk behind it. */
class Listener implements TftpServer {
  readonly #options: TftpServerOptions;
  readonly #desk: RequestDesk;
  #socket: UdpSocket | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: TftpServerOptions) {
    this.#options = options;
    this.#desk = new RequestDesk({
      ...options,
      answer: (datagram, client) => this.#socket?.send(datagram, client),
    });
  }

  get address(): IpAddress {
    return this.#options.address;
  }

  get port(): number {
    return this.#socket?.port ?? this.#options.port;
  }

  get transfers(): number {
    return this.#desk.transfers;
  }

  get overRate(): number {
    return this.#desk.overRate;
  }

  async listen(): Promise<void> {
    this.#socket = await openUdpSocket({
      address: this.#options.address,
      interfaceName: this.#options.interfaceName,
      port: this.#options.port,
      receiveBufferBytes: RECEIVE_BUFFER_BYTES,
      onDatagram: (datagram, client) => this.#desk.onDatagram(datagram, client),
      onError: (error) => this.#options.report('failed', error),
    });
  }

  close({ drainMs }: { readonly drainMs: number }): Promise<void> {
    this.#closing ??= this.#close(drainMs);
    return this.#closing;
  }

  async #close(drainMs: number): Promise<void> {
    await this.#desk.close({ drainMs });
    await this.#socket?.close();
  }
}
