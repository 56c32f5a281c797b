import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { type IpAddress, parseIpv4 } from '../../lib/addresses.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import { LineBudget, type LineRate } from './line-budget.ts';
import { decodeMessage, type SyslogMessage } from './message.ts';
import { type Frame, StreamFrames } from './stream-frames.ts';

/** What machines may send, and how long it is waited for. */
export interface SyslogLimits {
  /** Of one message; what is longer is cut. RFC 5424 §6.1 wants 2048 at least, and anaconda raises rsyslogd's to more. */
  readonly messageBytes: number;
  readonly connections: number;
  /** rsyslogd opens one. */
  readonly connectionsPerAddress: number;
  /** Without a byte, before a connection is closed: rsyslogd opens another when it has something to say. */
  readonly silentMs: number;
  /** Of one address: an installer's burst is what it kept while there was no network. */
  readonly rate: LineRate;
}

export const SYSLOG_LIMITS: SyslogLimits = {
  messageBytes: 8 * 1024,
  connections: 1_024,
  connectionsPerAddress: 8,
  silentMs: 3_600_000,
  rate: { perSecond: 500, burst: 5_000 },
};

/** Datagrams that the kernel keeps while the loop is busy. */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

/** What became of a line that was not handed on: `too fast`, `not a message`, or `connection refused`. */
export type SyslogDrop = 'too fast' | 'not a message' | 'connection refused';

export interface SyslogServerOptions {
  readonly address: IpAddress;
  /** 0 lets the system choose, the same for both, and `SyslogServer.port` tells. */
  readonly port: number;
  readonly take: (message: SyslogMessage, from: IpAddress, how: { readonly isCut: boolean }) => void;
  readonly dropped: (what: SyslogDrop) => void;
  /** A fault of ours or of the system. */
  readonly failed: (error: unknown) => void;
  readonly nowMs: () => number;
  readonly limits?: Partial<SyslogLimits>;
}

export interface SyslogServer {
  readonly address: IpAddress;
  readonly port: number;
  readonly connections: number;
  close(): Promise<void>;
}

/** Takes messages over UDP (RFC 5426) and TCP (RFC 6587). Rejects as the system does when the port cannot be had. */
export async function serveSyslog(options: SyslogServerOptions): Promise<SyslogServer> {
  const limits = { ...SYSLOG_LIMITS, ...options.limits };
  const budget = new LineBudget(limits.rate);
  const take = (frame: Frame, from: string): void => {
    try {
      if (!budget.take(from, options.nowMs())) return options.dropped('too fast');
      options.take(decodeMessage(frame.bytes), parseIpv4(from), { isCut: frame.isCut });
    } catch (error) {
      if (error instanceof DecodeError || error instanceof SyntaxError) options.dropped('not a message');
      else options.failed(error);
    }
  };
  const tcp = new StreamDoor(options, limits, take);
  await tcp.listen(options.address, options.port);
  let udp: DatagramSocket;
  try {
    udp = await openUdp(options, tcp.port);
  } catch (error) {
    await tcp.close();
    throw error;
  }
  udp.on('message', (bytes, from) => {
    const isCut = bytes.length > limits.messageBytes;
    take({ bytes: isCut ? bytes.subarray(0, limits.messageBytes) : bytes, isCut }, from.address);
  });
  return {
    address: options.address,
    port: tcp.port,
    get connections() {
      return tcp.connections;
    },
    close: async () => {
      const gone = once(udp, 'close');
      udp.close();
      await Promise.all([gone, tcp.close()]);
    },
  };
}

async function openUdp({ address, failed }: SyslogServerOptions, port: number): Promise<DatagramSocket> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: RECEIVE_BUFFER_BYTES });
  const listening = once(socket, 'listening');
  socket.bind({ address, port, exclusive: true });
  try {
    await listening;
  } catch (error) {
    socket.close();
    throw error;
  }
  socket.on('error', failed);
  return socket;
}

/** Connections, each with its own stream of messages. */
class StreamDoor {
  readonly #options: SyslogServerOptions;
  readonly #limits: SyslogLimits;
  readonly #take: (frame: Frame, from: string) => void;
  readonly #server: Server;
  readonly #sockets = new Map<Socket, string>();

  constructor(
    options: SyslogServerOptions,
    limits: SyslogLimits,
    take: (frame: Frame, from: string) => void,
  ) {
    this.#options = options;
    this.#limits = limits;
    this.#take = take;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  get port(): number {
    const bound = this.#server.address();
    return typeof bound === 'object' && bound !== null ? bound.port : this.#options.port;
  }

  get connections(): number {
    return this.#sockets.size;
  }

  async listen(host: IpAddress, port: number): Promise<void> {
    const listening = once(this.#server, 'listening');
    this.#server.listen({ host, port, exclusive: true });
    await listening;
    this.#server.on('error', this.#options.failed);
  }

  async close(): Promise<void> {
    const gone = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets.keys()) socket.destroy();
    await gone;
  }

  #accept(socket: Socket): void {
    const from = socket.remoteAddress ?? '';
    const { connections, connectionsPerAddress, silentMs } = this.#limits;
    const ofIt = [...this.#sockets.values()].filter((one) => one === from).length;
    // What a machine does to its connection is nothing to us.
    socket.on('error', () => undefined);
    if (this.#sockets.size >= connections || ofIt >= connectionsPerAddress) {
      this.#options.dropped('connection refused');
      socket.destroy();
      return;
    }
    this.#sockets.set(socket, from);
    const frames = new StreamFrames(this.#limits.messageBytes, (frame) => this.#take(frame, from));
    socket.setTimeout(silentMs, () => socket.destroy());
    socket.on('data', (piece) => this.#push(socket, frames, piece));
    socket.on('close', () => {
      this.#sockets.delete(socket);
      frames.end();
    });
  }

  #push(socket: Socket, frames: StreamFrames, piece: Uint8Array): void {
    try {
      frames.push(piece);
    } catch (error) {
      if (error instanceof RangeError) this.#options.dropped('not a message');
      else this.#options.failed(error);
      socket.destroy();
    }
  }
}
