import { once } from 'node:events';
import { createServer, request as ask, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { listenApi, type ListeningApi } from '../api/listen-api.ts';
import { type ApiWorld, openApiWorld } from '../api/suite/api-world.ts';
import { EXIT } from './exit-codes.ts';
import { runCaptured } from './suite/captured-terminal.ts';

/** A way to the server that breaks after the server did what was asked, and before its answer is there. */

let world: ApiWorld;
let api: ListeningApi;
let door: Server | undefined;
beforeAll(async () => {
  world = await openApiWorld();
  api = await listenApi(world.needs, { address: '127.0.0.1', port: 0 });
});
afterEach(() => {
  door?.close();
  door?.closeAllConnections();
});
afterAll(async () => {
  await api.close();
  expect(world.mistakes).toEqual([]);
  await world.close();
});

/** @param broken so many answers are lost. */
async function breakingDoor(broken: number): Promise<{ readonly url: string; readonly keys: unknown[] }> {
  let left = broken;
  const keys: unknown[] = [];
  const server = createServer((incoming, outgoing) => {
    keys.push(incoming.headers['idempotency-key']);
    const { method, url, headers } = incoming;
    const on = ask(
      `${api.url}${url}`,
      { method, headers: { ...headers, host: new URL(api.url).host } },
      (answer) => {
        left -= 1;
        if (left >= 0) incoming.socket.destroy();
        else {
          outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(outgoing);
        }
      },
    );
    incoming.pipe(on);
  });
  door = server;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, keys };
}

async function muster(server: string, line: string) {
  return await runCaptured(line.split(' '), { environment: { MUSTER_SERVER: server } });
}

for (const broken of [0, 1, 3]) {
  test(`a POST whose answer is lost ${broken} times is done once, and succeeds`, async () => {
    const { url, keys } = await breakingDoor(broken);
    const added = await muster(url, `machine add once${broken} --mac 02000000000${broken}`);
    expect([added.exitCode, added.err]).toEqual([
      EXIT.ok,
      expect.stringContaining(`Machine once${broken} is known`),
    ]);
    expect(keys).toHaveLength(broken + 1);
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^[\da-f-]{36}$/);
  });
}

test('a way that stays broken is told', async () => {
  const { url } = await breakingDoor(10);
  const { exitCode, err } = await muster(url, 'machine add never --mac 0200000000ff');
  expect([exitCode, err]).toEqual([EXIT.unreachable, expect.stringContaining('Cannot reach Muster')]);
});

test('what is no POST and changes something is not sent again', async () => {
  const { url, keys } = await breakingDoor(1);
  expect((await muster(url, '-y machine rm once0')).exitCode).toBe(EXIT.unreachable);
  expect(keys).toEqual([undefined]);
});

test('each command has a key of its own', async () => {
  const { url, keys } = await breakingDoor(0);
  await muster(url, 'machine add twice --mac 0200000000aa');
  const again = await muster(url, 'machine add twice --mac 0200000000aa');
  expect([again.exitCode, new Set(keys).size]).toEqual([EXIT.failed, 2]);
});
