import { fastify, type FastifyInstance, type FastifyRequest } from 'fastify';
import { limitConnections } from './connection-limit.ts';
import { judgeRequest } from './guard.ts';
import { ApiProblem } from './problems.ts';
import { SECURITY_HEADERS, sendProblem } from './send-problem.ts';

/** Bytes of a body: the largest is a profile with its template. */
export const MAX_BODY_BYTES = 1_048_576;
/** Characters of one parameter in a path. */
const MAX_PARAMETER_LENGTH = 128;
/** From the first byte of a request to its last. */
const REQUEST_TIMEOUT_MS = 30_000;
/** How long a connection may stay without a request. */
const KEEP_ALIVE_MS = 60_000;
/** Bytes of a request's line and header fields. */
const MAX_HEADER_BYTES = 16_384;
const MAX_CONNECTIONS = 256;
/** From the first byte of a connection until TLS is agreed on. */
const TLS_HANDSHAKE_MS = 10_000;

/** How the door is that the API stands behind. */
export interface ApiDoor {
  /** Only this computer reaches it. */
  readonly isLoopback: boolean;
  /** PEM. */
  readonly tls?: { readonly certificate: string; readonly key: string };
  /** For tests; `TLS_HANDSHAKE_MS` else. */
  readonly handshakeMs?: number;
}

/**
 * A server that answers nothing yet: with its limits, over TLS where it has a certificate, which refuses who must
 * not come in and what it cannot read. @param failed is told of what is a mistake of ours.
 */
export function apiServer(door: ApiDoor, failed: (error: unknown) => void): FastifyInstance {
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
    frameworkErrors: (error, _request, reply) => void sendProblem(reply, error, failed),
  });
  app.server.maxConnections = MAX_CONNECTIONS;
  // Over loopback everybody has one address, and a proxy may stand there.
  if (!door.isLoopback) limitConnections(app.server);
  readJsonOnly(app);
  app.addHook('onRequest', async (request, reply) => {
    void reply.headers(SECURITY_HEADERS);
    refuseStrangers(request, door);
  });
  app.setErrorHandler((error, _request, reply) => sendProblem(reply, error, failed));
  return app;
}

/** Over TLS 1.2 and 1.3, as every browser and program of the last years speaks. */
function serverOptions({ tls, handshakeMs = TLS_HANDSHAKE_MS }: ApiDoor): { readonly http: object } {
  const limits = { maxHeaderSize: MAX_HEADER_BYTES };
  if (tls === undefined) return { http: limits };
  const { certificate: cert, key } = tls;
  const https = { ...limits, cert, key, minVersion: 'TLSv1.2', handshakeTimeout: handshakeMs } as const;
  // The framework has a type of its own for each kind of server; nothing here depends on which it is.
  return { https } as unknown as { readonly http: object };
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
