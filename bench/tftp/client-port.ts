import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Ipv4Address } from '../../src/lib/addresses.ts';
import type { SeededRandom } from '../seeded-random.ts';
import { STRANGER_ANSWER } from './reading-client.ts';

export interface ClientPortOptions {
  readonly address: Ipv4Address;
  readonly server: string;
  /** What is lost is decided by it. */
  readonly random: SeededRandom;
  /** Share of the packets of each direction that is dropped, from 0 to 1. */
  readonly loss: number;
  /** How long what arrives is held back. */
  readonly delayMs: number;
  readonly onPacket: (bytes: Uint8Array) => void;
}

/** The port of one transfer, with a link of its own that may lose and delay packets; it knows the server's port by its first answer. */
export class ClientPort {
  readonly #options: ClientPortOptions;
  readonly #socket: Socket;
  #serverPort: number | undefined;
  #isClosed = false;

  private constructor(options: ClientPortOptions, socket: Socket) {
    this.#options = options;
    this.#socket = socket;
    socket.on('message', (bytes, from) => this.#arrived(bytes, from.port));
    // The kernel tells that the server's port is closed; the engine's timer says the rest.
    socket.on('error', () => {});
  }

  /** Rejects as the system does when the address cannot be had. */
  static async open(options: ClientPortOptions): Promise<ClientPort> {
    const socket = createSocket('udp4');
    const listening = once(socket, 'listening');
    socket.bind({ address: options.address, port: 0, exclusive: true });
    await listening;
    return new ClientPort(options, socket);
  }

  /** @param port the server's; undefined for the one the transfer came from. */
  send(bytes: Uint8Array, port: number | undefined): void {
    const to = port ?? this.#serverPort;
    if (to === undefined || this.#isClosed || this.#isLost()) return;
    this.#socket.send(bytes, to, this.#options.server);
  }

  /** What was sent still leaves. */
  close(): void {
    this.#isClosed = true;
    // Node sends from its queue only after a look for the address, so a close at once would drop it.
    setImmediate(() => this.#socket.close());
  }

  #arrived(bytes: Uint8Array, port: number): void {
    if (this.#isLost()) return;
    if (this.#options.delayMs === 0) this.#deliver(bytes, port);
    else setTimeout(() => this.#deliver(bytes, port), this.#options.delayMs);
  }

  #deliver(bytes: Uint8Array, port: number): void {
    if (this.#isClosed) return;
    this.#serverPort ??= port;
    if (port === this.#serverPort) this.#options.onPacket(bytes);
    else this.#socket.send(STRANGER_ANSWER, port, this.#options.server);
  }

  #isLost(): boolean {
    return this.#options.random.chance(this.#options.loss);
  }
}
