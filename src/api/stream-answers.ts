import type { FastifyReply, FastifyRequest } from 'fastify';
import { ROUTES } from '../contract/routes.ts';
import type { ApiNeeds } from './api-needs.ts';
import { mayStillAsk } from './asking.ts';
import { eventFilter } from './event-handlers.ts';
import type { EventStreams } from './event-stream.ts';
import type { LogStreams } from './log-stream.ts';
import { found } from './problems.ts';
import { readAsked, readLastEventId } from './read-request.ts';

/** Rows that are answered with server-sent events. */

export async function answerStream(
  needs: ApiNeeds,
  streams: EventStreams,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const { query } = readAsked(ROUTES.streamEvents, request);
  const after = readLastEventId(request.headers['last-event-id']) ?? query.after;
  const filter = await eventFilter(needs.machines, query);
  await streams.start(reply.raw, filter, after, () => mayStillAsk(needs, 'streamEvents', request));
  reply.hijack();
}

export async function answerLogStream(
  needs: ApiNeeds,
  streams: LogStreams,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const { params, query } = readAsked(ROUTES.streamInstallLog, request);
  const { id } = found(await needs.installs.byId(params.id), 'install', params.id);
  const size = needs.installLogs.size(id);
  const offset =
    readLastEventId(request.headers['last-event-id']) ??
    (await needs.installLogs.tailOffset(id, query.tail ?? 0));
  const mayRead = () => mayStillAsk(needs, 'streamInstallLog', request);
  streams.start(reply.raw, id, Math.min(offset, size), mayRead);
  reply.hijack();
}
