import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { connect, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { API_PREFIX } from '../contract/routes.ts';
import { selfSigned } from '../daemon/self-signed.ts';
import { buildApi } from './build-api.ts';
import { MAX_CONNECTIONS_OF_ADDRESS } from './connection-limit.ts';
import { type ApiWorld, openApiWorld } from './suite/api-world.ts';
import { LOCAL_SECRET } from './suite/people-world.ts';

/** The door as networks reach it, over real TLS. */

const PASSWORD = 'correct horse battery';

let world: ApiWorld;
let api: FastifyInstance;
let ca: string;
let port: number;
beforeAll(async () => {
  world = await openApiWorld('on');
  const now = Date.now();
  const tls = await selfSigned(['localhost'], { fromMs: now - 60_000, toMs: now + 3_600_000 });
  ca = tls.certificate;
  api = buildApi(world.needs, { isLoopback: false, tls });
  await api.listen({ host: '127.0.0.1', port: 0 });
  ({ port } = api.server.address() as { port: number });
});
afterAll(async () => {
  await api.close();
  expect(world.mistakes).toEqual([]);
  await world.close();
});

async function ask(path: string, headers: Readonly<Record<string, string>>, body?: object) {
  const sent = request({
    host: '127.0.0.1',
    servername: 'localhost',
    port,
    ca,
    path: `${API_PREFIX}${path}`,
    method: body === undefined ? 'GET' : 'POST',
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    agent: false,
  });
  sent.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece as Buffer);
  const text = Buffer.concat(pieces).toString();
  return { status: response.statusCode, text, cookie: response.headers['set-cookie']?.[0] ?? '' };
}

test('a session is a cookie that nobody on the way can set, and no other is taken', async () => {
  await world.needs.people.users.add('dirk', 'viewer');
  const local = { authorization: `Bearer ${LOCAL_SECRET}` };
  const { path } = JSON.parse((await ask('/users/dirk/link', local, {})).text) as { path: string };
  const link = path.replace('/#login=', '');
  const { cookie } = await ask('/session', {}, { link, newPassword: PASSWORD });
  expect(cookie).toMatch(
    /^__Host-muster_session=[\w-]{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Strict; Secure$/,
  );
  const [secure = ''] = cookie.split(';');
  const planted = secure.replace('__Host-', '');
  for (const [shown, status] of [
    [secure, 200],
    [planted, 401],
    [`${planted}; __Host-muster_session=nonsense`, 401],
  ] as const)
    expect((await ask('/machines', { cookie: shown })).status, shown).toBe(status);
  const headers = { host: 'localhost', cookie: secure };
  const plainly = await world.api.inject({ url: `${API_PREFIX}/machines`, headers });
  expect(plainly.statusCode, 'nor is that one taken without TLS').toBe(401);
});

test('one address takes no more than its share of the connections', async () => {
  const sockets: Socket[] = [];
  const closed: number[] = [];
  for (let at = 0; at < MAX_CONNECTIONS_OF_ADDRESS + 2; at++) {
    const socket = connect(port, '127.0.0.1');
    socket.on('close', () => closed.push(at)).on('error', () => undefined);
    sockets.push(socket);
    await once(socket, 'connect');
  }
  const last = sockets.slice(-2).map(async (socket) => socket.closed || (await once(socket, 'close')));
  await Promise.all(last);
  expect(closed.toSorted((one, other) => one - other)).toEqual([
    MAX_CONNECTIONS_OF_ADDRESS,
    MAX_CONNECTIONS_OF_ADDRESS + 1,
  ]);
  const [first] = sockets;
  first?.destroy();
  await expect
    .poll(async () => (await ask('/session', {}).catch(() => ({ status: 0 }))).status, { timeout: 5_000 })
    .toBe(200);
  for (const socket of sockets) socket.destroy();
});
