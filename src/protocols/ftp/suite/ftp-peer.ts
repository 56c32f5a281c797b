import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** How long anything may take before a test fails, in milliseconds. */
const WAIT_MS = 10_000;

export interface Received {
  readonly bytes: Uint8Array;
  /** How the connection ended: with an orderly end, or broken. */
  readonly ended: 'FIN' | 'reset';
}

/** A client that does what a test says, right or wrong. */
export class FtpPeer {
  readonly socket: Socket;
  readonly #host: string;
  #text = '';
  #isOver = false;
  #wake: () => void = () => undefined;

  private constructor(socket: Socket, host: string) {
    this.socket = socket;
    this.#host = host;
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      this.#text += text;
      this.#wake();
    });
    socket.on('error', () => undefined);
    const over = (): void => {
      this.#isOver = true;
      this.#wake();
    };
    socket.on('end', over).on('close', over);
  }

  /** Connects and takes the greeting. @param localAddress where it comes from. */
  static async connect(port: number, host = '127.0.0.1', localAddress?: string): Promise<FtpPeer> {
    const socket = connect({ port, host, ...(localAddress === undefined ? {} : { localAddress }) });
    const peer = new FtpPeer(socket, host);
    await once(socket, 'connect');
    return peer;
  }

  static async loggedIn(port: number, host = '127.0.0.1', localAddress?: string): Promise<FtpPeer> {
    const peer = await FtpPeer.connect(port, host, localAddress);
    await peer.reply();
    await peer.say('USER anonymous');
    await peer.say('PASS test@');
    await peer.say('TYPE I');
    return peer;
  }

  write(text: string | Uint8Array): void {
    this.socket.write(text);
  }

  /** Sends a line and takes the next reply. */
  say(line: string): Promise<string> {
    this.write(`${line}\r\n`);
    return this.reply();
  }

  /** The next whole reply; empty when the connection ends before. */
  async reply(): Promise<string> {
    const deadline = Date.now() + WAIT_MS;
    for (;;) {
      const match = /^(?:(\d{3})-[\s\S]*?\r\n\1 [^\r]*\r\n|\d{3} [^\r]*\r\n)/.exec(this.#text);
      if (match) {
        this.#text = this.#text.slice(match[0].length);
        return match[0].trimEnd();
      }
      if (this.#isOver) return '';
      if (Date.now() > deadline) throw new Error(`No reply came; there is ${JSON.stringify(this.#text)}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        setTimeout(resolve, WAIT_MS);
      });
    }
  }

  async passivePort(): Promise<number> {
    const reply = await this.say('EPSV');
    return Number(/\|(\d+)\|\)/.exec(reply)?.[1] ?? Number.NaN);
  }

  /** Opens a data connection; it reads nothing before `receive`. */
  async openData(localAddress?: string): Promise<Socket> {
    const port = await this.passivePort();
    const data = connect({ port, host: this.#host, ...(localAddress === undefined ? {} : { localAddress }) });
    data.on('error', () => undefined);
    await once(data, 'connect');
    return data;
  }

  /** A whole transfer. @returns what came, and the replies. */
  async fetch(command: string): Promise<Received & { readonly replies: readonly string[] }> {
    const data = await this.openData();
    const received = receive(data);
    const first = await this.say(command);
    if (!first.startsWith('150')) {
      data.destroy();
      return { ...(await received), replies: [first] };
    }
    return { ...(await received), replies: [first, await this.reply()] };
  }

  async closed(): Promise<void> {
    if (!this.#isOver) await Promise.race([once(this.socket, 'close'), once(this.socket, 'end')]);
  }

  close(): void {
    this.socket.destroy();
  }
}

export function receive(data: Socket): Promise<Received> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    let isEnded = false;
    data.on('data', (piece) => pieces.push(piece));
    data.on('end', () => (isEnded = true));
    data.on('error', () => undefined);
    data.on('close', () => resolve({ bytes: Buffer.concat(pieces), ended: isEnded ? 'FIN' : 'reset' }));
  });
}

/** A port of the client, for PORT and EPRT. */
export async function openClientPort(host = '127.0.0.1'): Promise<{ server: Server; port: number }> {
  const server = createServer();
  server.listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  return { server, port: typeof address === 'object' && address !== null ? address.port : 0 };
}

/** That nobody has. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
