import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listenApi, type ListeningApi } from '../api/listen-api.ts';
import { type ApiWorld, openApiWorld } from '../api/suite/api-world.ts';
import { parseMac } from '../lib/addresses.ts';
import { EXIT } from './exit-codes.ts';
import { runCaptured } from './suite/captured-terminal.ts';

/** More than one page of everything, against a real API on a real port. */

const MACHINES = 2_300;

let world: ApiWorld;
let api: ListeningApi;
beforeAll(async () => {
  world = await openApiWorld();
  api = await listenApi(world.needs, { address: '127.0.0.1', port: 0 });
  const machines = Array.from({ length: MACHINES }, (_, at) => {
    const hex = at.toString(16).padStart(10, '0');
    return {
      id: `m-00${hex}`,
      name: `web${String(at).padStart(4, '0')}`,
      macs: [parseMac(`02${hex}`)],
      labels: { half: at % 2 === 0 ? 'even' : 'odd' },
      variables: {},
      createdAtMs: MACHINES - at,
    };
  });
  await world.stores.machines.putAll(() => ({ put: machines, events: [] }));
  await world.stores.events.append(
    machines.map(({ id }, at) => ({
      atMs: at,
      kind: at % 10 === 0 ? ('install.failed' as const) : ('boot.decided' as const),
      text: `number ${at}`,
      machineId: id,
    })),
  );
});
afterAll(async () => {
  await api.close();
  expect(world.mistakes).toEqual([]);
  await world.close();
});

async function names(...words: readonly string[]): Promise<readonly string[]> {
  const environment = { MUSTER_SERVER: api.url };
  const { exitCode, out, err } = await runCaptured([...words, '-o', 'name'], { environment });
  expect(exitCode, err).toBe(EXIT.ok);
  return out.split('\n').filter((line) => line !== '');
}

describe('muster machine ls', () => {
  for (const [words, count, first] of [
    ['', MACHINES, 'web0000'],
    ['--limit 2', 2, 'web0000'],
    ['--limit 1500', 1500, 'web0000'],
    ['--sort created', MACHINES, 'web2299'],
    ['--sort -name --limit 1', 1, 'web2299'],
    ['--search web22', 100, 'web2200'],
    ['-l half=odd', MACHINES / 2, 'web0001'],
    ['-l half=odd --search 02:00:00:00:00', 128, 'web0001'],
    ['--state none --limit 1', 1, 'web0000'],
  ] as const) {
    test(`${words || 'without options'} lists ${count}, ${first} first`, async () => {
      const listed = await names('machine', 'ls', ...words.split(' ').filter((word) => word !== ''));
      expect([listed.length, listed[0]]).toEqual([count, first]);
      expect(new Set(listed).size).toBe(count);
    });
  }

  test('says what to do where nothing fits', async () => {
    const words = ['machine', 'ls', '--search', 'nothing'];
    const { err } = await runCaptured(words, { environment: { MUSTER_SERVER: api.url } });
    expect(err).toBe('No machine fits: muster machine ls without options shows all\n');
  });

  test('refuses a state and an order that there are not', async () => {
    for (const words of [
      ['--state', 'asleep'],
      ['--sort', 'mac'],
    ]) {
      const result = await runCaptured(['machine', 'ls', ...words], {
        environment: { MUSTER_SERVER: api.url },
      });
      expect([result.exitCode, result.err]).toEqual([
        EXIT.usage,
        expect.stringContaining('Allowed choices are'),
      ]);
    }
  });
});

describe('muster events', () => {
  for (const [words, ids] of [
    ['--limit 3', [2298, 2299, 2300]],
    ['--limit 2 --kind install.*', [2281, 2291]],
    ['--limit 2 --after 5 --kind install.failed', [11, 21]],
    ['--limit 2 --selector half=odd', [2298, 2300]],
    ['--search number_2299', [2300]],
  ] as const) {
    test(`${words} lists ${ids.join(', ')}`, async () => {
      const listed = await names('events', ...words.split(' ').map((word) => word.replace('_', ' ')));
      expect(listed.map(Number)).toEqual(ids);
    });
  }

  test('lists more than a page', async () => {
    const listed = (await names('events', '--limit', '2000')).map(Number);
    expect(listed).toEqual(Array.from({ length: 2000 }, (_, at) => at + 301));
  });

  for (const [words, exitCode, err] of [
    [['--kind', 'nonsense'], EXIT.usage, /"nonsense" fits no kind of event/],
    [['-f', '--search', 'x'], EXIT.usage, /not searched as they happen: leave out -f, or say --kind/],
  ] as const) {
    test(`${words.join(' ')} is refused`, async () => {
      const result = await runCaptured(['events', ...words], { environment: { MUSTER_SERVER: api.url } });
      expect([result.exitCode, result.err]).toEqual([exitCode, expect.stringMatching(err)]);
    });
  }
});

// Last: it adds events.
describe('muster wave ls', () => {
  beforeAll(async () => {
    const headers = { host: 'localhost' };
    const send = async (method: 'POST' | 'PUT', path: string, payload: object) => {
      const sent = await world.api.inject({ method, url: `/api/v1${path}`, headers, payload });
      expect(sent.statusCode, sent.body).toBeLessThan(300);
    };
    await send('POST', '/images', { folder: world.tree, name: 'centos' });
    await send('PUT', '/profiles/plain', { image: 'centos' });
    for (const [name, machine] of [
      ['first', 'web0001'],
      ['second', 'web0002'],
      ['third', 'web0003'],
    ]) {
      await send('POST', '/waves', { name, profile: 'plain', machines: [machine] });
      world.later(1);
    }
    await send('POST', '/waves/second/cancel', { underWay: 'goes on' });
  });

  for (const [words, expected] of [
    ['', ['third', 'second', 'first']],
    ['--limit 2', ['third', 'second']],
    ['--state running', ['third', 'first']],
    ['--state running --limit 1', ['third']],
    ['--state done', []],
  ] as const) {
    test(`${words || 'without options'} lists ${expected.join(', ') || 'none'}`, async () => {
      const listed = await names('wave', 'ls', ...words.split(' ').filter((word) => word !== ''));
      expect(listed).toEqual(expected);
    });
  }
});
