import type { FastifyInstance } from 'fastify';
import { HEALTH_PATH, METRICS_PATH, READY_PATH } from '../contract/routes.ts';
import { METRICS_MEDIA_TYPE, metricsText } from '../core/metrics/metrics-text.ts';
import type { ApiNeeds } from './api-needs.ts';

/** Pages for programs that watch over Muster: whether it lives, whether it serves, and its numbers. */
export function addWatchedPages(app: FastifyInstance, needs: Pick<ApiNeeds, 'readiness' | 'metrics'>): void {
  app.get(HEALTH_PATH, async () => ({ status: 'ok' }));
  app.get(READY_PATH, async (_request, reply) => {
    const readiness = await needs.readiness();
    if (readiness.ready) return { status: 'ready' };
    void reply.code(503);
    return { status: 'not ready', because: readiness.because };
  });
  app.get(METRICS_PATH, async (_request, reply) => {
    const text = metricsText(await needs.metrics());
    // As bytes: the media type is whole, and the framework would write its own way of it.
    return await reply.header('content-type', METRICS_MEDIA_TYPE).send(Buffer.from(text));
  });
}
