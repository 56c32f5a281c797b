import { afterAll, beforeAll, expect, test } from 'vitest';
import { listenApi, type ListeningApi } from '../api/listen-api.ts';
import { type ApiWorld, openApiWorld } from '../api/suite/api-world.ts';
import { EXIT } from './exit-codes.ts';
import { runCaptured } from './suite/captured-terminal.ts';

let world: ApiWorld;
beforeAll(async () => {
  world = await openApiWorld();
});
afterAll(async () => {
  expect(world.mistakes).toEqual([]);
  await world.close();
});

async function twice(perSecond: number) {
  const limit = { burst: 1, perSecond };
  const api: ListeningApi = await listenApi(
    { ...world.needs, rateLimits: { known: limit, stranger: limit } },
    { address: '127.0.0.1', port: 0 },
  );
  const run = () => runCaptured(['policy', 'show'], { environment: { MUSTER_SERVER: api.url } });
  const results = [await run(), await run()];
  await api.close();
  return results.map(({ exitCode, err }) => [exitCode, err]);
}

test('a command that is told to wait says so, waits, and succeeds', async () => {
  expect(await twice(0.7)).toEqual([
    [EXIT.ok, ''],
    [EXIT.ok, expect.stringMatching(/^Muster is asked too often, and takes it again in [12] s: waiting\n$/)],
  ]);
});

test('one that would wait for minutes gives up, and says what it was told', async () => {
  expect(await twice(0.001)).toEqual([
    [EXIT.ok, ''],
    [
      EXIT.failed,
      expect.stringMatching(/^muster: Too much was asked in too short a time: ask again in \d+ s/),
    ],
  ]);
});
