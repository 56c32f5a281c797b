import {
  fastify,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type HTTPMethods,
} from 'fastify';
import { MAX_PIECE_BYTES } from '../contract/image-schemas.ts';
import { PROBLEM_MEDIA_TYPE } from '../contract/problem.ts';
import { API_PREFIX, type RouteName, ROUTE_NAMES, ROUTES } from '../contract/routes.ts';
import { type RouteRow } from '../contract/route-row.ts';
import type { ApiNeeds } from './api-needs.ts';
import { answerImageFile } from './image-file.ts';
import { answerInstallLog } from './install-log.ts';
import { limitConnections } from './connection-limit.ts';
import { LogStreams } from './log-stream.ts';
import { addWatchedPages } from './watched-pages.ts';
import { eventsToWire } from './event-handlers.ts';
import { EventStreams } from './event-stream.ts';
import type { Asker } from '../core/people/asker.ts';
import { askingOf, expectMayAsk, whoAsksRow } from './asking.ts';
import { addOidcDoor } from './oidc-door.ts';
import { judgeRequest } from './guard.ts';
import type { Handlers, PlainRouteName } from './handler.ts';
import { createHandlers } from './handlers.ts';
import { PageDoor } from './page-door.ts';
import { PlainAnswers } from './plain-answers.ts';
import { ApiProblem, problemOf } from './problems.ts';
import { RequestLimits } from './request-limits.ts';
import { answerLogStream, answerStream } from './stream-answers.ts';
import { RequestsUnderWay } from './requests-under-way.ts';

/** Bytes of a body: the largest is a profile with its template. */
export const MAX_BODY_BYTES = 1_048_576;
/** Characters of one parameter in a path. */
export const MAX_PARAMETER_LENGTH = 128;
/** From the first byte of a request to its last. */
export const REQUEST_TIMEOUT_MS = 30_000;
/** How long a connection may stay without a request. */
export const KEEP_ALIVE_MS = 60_000;
/** Bytes of a request's line and header fields. */
export const MAX_HEADER_BYTES = 16_384;
export const MAX_CONNECTIONS = 256;
/** How long requests under way may take when the server stops. */
export const DRAIN_MS = 5_000;

const STATUS_UNAUTHORIZED = 401;

/** From the first byte of a connection until TLS is agreed on. */
export const TLS_HANDSHAKE_MS = 10_000;

/** What is answered is no page, whatever it says, and for no page but our own. */
const SECURITY_HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
};
const ALL_METHODS: readonly HTTPMethods[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** How the door is that the API stands behind. */
export interface ApiDoor {
  /** Only this computer reaches it. */
  readonly isLoopback: boolean;
  /** PEM. */
  readonly tls?: { readonly certificate: string; readonly key: string };
}

/** The API as a server that does not listen yet: rows of the contract, each with its handler. */
export function buildApi(needs: ApiNeeds, door: ApiDoor = { isLoopback: true }): FastifyInstance {
  const app: FastifyInstance = fastify({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    ...serverOptions(door),
    routerOptions: { maxParamLength: MAX_PARAMETER_LENGTH },
    exposeHeadRoutes: false,
    // When they are closed, no request is under way any more. Idle ones are not enough: Node does not count a
    // connection as idle that never carried a request, as browsers open them ahead, and would wait a minute.
    forceCloseConnections: true,
    frameworkErrors: (error, _request, reply) => void sendProblem(reply, error, needs.failed),
  });
  app.server.maxConnections = MAX_CONNECTIONS;
  // Over loopback everybody has one address, and a proxy may stand there.
  if (!door.isLoopback) limitConnections(app.server);
  readJsonOnly(app);
  app.addHook('onRequest', async (request, reply) => {
    void reply.headers(SECURITY_HEADERS);
    refuseStrangers(request, door);
  });
  app.setErrorHandler((error, _request, reply) => sendProblem(reply, error, needs.failed));
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
  addRoutes(app, createHandlers(needs), needs, door, { streams, logStreams });
  refuseOtherMethods(app);
  return app;
}

/** At the end, streams are ended and every other request gets its answer, if that does not take too long. */
function letRequestsFinish(app: FastifyInstance, streams: readonly { closeAll(): void }[]): void {
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

/** JSON is read, and an empty body is none; and bytes, where a row takes them. */
function readJsonOnly(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else void parseJson(request, body as string, done);
  });
  app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
}

/** Over TLS 1.2 and 1.3, as every browser and program of the last years speaks. */
function serverOptions({ tls }: ApiDoor): { readonly http: object } {
  const limits = { maxHeaderSize: MAX_HEADER_BYTES };
  if (tls === undefined) return { http: limits };
  const { certificate: cert, key } = tls;
  const https = { ...limits, cert, key, minVersion: 'TLSv1.2', handshakeTimeout: TLS_HANDSHAKE_MS } as const;
  // The framework has a type of its own for each kind of server; nothing here depends on which it is.
  return { https } as unknown as { readonly http: object };
}

function refuseStrangers({ method, headers, protocol }: FastifyRequest, { isLoopback }: ApiDoor): void {
  const { host, origin, 'content-type': contentType } = headers;
  const reachedBy = isLoopback ? 'this computer' : 'networks';
  const { 'sec-fetch-site': fetchSite, 'sec-fetch-dest': fetchFor } = headers;
  const fetched = { fetchSite: word(fetchSite), fetchFor: word(fetchFor) };
  const verdict = judgeRequest({ method, host, origin, contentType, protocol, reachedBy, ...fetched });
  if (!verdict.pass) throw new ApiProblem(verdict.type, verdict.because, { status: verdict.status });
}

function word(field: string | readonly string[] | undefined): string | undefined {
  return field === undefined ? undefined : String(field);
}

/** How the rows are answered that answer no JSON. */
interface OpenStreams {
  readonly streams: EventStreams;
  readonly logStreams: LogStreams;
}

function addRoutes(
  app: FastifyInstance,
  handlers: Handlers,
  needs: ApiNeeds,
  door: ApiDoor,
  open: OpenStreams,
): void {
  addWatchedPages(app, needs, door);
  const limits = new RequestLimits(needs.rateLimits);
  addOidcDoor(app, { ...needs, limits });
  const plain = new PlainAnswers(handlers, needs);
  const askers = new WeakMap<FastifyRequest, Asker>();
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
        : otherAnswer(name, needs, open),
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
function refuseOtherMethods(app: FastifyInstance): void {
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

async function sendProblem(
  reply: FastifyReply,
  error: unknown,
  failed: (error: unknown) => void,
): Promise<void> {
  const { problem, ours } = problemOf(error);
  if (ours) failed(error);
  if (error instanceof ApiProblem && error.retryAfterSeconds !== undefined)
    void reply.header('retry-after', error.retryAfterSeconds);
  // RFC 9110 §11.6.1: whoever is not known is told how to show who they are.
  if (problem.status === 401) void reply.header('www-authenticate', 'Bearer realm="muster"');
  await reply
    .code(problem.status)
    .headers(SECURITY_HEADERS)
    .header('content-type', PROBLEM_MEDIA_TYPE)
    // As bytes, since the framework adds a character set to texts, and the media type has none.
    .send(Buffer.from(JSON.stringify(problem)));
}
