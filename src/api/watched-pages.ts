import type { FastifyInstance } from 'fastify';
import { openApiDocument } from '../contract/openapi.ts';
import { HEALTH_PATH, METRICS_PATH, OPENAPI_PATH, READY_PATH } from '../contract/routes.ts';
import { METRICS_MEDIA_TYPE, metricsText } from '../core/metrics/metrics-text.ts';
import type { ApiNeeds } from './api-needs.ts';
import { knownAsker } from './asking.ts';

type PageNeeds = Pick<ApiNeeds, 'readiness' | 'metrics' | 'version' | 'people'>;

/** Pages for programs beside the API: whether Muster lives, whether it serves, its numbers, and what may be asked. */
export function addWatchedPages(
  app: FastifyInstance,
  needs: PageNeeds,
  { isLoopback }: { readonly isLoopback: boolean },
): void {
  // Made when it is asked for first: most servers are never asked.
  let openApi: Buffer | undefined;
  app.get(OPENAPI_PATH, async (_request, reply) => {
    openApi ??= Buffer.from(JSON.stringify(openApiDocument(needs.version)));
    return await reply.header('content-type', 'application/json').send(openApi);
  });
  app.get(HEALTH_PATH, async () => ({ status: 'ok' }));
  app.get(READY_PATH, async (_request, reply) => {
    const readiness = await needs.readiness();
    if (readiness.ready) return { status: 'ready' };
    void reply.code(503);
    return { status: 'not ready', because: readiness.because };
  });
  app.get(METRICS_PATH, async (request, reply) => {
    // Its numbers name subnets and images: on a network they are for those who may see them.
    if (!isLoopback) await knownAsker(needs.people.whoAsks, request);
    const text = metricsText(await needs.metrics());
    // As bytes: the media type is whole, and the framework would write its own way of it.
    return await reply.header('content-type', METRICS_MEDIA_TYPE).send(Buffer.from(text));
  });
}
