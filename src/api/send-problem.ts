import type { FastifyReply } from 'fastify';
import { PROBLEM_MEDIA_TYPE } from '../contract/problem.ts';
import { ApiProblem, problemOf } from './problems.ts';

/** On every answer that says no other. */
export const SECURITY_HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
};

const STATUS_UNAUTHORIZED = 401;

/** A "no" as the answer to a request. @param failed is told of what is a mistake of ours. */
export async function sendProblem(
  reply: FastifyReply,
  error: unknown,
  failed: (error: unknown) => void,
): Promise<void> {
  const { problem, ours } = problemOf(error);
  if (ours) failed(error);
  if (error instanceof ApiProblem && error.retryAfterSeconds !== undefined)
    void reply.header('retry-after', error.retryAfterSeconds);
  // RFC 9110 §11.6.1: whoever is not known is told how to show who they are.
  if (problem.status === STATUS_UNAUTHORIZED) void reply.header('www-authenticate', 'Bearer realm="muster"');
  await reply
    .code(problem.status)
    .headers(SECURITY_HEADERS)
    .header('content-type', PROBLEM_MEDIA_TYPE)
    // As bytes, since the framework adds a character set to texts, and the media type has none.
    .send(Buffer.from(JSON.stringify(problem)));
}
