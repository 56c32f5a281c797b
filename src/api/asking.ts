import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RouteRow } from '../contract/route-row.ts';
import { type RouteName, ROUTES } from '../contract/routes.ts';
import { SESSION_COOKIE } from '../contract/session-cookie.ts';
import { type Asker, objectionToAsker } from '../core/people/asker.ts';
import { SESSION_MS } from '../core/people/user.ts';
import type { LoginPlace } from '../services/people/login-service.ts';
import type { Shown, WhoAsksApi } from '../services/people/who-asks-api.ts';
import type { ApiNeeds } from './api-needs.ts';
import { auditRefusal } from './audited.ts';
import { ApiProblem } from './problems.ts';

/** Who asks, from where, and the way to keep or end their session. */
export interface Asking {
  /** Undefined where anybody may ask, and nobody is known. */
  readonly asker: Asker | undefined;
  readonly place: LoginPlace;
  /** The secret of a session for the browser to show from now on; undefined: it forgets the one it has. */
  readonly keepSession: (secret: string | undefined) => void;
}

/** Over TLS, no other host and no page without TLS can set one of this name (RFC 6265bis §4.1.3.2). */
const SECURE_COOKIE = `__Host-${SESSION_COOKIE}`;
const MAX_AGENT_LENGTH = 200;

const LOG_IN =
  'nobody is logged in: log in on the page, or send a token (muster token add TITLE, then --token-file)';
const UNKNOWN =
  'what was shown is not good, or not any more: log in anew, or send another token (muster token add TITLE)';

/** @throws ApiProblem for those who may not ask what this row says; it is noted where they are known. */
export async function judgeAsker(
  { people: { whoAsks, audit }, failed }: Pick<ApiNeeds, 'people' | 'failed'>,
  name: RouteName,
  request: FastifyRequest,
): Promise<Asker | undefined> {
  const row: RouteRow = ROUTES[name];
  if (typeof row.role === 'object') return await whoAsks.whoAsks(shownBy(request));
  const asker = await knownAsker(whoAsks, request);
  const because = objectionToAsker(asker, row.role, row.path);
  if (because === undefined) return asker;
  await auditRefusal({ audit, failed }, name, { asker, address: request.ip, params: request.params });
  throw new ApiProblem('not-permitted', because);
}

/** @throws ApiProblem where nobody is known. */
export async function knownAsker(
  whoAsks: Pick<WhoAsksApi, 'whoAsks'>,
  request: FastifyRequest,
): Promise<Asker> {
  const shown = shownBy(request);
  const asker = await whoAsks.whoAsks(shown);
  if (asker !== undefined) return asker;
  const isAnything = shown.bearer !== undefined || shown.session !== undefined;
  throw new ApiProblem('not-logged-in', isAnything ? UNKNOWN : LOG_IN);
}

function shownBy({ headers }: FastifyRequest): Shown {
  const [, bearer] = /^bearer +([\w.~+/=-]+)$/i.exec(headers.authorization ?? '') ?? [];
  const session = cookie(headers.cookie, SECURE_COOKIE) ?? cookie(headers.cookie, SESSION_COOKIE);
  return { ...(bearer === undefined ? {} : { bearer }), ...(session === undefined ? {} : { session }) };
}

function cookie(header: string | undefined, name: string): string | undefined {
  const pair = header?.split(';').find((one) => one.trim().startsWith(`${name}=`));
  return pair?.trim().slice(name.length + 1);
}

export function askingOf(request: FastifyRequest, reply: FastifyReply, asker: Asker | undefined): Asking {
  const isSecure = request.protocol === 'https';
  return {
    asker,
    place: {
      address: request.ip,
      agent: (request.headers['user-agent'] ?? '').slice(0, MAX_AGENT_LENGTH),
    },
    keepSession: (secret) => void reply.header('set-cookie', cookieText(secret, isSecure)),
  };
}

function cookieText(secret: string | undefined, isSecure: boolean): string {
  const seconds = secret === undefined ? 0 : SESSION_MS / 1000;
  const name = isSecure ? SECURE_COOKIE : SESSION_COOKIE;
  const secure = isSecure ? '; Secure' : '';
  return `${name}=${secret ?? ''}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure}`;
}
