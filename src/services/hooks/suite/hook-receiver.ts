import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How it answers one request: a status, never, or by breaking the connection off. */
export type Answer = number | 'hang' | 'reset' | { readonly status: number; readonly location: string };

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server that takes what hooks send, over real HTTP, and answers as a test wants it. */
export class HookReceiver {
  readonly received: Received[] = [];
  /** For the next requests, in their order; 204 when there is none left. */
  readonly answers: Answer[] = [];
  readonly #server = createServer((request, response) => {
    const pieces: Uint8Array[] = [];
    request.on('data', (piece: Uint8Array) => pieces.push(piece));
    request.on('end', () => {
      const { url: path = '', headers } = request;
      this.received.push({ path, headers, body: Buffer.concat(pieces).toString('utf8') });
      const answer = this.answers.shift() ?? 204;
      if (answer === 'hang') return;
      if (answer === 'reset') request.socket.resetAndDestroy();
      else if (typeof answer === 'number') response.writeHead(answer).end();
      else response.writeHead(answer.status, { location: answer.location }).end();
    });
  });

  static async start(port = 0): Promise<HookReceiver> {
    const receiver = new HookReceiver();
    receiver.#server.listen(port, '127.0.0.1');
    await once(receiver.#server, 'listening');
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The ids of the events, in the order in which they came. */
  get eventIds(): readonly number[] {
    return this.received.map(({ body }) => (JSON.parse(body) as { event: { id: number } }).event.id);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
