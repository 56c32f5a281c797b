import { connect, createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MAX_BODY_BYTES } from './api-server.ts';
import { listenApi } from './listen-api.ts';
import { type ApiWorld, openApiWorld } from './suite/api-world.ts';

let world: ApiWorld;
beforeEach(async () => {
  world = await openApiWorld();
});
afterEach(async () => {
  expect(world.mistakes).toEqual([]);
  await world.close();
});

for (const [address, host] of [
  ['127.0.0.1', '127.0.0.1'],
  ['::1', '[::1]'],
] as const) {
  test(`the API answers on ${address}`, async () => {
    const api = await listenApi(world.needs, { address, port: 0 });
    expect(api.url).toBe(`http://${host}:${api.port}`);
    const response = await fetch(`${api.url}/api/v1/status`);
    expect([response.status, await response.json()]).toMatchObject([200, { version: '1.2.3' }]);
    await api.close();
    await expect(fetch(api.url)).rejects.toThrow();
  });
}

const ELSEWHERE = ['0.0.0.0', '192.168.122.1', '::', 'localhost.evil.example', '127.0.0.1.evil.example'];

for (const address of ELSEWHERE) {
  test(`the API does not listen on ${address} where nobody logs in, or without TLS`, async () => {
    await expect(listenApi(world.needs, { address, port: 0 })).rejects.toThrow(
      `Cannot open the API on ${address}: whoever reaches it would be an admin`,
    );
    const withLogin = await openApiWorld('on');
    await expect(listenApi(withLogin.needs, { address, port: 0 })).rejects.toThrow(
      `Cannot open the API on ${address}: passwords would be read on the way`,
    );
    await withLogin.close();
  });
}

test('a port that is taken is the system error the daemon knows', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as { port: number };
  await expect(listenApi(world.needs, { address: '127.0.0.1', port })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
  await new Promise((resolve) => other.close(resolve));
});

test('a connection that never asks does not keep the server from stopping', async () => {
  const api = await listenApi(world.needs, { address: '127.0.0.1', port: 0 });
  const socket = connect(api.port, '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  const started = performance.now();
  await api.close();
  expect(performance.now() - started).toBeLessThan(2000);
  socket.destroy();
});

test('a request under way gets its answer before the server stops', async () => {
  let begun = (): void => undefined;
  const isUnderWay = new Promise<void>((resolve) => (begun = resolve));
  const needs = {
    ...world.needs,
    machines: Object.assign(Object.create(world.needs.machines) as typeof world.needs.machines, {
      page: async () => {
        begun();
        await wait(300);
        return { machines: [], next: undefined, total: 0 };
      },
    }),
  };
  const api = await listenApi(needs, { address: '127.0.0.1', port: 0 });
  const asked = fetch(`${api.url}/api/v1/machines`);
  await isUnderWay;
  const closed = api.close();
  const response = await asked;
  expect([response.status, await response.json()]).toEqual([200, { items: [] }]);
  await closed;
});

test('a body that goes on for ever is cut off at its limit', async () => {
  const api = await listenApi(world.needs, { address: '127.0.0.1', port: 0 });
  const socket = connect(api.port, '127.0.0.1');
  socket.write(
    `POST /api/v1/machines HTTP/1.1\r\nHost: ${new URL(api.url).host}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
  );
  const piece = 'x'.repeat(65_536);
  let answer = '';
  socket.on('data', (data) => (answer += data.toString()));
  socket.on('error', () => undefined);
  for (let sent = 0; sent <= MAX_BODY_BYTES && !socket.destroyed; sent += piece.length) {
    socket.write(`10000\r\n${piece}\r\n`);
    await wait(1);
  }
  const end = Date.now() + 5000;
  while (!answer.includes('\r\n\r\n') && Date.now() < end) await wait(5);
  expect(answer).toMatch(/^HTTP\/1.1 413 /);
  socket.destroy();
  await api.close();
});
