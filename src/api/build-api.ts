import type { FastifyInstance } from 'fastify';
import { addRows, refuseOtherMethods } from './add-rows.ts';
import type { ApiNeeds } from './api-needs.ts';
import { type ApiDoor, apiServer } from './api-server.ts';
import { eventsToWire } from './event-handlers.ts';
import { EventStreams } from './event-stream.ts';
import { LogStreams } from './log-stream.ts';
import { addOidcDoor } from './oidc-door.ts';
import { PageDoor } from './page-door.ts';
import { ApiProblem } from './problems.ts';
import { RequestLimits } from './request-limits.ts';
import { letRequestsFinish } from './requests-under-way.ts';
import { addWatchedPages } from './watched-pages.ts';

/** The API as a server that does not listen yet: rows of the contract, each with its handler, and the pages beside them. */
export function buildApi(needs: ApiNeeds, door: ApiDoor = { isLoopback: true }): FastifyInstance {
  const app = apiServer(door, needs.failed);
  const page = new PageDoor(needs.pageFolder);
  app.setNotFoundHandler(async (request, reply) => {
    if (await page.answer(request, reply)) return;
    throw new ApiProblem('not-found', `there is no page ${request.url.split('?')[0]}`);
  });
  const { heartbeatMs } = needs;
  const streams = new EventStreams({
    events: needs.events,
    failed: needs.failed,
    ...(heartbeatMs === undefined ? {} : { heartbeatMs }),
    toWire: (events) => eventsToWire(needs.machines, events),
  });
  const logStreams = new LogStreams(needs);
  letRequestsFinish(app, [streams, logStreams]);
  addWatchedPages(app, needs, door);
  const limits = new RequestLimits(needs.rateLimits);
  addOidcDoor(app, { ...needs, limits });
  addRows(app, needs, limits, { streams, logStreams });
  refuseOtherMethods(app);
  return app;
}
