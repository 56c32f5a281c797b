import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { parseIpv4 } from '../../../lib/addresses.ts';
import { sourceOfText, type ByteSource } from '../../../lib/byte-source.ts';
import { decodePacket, encodePacket, type TftpOption, type TftpPacket } from '../packet.ts';
import type {
  OpenedFile,
  RefusedRequest,
  TftpServer,
  TftpServerOptions,
  TransferReport,
} from '../server-options.ts';
import { serveTftp } from '../server.ts';

/** A real server on loopback, and a client that says what a test tells it to say. */

export const LOCAL = parseIpv4('127.0.0.1');
const cleanUps: (() => Promise<void> | void)[] = [];

/** For `afterEach`: closes servers and peers, the last opened first. */
export async function closeAll(): Promise<void> {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
}

export interface Setting {
  readonly server: TftpServer;
  readonly ends: TransferReport[];
  readonly refusals: RefusedRequest[];
  readonly faults: { what: string; error: unknown }[];
  /** What `open` was asked. */
  readonly asked: string[];
  /** Sources that are open now. */
  open: number;
}

/** How a server is started. */
export type ServeWay = (options: TftpServerOptions) => Promise<TftpServer>;
let serveWay: ServeWay = serveTftp;

/** From here on servers are started in this way. */
export function serveBy(way: ServeWay): void {
  serveWay = way;
}

/** A server on loopback whose files are texts. It repeats nothing while a busy machine makes the test wait. */
export async function serve(
  files: Record<string, string | ByteSource | (() => Promise<OpenedFile>)>,
  options: Partial<TftpServerOptions> = {},
): Promise<Setting> {
  const seen = { ends: [], refusals: [], faults: [], asked: [], open: 0 } as unknown as Setting;
  const counted = (source: ByteSource): ByteSource => {
    seen.open += 1;
    return { ...source, close: () => Promise.resolve(void (seen.open -= 1)) };
  };
  const server = await serveWay({
    address: LOCAL,
    port: 0,
    open: async ({ name }) => {
      seen.asked.push(name);
      const file = files[name];
      if (file === undefined) return { open: false, code: 1, message: `there is no ${name}` };
      if (typeof file === 'function') return file();
      return { open: true, source: counted(typeof file === 'string' ? sourceOfText(file) : file) };
    },
    onEnd: (end) => seen.ends.push(end),
    onRefused: (refused) => seen.refusals.push(refused),
    report: (what, error) => seen.faults.push({ what, error }),
    times: { firstTimeoutMs: 5000 },
    ...options,
  });
  cleanUps.push(() => server.close({ drainMs: 0 }));
  return Object.assign(seen, { server });
}

/** A client that says what it is told to say. */
export class Peer {
  readonly #socket: Socket;
  readonly #inbox: { packet: TftpPacket; port: number }[] = [];
  /** The server's port for the transfer. */
  transferPort = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (datagram, from) =>
      this.#inbox.push({ packet: decodePacket(datagram), port: from.port }),
    );
  }

  static async open(): Promise<Peer> {
    const socket = createSocket('udp4');
    socket.bind(0, LOCAL);
    await once(socket, 'listening');
    cleanUps.push(() => void socket.close());
    return new Peer(socket);
  }

  send(packet: TftpPacket | Uint8Array, port = this.transferPort): void {
    this.#socket.send(packet instanceof Uint8Array ? packet : encodePacket(packet), port, LOCAL);
  }

  ask(server: TftpServer, fileName: string, options: readonly TftpOption[] = [], mode = 'octet'): void {
    this.send({ op: 'RRQ', fileName, mode, options }, server.port);
  }

  ack(block: number): void {
    this.send({ op: 'ACK', block });
  }

  async next(): Promise<TftpPacket> {
    await until(() => this.#inbox.length > 0);
    const next = this.#inbox.shift();
    if (!next) throw new Error('Somebody else took the packet');
    this.transferPort = next.port;
    return next.packet;
  }

  /** What came and was not looked at. */
  get waiting(): number {
    return this.#inbox.length;
  }
}

export async function until(condition: () => boolean): Promise<void> {
  const started = performance.now();
  while (!condition()) {
    if (performance.now() - started > 8000) throw new Error('It did not happen within 8 seconds');
    await pause(2);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export function data(block: number, text: string): TftpPacket {
  return { op: 'DATA', block, bytes: Buffer.from(text) };
}
