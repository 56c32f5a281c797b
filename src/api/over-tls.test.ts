import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { API_PREFIX } from '../contract/routes.ts';
import { MAX_CONNECTIONS_OF_ADDRESS } from './connection-limit.ts';
import { LOCAL_SECRET } from './suite/people-world.ts';
import { openTlsDoor, type TlsDoor } from './suite/tls-door.ts';

/** The door as networks reach it, over real TLS. */

const PASSWORD = 'correct horse battery';

let door: TlsDoor;
beforeAll(async () => {
  door = await openTlsDoor();
});
afterAll(async () => {
  expect(door.world.mistakes).toEqual([]);
  await door.close();
});

async function ask(path: string, headers: Readonly<Record<string, string>>, body?: object) {
  const wish = { path: `${API_PREFIX}${path}`, headers };
  return await door.ask(body === undefined ? wish : { ...wish, method: 'POST', body });
}

test('a session is a cookie that nobody on the way can set, and no other is taken', async () => {
  const { world } = door;
  await world.needs.people.users.add('dirk', 'viewer');
  const local = { authorization: `Bearer ${LOCAL_SECRET}` };
  const { path } = JSON.parse((await ask('/users/dirk/link', local, {})).text) as { path: string };
  const link = path.replace('/#login=', '');
  const {
    cookies: [cookie = ''],
  } = await ask('/session', {}, { link, newPassword: PASSWORD });
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
    const socket = connect(door.port, '127.0.0.1');
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

describe('a connection that never gets to the end of its handshake is closed', () => {
  // Zeros after the head of a ClientHello: as long as they are fewer than it says, there is nothing to object to.
  const hello = Buffer.from('160301020001000001fc0303', 'hex');
  for (const [title, begin] of [
    ['which says nothing', () => undefined],
    ['which stops in the middle of its first word', (socket: Socket) => void socket.write(hello)],
    [
      'which goes on a byte at a time',
      (socket: Socket) => {
        socket.write(hello);
        const timer = setInterval(() => socket.write(Buffer.alloc(1)), 100);
        socket.on('close', () => clearInterval(timer));
      },
    ],
  ] as const)
    test(title, async () => {
      const impatient = await openTlsDoor({ handshakeMs: 300 });
      const socket = connect(impatient.port, '127.0.0.1');
      socket.on('error', () => undefined).resume();
      await once(socket, 'connect');
      begin(socket);
      await expect.poll(() => socket.closed, { timeout: 20_000 }).toBe(true);
      expect(impatient.world.mistakes).toEqual([]);
      await impatient.close();
    });
});
