import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { OIDC_CALLBACK_PATH, OIDC_PATH } from '../contract/routes.ts';
import type { LoggedIn, LoginRefusal } from '../services/people/login-service.ts';
import { OIDC_WAIT_MS, type OidcService } from '../services/people/oidc-service.ts';
import type { ApiNeeds } from './api-needs.ts';
import { askingOf } from './asking.ts';
import type { RequestLimits } from './request-limits.ts';

/** Which browser began: the provider sends the browser back, so it is no request of another page (Lax, not Strict). */
const COOKIE = 'muster_oidc';
const MS = 1000;
const STATUS_UNAUTHORIZED = 401;

type DoorNeeds = Pick<ApiNeeds, 'people' | 'failed'> & {
  /** Everybody may come, and nobody too often. */
  readonly limits: Pick<RequestLimits, 'admitStranger' | 'failedLogIn'>;
};

/** Where browsers go to log in at an OpenID provider, and come back. Everybody may: nobody is logged in before. */
export function addOidcDoor(app: FastifyInstance, needs: DoorNeeds): void {
  const { oidc } = needs.people;
  if (oidc === undefined) return;
  const onRequest = async (request: FastifyRequest, reply: FastifyReply): Promise<void> =>
    needs.limits.admitStranger(request, reply);
  app.get(OIDC_PATH, { onRequest }, (request, reply) => begin(oidc, needs.failed, request, reply));
  app.get(OIDC_CALLBACK_PATH, { onRequest }, (request, reply) => finish(oidc, needs, request, reply));
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

async function finish(
  oidc: OidcService,
  needs: DoorNeeds,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const asking = askingOf(request, reply, undefined);
  const came = new URL(request.url, hereOf(request));
  const outcome = await oidc.finish(came, stateOf(request), asking.place);
  await note(needs, request, outcome);
  if (!outcome.done) {
    needs.limits.failedLogIn(request);
    return await sayNo(reply, outcome.because);
  }
  asking.keepSession(outcome.secret);
  const forget = cookieText(request, '', 0);
  await reply.header('set-cookie', forget).redirect('/', 302);
}

/** It is no row of the API, and makes users and gives them roles all the same. */
async function note(
  { people: { audit }, failed }: DoorNeeds,
  request: FastifyRequest,
  outcome: LoggedIn | LoginRefusal,
): Promise<void> {
  const came = outcome.done
    ? { who: outcome.user.name, status: 200, after: { who: outcome.user.name, role: outcome.user.role } }
    : { who: outcome.who ?? '', status: STATUS_UNAUTHORIZED };
  const place = { by: 'openid', address: request.ip, route: 'logIn', path: OIDC_CALLBACK_PATH } as const;
  await audit.note({ ...place, ...came }).catch(failed);
}

/** What this browser was given when it began. */
function stateOf({ protocol, headers }: FastifyRequest): string {
  const [, state = ''] =
    new RegExp(`(?:^|; *)${cookieName(protocol)}=([\\w-]+)`).exec(headers.cookie ?? '') ?? [];
  return state;
}

/** As the browser knows it; the provider sends people only where it was told that it may. */
function hereOf({ protocol, headers }: FastifyRequest): string {
  return `${protocol}://${headers.host ?? ''}`;
}

/** Over TLS, nobody on the way can set one of its name, and so have another log in as them. */
function cookieName(protocol: string): string {
  return protocol === 'https' ? `__Host-${COOKIE}` : COOKIE;
}

function cookieText({ protocol }: FastifyRequest, state: string, seconds: number): string {
  const secure = protocol === 'https' ? '; Secure' : '';
  return `${cookieName(protocol)}=${state}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure}`;
}

async function sayNo(reply: FastifyReply, because: string): Promise<void> {
  await reply
    .code(STATUS_UNAUTHORIZED)
    .type('text/plain; charset=utf-8')
    .send(`Nobody is logged in: ${because}.\nBegin anew on the page of Muster.\n`);
}
