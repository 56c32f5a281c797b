import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { EVENT_STREAM_MEDIA_TYPE } from '../../contract/events.ts';
import type { Role } from '../../lib/roles.ts';
import { selfSigned } from '../../daemon/self-signed.ts';
import type { ApiNeeds } from '../api-needs.ts';
import type { ApiDoor } from '../api-server.ts';
import { buildApi } from '../build-api.ts';
import { type ApiWorld, openApiWorld } from './api-world.ts';

/** The door as networks reach it, over real TLS, where people log in. */
export interface TlsDoor {
  readonly world: ApiWorld;
  readonly port: number;
  /** Over a connection of its own. */
  readonly ask: (wish: Wish) => Promise<Answer>;
  readonly close: () => Promise<void>;
}

export interface Wish {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** Another address of this computer than the first. */
  readonly from?: string;
}

export interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly cookies: readonly string[];
  /** Of a stream nothing, which is left as soon as it begins. */
  readonly text: string;
}

type Given = Pick<ApiDoor, 'handshakeMs'> & {
  /** What is another there than in every world. */
  readonly needs?: (world: ApiWorld) => Partial<ApiNeeds>;
};

export async function openTlsDoor({ needs, ...limits }: Given = {}): Promise<TlsDoor> {
  const world = await openApiWorld('on');
  const now = Date.now();
  const tls = await selfSigned(['localhost'], { fromMs: now - 60_000, toMs: now + 3_600_000 });
  const api = buildApi({ ...world.needs, ...needs?.(world) }, { isLoopback: false, tls, ...limits });
  await api.listen({ host: '127.0.0.1', port: 0 });
  const { port } = api.server.address() as AddressInfo;
  return {
    world,
    port,
    ask: (wish) => ask({ port, ca: tls.certificate }, wish),
    close: async () => {
      await api.close();
      await world.close();
    },
  };
}

async function ask(
  at: { readonly port: number; readonly ca: string },
  { method = 'GET', path, headers = {}, body, from }: Wish,
): Promise<Answer> {
  const sent = request({
    ...at,
    host: '127.0.0.1',
    servername: 'localhost',
    method,
    path,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    agent: false,
    ...(from === undefined ? {} : { localAddress: from }),
  });
  sent.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const { statusCode: status, headers: told } = response;
  const answer = { status, headers: told, cookies: told['set-cookie'] ?? [] };
  if (told['content-type'] === EVENT_STREAM_MEDIA_TYPE) {
    response.destroy();
    return { ...answer, text: '' };
  }
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece as Buffer);
  return { ...answer, text: Buffer.concat(pieces).toString() };
}

/** A new user's session, as their browser shows it. */
export async function newSession(
  { needs: { people } }: Pick<ApiWorld, 'needs'>,
  name: string,
  role: Role,
): Promise<string> {
  const added = await people.users.add(name, role);
  if (!added.done) throw new Error(added.because);
  const opened = await people.logins.open(added.user, { address: '127.0.0.1', agent: '' });
  if (!opened.done) throw new Error(opened.because);
  return `__Host-muster_session=${opened.secret}`;
}
