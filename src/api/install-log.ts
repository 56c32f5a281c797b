import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ROUTES } from '../contract/routes.ts';
import { chooseRange, formatContentRange, formatUnsatisfiedRange } from '../protocols/http/range.ts';
import type { ApiNeeds } from './api-needs.ts';
import { ApiProblem, found } from './problems.ts';
import { readAsked } from './read-request.ts';

/** Read and sent at once. */
const PIECE = 256 * 1024;

type LogNeeds = Pick<ApiNeeds, 'installs' | 'installLogs'>;

/** The log of an install as it is now: all of it, its last lines, or the part that `Range` names (RFC 9110 §14). */
export async function answerInstallLog(
  { installs, installLogs }: LogNeeds,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const { params, query } = readAsked(ROUTES.readInstallLog, request);
  const { id } = found(await installs.byId(params.id), 'install', params.id);
  const size = installLogs.size(id);
  const start = query.tail === undefined ? 0 : await installLogs.tailOffset(id, query.tail);
  const range =
    query.tail === undefined ? chooseRange(request.headers.range, size) : { send: 'whole' as const };
  if (range.send === 'nothing') {
    void reply.header('content-range', formatUnsatisfiedRange(size));
    throw new ApiProblem('bad-request', range.because, { status: 416 });
  }
  const [first, last] = range.send === 'part' ? [range.first, range.last] : [start, size - 1];
  if (range.send === 'part')
    void reply.code(206).header('content-range', formatContentRange(first, last, size));
  await reply
    .header('content-type', 'text/plain; charset=utf-8')
    .header('accept-ranges', 'bytes')
    .header('content-length', last - first + 1)
    .send(Readable.from(piecesOf(installLogs, id, first, last), { objectMode: false }));
}

/** What was on disk when it was asked for; more that comes meanwhile is not of this answer. */
async function* piecesOf(
  logs: LogNeeds['installLogs'],
  id: string,
  first: number,
  last: number,
): AsyncGenerator<Uint8Array> {
  for (let at = first; at <= last; at += PIECE) yield await logs.read(id, at, Math.min(PIECE, last - at + 1));
}
