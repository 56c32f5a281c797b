import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listenApi, type ListeningApi } from '../api/listen-api.ts';
import { type ApiWorld, openApiWorld } from '../api/suite/api-world.ts';
import { parseMac } from '../lib/addresses.ts';
import { EXIT } from './exit-codes.ts';
import { runCli } from './run-cli.ts';
import { capturedTerminal, NO_LOCAL_COMMANDS, runCaptured } from './suite/captured-terminal.ts';
import { screenOf } from './suite/screen.ts';
import type { Terminal } from './terminal.ts';

let world: ApiWorld;
let api: ListeningApi;
beforeEach(async () => {
  process.env['TZ'] = 'UTC';
  world = await openApiWorld();
  api = await listenApi(world.needs, { address: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  await api.close();
  await world.close();
});

const TERMINAL = { outIsTerminal: true, columns: 60, rows: 10 } as const;

function watch(line: string, change: Partial<Terminal> = {}) {
  const enough = new AbortController();
  const { terminal, written } = capturedTerminal({
    environment: { MUSTER_SERVER: api.url, NO_COLOR: '1' },
    enough: enough.signal,
    ...change,
  });
  const ended = runCli(NO_LOCAL_COMMANDS, { words: [...line.split(' '), '--watch'], version: '1', terminal });
  return {
    written,
    screen: () => screenOf(written.out, change.columns ?? 80),
    ended,
    stop: async () => {
      enough.abort();
      return await ended;
    },
  };
}

async function until(fits: () => boolean): Promise<void> {
  const end = Date.now() + 15_000;
  while (!fits()) {
    if (Date.now() > end) throw new Error('It did not happen within 15 s');
    await wait(5);
  }
}

async function muster(line: string): Promise<void> {
  const { exitCode, err } = await runCaptured(line.split(' '), { environment: { MUSTER_SERVER: api.url } });
  expect(exitCode, err).toBe(EXIT.ok);
}

async function happened(text: string): Promise<void> {
  await world.happened({ kind: 'dhcp.silent', text, because: 'a test', mac: parseMac('525400123456') });
}

const add = async (name: string, mac: string): Promise<void> => {
  await muster(`machine add ${name} --mac ${mac}`);
  await happened(`${name} is there`);
};

describe('on a terminal', () => {
  test('the table is drawn over itself when something happens, and Ctrl-C ends it with 0', async () => {
    const watched = watch('machine ls', TERMINAL);
    await until(() => watched.screen()[0] === 'No machine is known: muster machine add makes one known');
    await add('web1', '020000000001');
    await until(() => watched.screen().length === 3);
    await add('web2', '020000000002');
    await until(() => watched.screen().length === 4);
    expect(watched.screen()).toEqual([
      'NAME  ID              STATE  MACS               POWER  LABEL',
      expect.stringMatching(/^web1  m-000000000001 {9}02:00:00:00:00:01/),
      expect.stringMatching(/^web2  m-000000000002 {9}02:00:00:00:00:02/),
      '',
    ]);
    expect(await watched.stop()).toBe(EXIT.ok);
    // Lines that are too long go on in the next again.
    expect(watched.written.out).toMatch(/\[\?7h$/);
  });

  test('what gets shorter leaves nothing behind, and what is too high is counted', async () => {
    for (let count = 1; count <= 12; count += 1)
      await muster(`machine add m${count} --mac 02000000001${count.toString(16)}`);
    const watched = watch('machine ls', TERMINAL);
    await until(() => watched.screen().length === 10);
    expect(watched.screen().slice(-2)).toEqual([
      '… and 5 more lines, which a higher terminal would show',
      '',
    ]);
    for (let count = 2; count <= 12; count += 1) await muster(`machine rm m${count} -y`);
    await happened('they are gone');
    await until(() => watched.screen().length === 3);
    expect(watched.screen()[1]).toMatch(/^m1 /);
    await watched.stop();
  });

  test('it is drawn five times a second at most', async () => {
    const watched = watch('status', TERMINAL);
    await until(() => watched.screen().length > 3);
    const [before, since] = [frames(watched.written.out), Date.now()];
    while (Date.now() - since < 1_000) await happened('again');
    const drawn = frames(watched.written.out) - before;
    expect(drawn).toBeGreaterThanOrEqual(2);
    expect(drawn).toBeLessThanOrEqual(Math.floor((Date.now() - since) / 200) + 1);
    await watched.stop();
  });

  test('nothing is asked or drawn while nothing happens and time shows nothing', async () => {
    const watched = watch('machine ls', TERMINAL);
    await until(() => frames(watched.written.out) === 1);
    const asked = asksOfPages();
    await wait(2_500);
    expect([frames(watched.written.out), asked()]).toEqual([1, 0]);
    await happened('something');
    await until(() => asked() === 1);
    await watched.stop();
  });

  test('ages go on each second, and for that nothing is asked', async () => {
    await armWeb1();
    let nowMs = Date.UTC(2026, 10, 23, 13);
    const asked = asksOfPages();
    const watched = watch('install ls', { ...TERMINAL, columns: 120, nowMs: () => nowMs });
    const row = (): string => watched.screen().find((line) => line.startsWith('i-')) ?? '';
    for (const age of ['0 s', '7 s', '1 min 5 s']) {
      await until(() => row().includes(`requested  ${age} `));
      nowMs += age === '0 s' ? 7_000 : 58_000;
    }
    expect(asked()).toBe(1);
    await watched.stop();
  });

  test('a server that goes away leaves its last frame, and goes on when it is back', async () => {
    const { port } = api;
    await add('web1', '020000000001');
    const watched = watch('machine ls', TERMINAL);
    await until(() => watched.screen().some((line) => line.startsWith('web1')));
    await api.close();
    await until(() => watched.written.err.includes('The connection to Muster is lost'));
    api = await listenApi(world.needs, { address: '127.0.0.1', port });
    await add('web2', '020000000002');
    await until(() => watched.screen().some((line) => line.startsWith('web2')));
    expect(await watched.stop()).toBe(EXIT.ok);
  });
});

/** @returns how many lists were asked for since. */
function asksOfPages(): () => number {
  const { machines, installs } = world.needs;
  let count = 0;
  for (const service of [machines, installs] as const) {
    const page = service.page.bind(service) as (query: never) => Promise<never>;
    service.page = async (query: never) => {
      count += 1;
      return await page(query);
    };
  }
  return () => count;
}

async function addProfile(): Promise<void> {
  await muster('machine add web1 --mac 020000000001');
  await muster(`image add ${world.tree}`);
  await muster('profile set plain --image centos-7');
}

async function armWeb1(): Promise<void> {
  await addProfile();
  await muster('install web1 --profile plain --erase');
}

const frames = (out: string): number => out.split('\u001B[?7l').length - 1;

describe('where no terminal is', () => {
  test('a frame that differs is written behind the last, and nothing is drawn over', async () => {
    const watched = watch('machine ls');
    await until(() => watched.written.err !== '');
    await happened('nothing that shows');
    await wait(500);
    await add('web1', '020000000001');
    await until(() => watched.written.out !== '');
    await add('web2', '020000000002');
    await until(() => watched.written.out.includes('web2'));
    await watched.stop();
    expect(watched.written.out).not.toContain('\u001B');
    expect(watched.written.out.match(/^NAME /gm)).toHaveLength(2);
    expect(watched.written.err).toBe('No machine is known: muster machine add makes one known\n');
  });

  test('-o yaml is one document after the other', async () => {
    const watched = watch('machine ls -o yaml');
    await until(() => watched.written.out !== '');
    await add('web1', '020000000001');
    await until(() => watched.written.out.includes('web1'));
    await watched.stop();
    expect(watched.written.out).toMatch(/^---\n\[\]\n---\n- id: /);
  });
});

test('what is taken away while it is watched ends it, with the reason', async () => {
  await add('web1', '020000000001');
  const watched = watch('machine show web1', TERMINAL);
  await until(() => watched.screen().length > 3);
  await muster('machine rm web1 -y');
  await happened('it is gone');
  expect(await watched.ended).toBe(EXIT.failed);
  expect(watched.written.err).toMatch(/There is no machine "web1"/);
});

test('a wave shows how far it is', async () => {
  await addProfile();
  await muster('wave start line web1 --profile plain --erase');
  const watched = watch('wave show line', { ...TERMINAL, columns: 80, rows: 40 });
  const progress = (): string | undefined => watched.screen().find((line) => line.startsWith('progress'));
  await until(() => progress() !== undefined);
  expect(progress()).toMatch(/\[-{24}\] 0 of 1 machine \(0 %\)/);
  await muster('wave cancel line -y');
  await until(() => progress()?.includes('1 of 1 machine (100 %)') ?? false);
  expect(await watched.stop()).toBe(EXIT.ok);
});
