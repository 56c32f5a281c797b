import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { MAX_PIECE_BYTES } from '../contract/image-schemas.ts';
import { type RouteRow } from '../contract/route-row.ts';
import { API_PREFIX, type RouteName, ROUTE_NAMES, ROUTES } from '../contract/routes.ts';
import type { Asker } from '../core/people/asker.ts';
import type { ApiNeeds } from './api-needs.ts';
import { MAX_BODY_BYTES } from './api-server.ts';
import { askingOf, expectMayAsk, whoAsksRow } from './asking.ts';
import type { EventStreams } from './event-stream.ts';
import type { PlainRouteName } from './handler.ts';
import { createHandlers } from './handlers.ts';
import { answerImageFile } from './image-file.ts';
import { answerInstallLog } from './install-log.ts';
import type { LogStreams } from './log-stream.ts';
import { PlainAnswers } from './plain-answers.ts';
import { ApiProblem } from './problems.ts';
import type { RequestLimits } from './request-limits.ts';
import { answerLogStream, answerStream } from './stream-answers.ts';
import { StreamShares } from './stream-shares.ts';

const STATUS_UNAUTHORIZED = 401;
const ALL_METHODS: readonly HTTPMethods[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** How the rows are answered that answer no JSON. */
export interface OpenStreams {
  readonly streams: EventStreams;
  readonly logStreams: LogStreams;
}

/** Each row of the contract, asked by those who may, and as often as they may. */
export function addRows(
  app: FastifyInstance,
  needs: ApiNeeds,
  limits: RequestLimits,
  open: OpenStreams,
): void {
  const plain = new PlainAnswers(createHandlers(needs), needs);
  const askers = new WeakMap<FastifyRequest, Asker>();
  const shares = new StreamShares();
  for (const name of ROUTE_NAMES) {
    const row: RouteRow = ROUTES[name];
    app.route({
      method: row.method,
      url: urlOf(row),
      // Before the body is read.
      onRequest: async (request, reply) => {
        const asker = await limits.admit(name, request, reply, () => whoAsksRow(needs, name, request));
        await expectMayAsk(needs, name, request, asker);
        if (asker) askers.set(request, asker);
      },
      onResponse: async (request, { statusCode }) => {
        if (name === 'logIn' && statusCode === STATUS_UNAUTHORIZED) limits.failedLogIn(request);
      },
      bodyLimit: row.takes === 'bytes' ? MAX_PIECE_BYTES : (row.maxBodyBytes ?? MAX_BODY_BYTES),
      handler: isPlain(name)
        ? (request, reply) =>
            plain.answer(name, request, reply, askingOf(request, reply, askers.get(request)))
        : async (request, reply) => {
            if (row.answers === 'stream') shares.take(askers.get(request), reply.raw);
            await otherAnswer(name, needs, open)(request, reply);
          },
    });
  }
}

type OtherAnswer = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

function otherAnswer(
  name: Exclude<RouteName, PlainRouteName>,
  needs: ApiNeeds,
  { streams, logStreams }: OpenStreams,
): OtherAnswer {
  switch (name) {
    case 'readImageFile':
      return (request, reply) => answerImageFile(needs, request, reply);
    case 'readInstallLog':
      return (request, reply) => answerInstallLog(needs, request, reply);
    case 'streamInstallLog':
      return (request, reply) => answerLogStream(needs, logStreams, request, reply);
    case 'streamEvents':
      return (request, reply) => answerStream(needs, streams, request, reply);
    default:
      return name satisfies never;
  }
}

function isPlain(name: RouteName): name is PlainRouteName {
  const { answers } = ROUTES[name];
  return answers !== 'stream' && answers !== 'bytes';
}

/** `/machines/{machine}` of the contract is `/api/v1/machines/:machine` of the framework. */
function urlOf(row: RouteRow): string {
  return `${API_PREFIX}${row.path.replaceAll(/\{(\w+)\}/g, ':$1')}`;
}

/** A path that is there, asked with a method it does not have, says which it has. */
export function refuseOtherMethods(app: FastifyInstance): void {
  const methods = new Map<string, string[]>();
  for (const name of ROUTE_NAMES) {
    const url = urlOf(ROUTES[name]);
    methods.set(url, [...(methods.get(url) ?? []), ROUTES[name].method]);
  }
  for (const [url, known] of methods) {
    const allow = known.join(', ');
    app.route({
      method: ALL_METHODS.filter((method) => !known.includes(method)),
      url,
      handler: async ({ method }, reply) => {
        void reply.header('allow', allow);
        throw new ApiProblem('bad-request', `${method} cannot be done there: ${allow} can`, { status: 405 });
      },
    });
  }
}
