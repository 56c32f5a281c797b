import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { OIDC_CALLBACK_PATH, OIDC_PATH } from '../contract/routes.ts';
import { OIDC_WAIT_MS, type OidcService } from '../services/people/oidc-service.ts';
import type { ApiNeeds } from './api-needs.ts';
import { askingOf } from './asking.ts';

/** Which browser began: the provider sends the browser back, so it is no request of another page (Lax, not Strict). */
const COOKIE = 'muster_oidc';
const MS = 1000;

/** Where browsers go to log in at an OpenID provider, and come back. Everybody may: nobody is logged in before. */
export function addOidcDoor(
  app: FastifyInstance,
  { people, failed }: Pick<ApiNeeds, 'people' | 'failed'>,
): void {
  const { oidc } = people;
  if (oidc === undefined) return;
  app.get(OIDC_PATH, (request, reply) => begin(oidc, failed, request, reply));
  app.get(OIDC_CALLBACK_PATH, (request, reply) => finish(oidc, request, reply));
}

async function begin(
  oidc: OidcService,
  failed: (error: unknown) => void,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  try {
    const { url, state } = await oidc.begin(`${hereOf(request)}${OIDC_CALLBACK_PATH}`);
    await reply.header('set-cookie', cookieText(request, state, OIDC_WAIT_MS / MS)).redirect(url, 302);
  } catch (error) {
    failed(error);
    await sayNo(reply, 'the OpenID provider cannot be reached now; the log of Muster says why');
  }
}

async function finish(oidc: OidcService, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const [, state = ''] = new RegExp(`(?:^|; *)${COOKIE}=([\\w-]+)`).exec(request.headers.cookie ?? '') ?? [];
  const asking = askingOf(request, reply, undefined);
  const outcome = await oidc.finish(new URL(request.url, hereOf(request)), state, asking.place);
  if (!outcome.done) return await sayNo(reply, outcome.because);
  asking.keepSession(outcome.secret);
  const forget = cookieText(request, '', 0);
  await reply.header('set-cookie', forget).redirect('/', 302);
}

/** As the browser knows it; the provider sends people only where it was told that it may. */
function hereOf({ protocol, headers }: FastifyRequest): string {
  return `${protocol}://${headers.host ?? ''}`;
}

function cookieText({ protocol }: FastifyRequest, state: string, seconds: number): string {
  const secure = protocol === 'https' ? '; Secure' : '';
  return `${COOKIE}=${state}; Path=${OIDC_PATH}; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure}`;
}

async function sayNo(reply: FastifyReply, because: string): Promise<void> {
  await reply
    .code(401)
    .type('text/plain; charset=utf-8')
    .send(`Nobody is logged in: ${because}.\nBegin anew on the page of Muster.\n`);
}
