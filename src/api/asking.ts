import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RouteRow } from '../contract/route-row.ts';
import { type RouteName, ROUTES } from '../contract/routes.ts';
import { sessionCookieName } from '../contract/session-cookie.ts';
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

const MAX_AGENT_LENGTH = 200;

const LOG_IN =
  'nobody is logged in: log in on the page, or send a token (muster token add TITLE, then --token-file)';
const UNKNOWN =
  'what was shown is not good, or not any more: log in anew, or send another token (muster token add TITLE)';

type AskingNeeds = Pick<ApiNeeds, 'people' | 'failed'>;

/** Who asks this row. @throws ApiProblem where nobody is known, unless everybody may ask it. */
export async function whoAsksRow(
  { people: { whoAsks } }: Pick<AskingNeeds, 'people'>,
  name: RouteName,
  request: FastifyRequest,
): Promise<Asker | undefined> {
  return typeof ROUTES[name].role === 'object'
    ? await whoAsks.whoAsks(shownBy(request))
    : await knownAsker(whoAsks, request);
}

/** @throws ApiProblem for those who may not ask what this row says; it is noted. */
export async function expectMayAsk(
  { people: { audit }, failed }: AskingNeeds,
  name: RouteName,
  request: FastifyRequest,
  asker: Asker | undefined,
): Promise<void> {
  const because = objectionToAsking(name, asker);
  if (because === undefined) return;
  const refused = { asker, address: request.ip, params: request.params };
  await auditRefusal({ audit, failed }, name, refused);
  throw new ApiProblem('not-permitted', because);
}

/**
 * Whether whoever asked may still ask this: for answers that go on for hours. It is no use of the session, which would
 * never end while a page is open.
 */
export async function mayStillAsk(
  { people: { whoAsks } }: Pick<AskingNeeds, 'people'>,
  name: RouteName,
  request: FastifyRequest,
): Promise<boolean> {
  const asker = await whoAsks.whoAsks(shownBy(request), 'looked at');
  return objectionToAsking(name, asker) === undefined;
}

function objectionToAsking(name: RouteName, asker: Asker | undefined): string | undefined {
  const row: RouteRow = ROUTES[name];
  if (typeof row.role === 'object') return undefined;
  return asker === undefined ? LOG_IN : objectionToAsker(asker, row.role, row.path);
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

function shownBy({ headers, protocol }: FastifyRequest): Shown {
  const [, bearer] = /^bearer +([\w.~+/=-]+)$/i.exec(headers.authorization ?? '') ?? [];
  // Over TLS no other is taken: anybody on the way can set one without TLS for the same host.
  const session = cookie(headers.cookie, sessionCookieName(protocol));
  return { ...(bearer === undefined ? {} : { bearer }), ...(session === undefined ? {} : { session }) };
}

function cookie(header: string | undefined, name: string): string | undefined {
  const pair = header?.split(';').find((one) => one.trim().startsWith(`${name}=`));
  return pair?.trim().slice(name.length + 1);
}

export function askingOf(request: FastifyRequest, reply: FastifyReply, asker: Asker | undefined): Asking {
  const { protocol } = request;
  return {
    asker,
    place: {
      address: request.ip,
      agent: (request.headers['user-agent'] ?? '').slice(0, MAX_AGENT_LENGTH),
    },
    keepSession: (secret) => void reply.header('set-cookie', cookieText(secret, protocol)),
  };
}

function cookieText(secret: string | undefined, protocol: string): string {
  const seconds = secret === undefined ? 0 : SESSION_MS / 1000;
  const name = sessionCookieName(protocol);
  const secure = protocol === 'https' ? '; Secure' : '';
  return `${name}=${secret ?? ''}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure}`;
}
