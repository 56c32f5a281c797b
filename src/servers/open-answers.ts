import type { Server } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';

/** The answers of an HTTP server that are not with the system yet, and how it stops without cutting them off. */
export class OpenAnswers {
  /** Each outlives its connection by a moment: files are closed, events told. */
  readonly #answers = new Map<Promise<void>, Socket>();
  #isStopping = false;

  /** @param answer resolves, and never rejects, when it is with the system or cannot get there. */
  begin(answer: Promise<void>, socket: Socket): void {
    const ended = answer.finally(() => {
      this.#answers.delete(ended);
      // Not before another answer on it, where requests came together.
      if (this.#isStopping && ![...this.#answers.values()].includes(socket)) socket.end();
    });
    this.#answers.set(ended, socket);
  }

  /**
   * Takes no new connection, ends those without an answer, waits for the answers up to `drainMs`, then ends all.
   *
   * Node's `close` of an HTTP server, and its `closeIdleConnections`, cut off an answer whose last bytes wait for a slow
   * client: for them it has ended once it was handed over. So only the listening ends at first.
   *
   * @param sockets the open connections of the server.
   */
  async stop(server: Server, sockets: Iterable<Socket>, drainMs: number): Promise<void> {
    this.#isStopping = true;
    const busy = new Set(this.#answers.values());
    for (const socket of sockets) if (!busy.has(socket)) socket.destroy();
    const closed = new Promise<void>((resolve) => {
      NetServer.prototype.close.call(server, () => resolve());
    });
    const limit = setTimeout(() => server.closeAllConnections(), drainMs);
    await Promise.all(this.#answers.keys());
    clearTimeout(limit);
    // One that sent no request, or another one, in the meantime.
    server.closeAllConnections();
    await Promise.all(this.#answers.keys());
    await closed;
    // Ends the look at connections, which the end of the listening leaves running.
    server.close();
  }
}
