import { afterAll, beforeAll, expect, test } from 'vitest';
import { listenApi, type ListeningApi } from '../api/listen-api.ts';
import { type ApiWorld, openApiWorld } from '../api/suite/api-world.ts';
import { EXIT } from './exit-codes.ts';
import { runCaptured } from './suite/captured-terminal.ts';

/** Commands that read a thing, change it and write it back, several at one time. */

let world: ApiWorld;
let api: ListeningApi;
beforeAll(async () => {
  world = await openApiWorld();
  api = await listenApi(world.needs, { address: '127.0.0.1', port: 0 });
  await muster('image', 'add', world.tree, '--name', 'centos');
  await muster('profile', 'set', 'plain', '--image', 'centos');
  await muster('group', 'put', 'all', '--selector', 'a=b');
  await muster('subnet', 'add', 'lab', '--network', '192.168.122.0/24');
});
afterAll(async () => {
  await api.close();
  expect(world.mistakes).toEqual([]);
  await world.close();
});

async function muster(...words: readonly string[]) {
  const result = await runCaptured(words, {
    environment: { MUSTER_SERVER: api.url },
    workingFolder: world.folder,
  });
  expect(result.exitCode, result.err).toBe(EXIT.ok);
  return result.out;
}

for (const [thing, show, count] of [
  ['profile set plain', 'profile show plain', 4],
  ['group put all', 'group show all', 4],
] as const) {
  test(`muster ${thing}: of ${count} at once, none undoes what another did`, async () => {
    const names = Array.from({ length: count }, (_, at) => `v${at}`);
    await Promise.all(names.map((name) => muster(...thing.split(' '), '--var', `${name}=1`)));
    const shown = JSON.parse(await muster(...show.split(' '), '-o', 'json')) as { variables: object };
    expect(Object.keys(shown.variables).toSorted()).toEqual(names);
  });
}

test('muster subnet set: of several at once, none undoes what another did', async () => {
  await Promise.all([
    muster('subnet', 'set', 'lab', '--domain', 'lab.example'),
    muster('subnet', 'set', 'lab', '--range', '192.168.122.100-192.168.122.200'),
    muster('subnet', 'set', 'lab', '--router', '192.168.122.1'),
  ]);
  expect(JSON.parse(await muster('subnet', 'show', 'lab', '-o', 'json'))).toMatchObject({
    domainName: 'lab.example',
    ranges: [{ first: '192.168.122.100', last: '192.168.122.200' }],
    routers: ['192.168.122.1'],
  });
});

test('of two that add one subnet, one is told that it is there', async () => {
  const add = () =>
    runCaptured(['subnet', 'add', 'hall', '--network', '10.0.0.0/24'], {
      environment: { MUSTER_SERVER: api.url },
    });
  const results = await Promise.all([add(), add()]);
  expect(results.map(({ exitCode }) => exitCode).toSorted((a, b) => a - b)).toEqual([EXIT.ok, EXIT.failed]);
  expect(results.map(({ err }) => err).join('')).toContain('There is a subnet "hall" already');
});
