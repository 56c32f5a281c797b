import type { FastifyInstance } from 'fastify';

/** How long requests under way may take when the server stops. */
const DRAIN_MS = 5_000;

/** Which requests have no whole answer yet, so that the server can let them finish before it goes. */
export class RequestsUnderWay {
  readonly #open = new Set<object>();
  #whenNone: (() => void) | undefined;

  begin(request: object): void {
    this.#open.add(request);
  }

  /** May be told several times of one request. */
  end(request: object): void {
    this.#open.delete(request);
    if (this.#open.size === 0) this.#whenNone?.();
  }

  /** Resolves when none is left, or when patience ends. */
  async finished(patienceMs: number): Promise<void> {
    if (this.#open.size === 0) return;
    await new Promise<void>((resolve) => {
      const patience = setTimeout(resolve, patienceMs);
      this.#whenNone = () => {
        clearTimeout(patience);
        resolve();
      };
    });
  }
}

/** At the end, streams are ended and every other request gets its answer, if that does not take too long. */
export function letRequestsFinish(app: FastifyInstance, streams: readonly { closeAll(): void }[]): void {
  const underWay = new RequestsUnderWay();
  app.addHook('onRequest', async (_request, { raw }) => {
    underWay.begin(raw);
    raw.on('close', () => underWay.end(raw));
  });
  app.addHook('onResponse', async (_request, { raw }) => underWay.end(raw));
  app.addHook('preClose', async () => {
    for (const one of streams) one.closeAll();
    await underWay.finished(DRAIN_MS);
  });
}
