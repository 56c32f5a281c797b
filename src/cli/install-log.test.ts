import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listenApi, type ListeningApi } from '../api/listen-api.ts';
import { type ApiWorld, openApiWorld } from '../api/suite/api-world.ts';
import type { InstallEvent } from '../core/install/life.ts';
import type { InstallDetails } from '../services/installs/install-service.ts';
import { EXIT } from './exit-codes.ts';
import { runCli } from './run-cli.ts';
import {
  capturedTerminal,
  type CliResult,
  NO_LOCAL_COMMANDS,
  runCaptured,
} from './suite/captured-terminal.ts';
import type { Terminal } from './terminal.ts';

let world: ApiWorld;
let api: ListeningApi;
let id: string;

beforeEach(async () => {
  process.env['TZ'] = 'UTC';
  world = await openApiWorld();
  await world.needs.images.add({ folder: world.tree });
  await world.needs.machines.add({ name: 'web1', macs: ['52:54:00:12:34:56' as never], variables: {} });
  await world.needs.profiles.put({ name: 'plain', image: 'centos-7', arguments: '', variables: {} });
  const machine = await world.needs.machines.find('web1');
  const armed = await world.needs.installs.arm(machine!, 'plain');
  if (!armed.armed) throw new Error(armed.because);
  id = armed.install.id;
  api = await listenApi(world.needs, { address: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  await api.close();
  expect(world.mistakes).toEqual([]);
  await world.close();
});

async function muster(line: string, change: Partial<Terminal> = {}): Promise<CliResult> {
  const environment = { MUSTER_SERVER: api.url };
  return await runCaptured(line.split(' '), { environment, ...change });
}

/** A command that runs until it is told to stop. */
function start(words: readonly string[], change: Partial<Terminal> = {}) {
  const enough = new AbortController();
  const environment = { MUSTER_SERVER: api.url };
  const { terminal, written } = capturedTerminal({ environment, enough: enough.signal, ...change });
  const ended = runCli(NO_LOCAL_COMMANDS, { words, version: '1', terminal });
  return {
    written,
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

async function logged(...lines: readonly string[]): Promise<void> {
  world.installLogs.append(id, lines);
  await world.installLogs.settled();
}

async function happened(event: InstallEvent, details: InstallDetails = {}): Promise<void> {
  expect((await world.installs.happened(id, event, details)).happened).toBe(true);
}

for (const [what, line, out] of [
  ['by the id of the install', 'install log ID', 'one\ntwo\nthree\n'],
  ['by its machine', 'install log web1', 'one\ntwo\nthree\n'],
  ['its last lines', 'install log web1 --tail 2', 'two\nthree\n'],
  ['for programs', 'install log web1 --tail 1 -o json', '{"line":"three"}\n'],
] as const) {
  test(`a log is shown ${what}`, async () => {
    await logged('one', 'two', 'three');
    expect(await muster(line.replace('ID', id))).toMatchObject({ exitCode: EXIT.ok, out, err: '' });
  });
}

test('what a hostile machine wrote is shown, and no terminal obeys it', async () => {
  await logged('\u001b]0;gone\u0007\u009b2J\u202ereversed');
  const { out } = await muster('install log web1');
  expect(out).toBe('\\u{1b}]0;gone\\u{7}\\u{9b}2J\\u{202e}reversed\n');
});

test('a log that is empty says so, and one of no install is not found', async () => {
  expect(await muster('install log web1')).toMatchObject({
    exitCode: EXIT.ok,
    out: '',
    err: `Install ${id} has no log yet\n`,
  });
  expect(await muster('install log i-ffffffffffff')).toMatchObject({
    exitCode: EXIT.failed,
    err: expect.stringMatching(/no install "i-ffffffffffff"/),
  });
});

test('a followed log goes on with what comes, and misses nothing where the server was away', async () => {
  await logged('one', 'two');
  const followed = start(['install', 'log', '-f', 'web1', '--tail', '1']);
  await until(() => followed.written.out.includes('two'));
  await api.close();
  await logged('three');
  await until(() => followed.written.err.includes('The connection to Muster is lost'));
  api = await listenApi(world.needs, { address: '127.0.0.1', port: api.port });
  await until(() => followed.written.out.includes('three'));
  await logged('four');
  await until(() => followed.written.out.includes('four'));
  expect(await followed.stop()).toBe(EXIT.ok);
  expect(followed.written.out).toBe('two\nthree\nfour\n');
});

test('an install is shown with the steps it took', async () => {
  await happened('bootOffered');
  world.later(2_000);
  await happened('answerServed');
  world.later(3_000);
  await happened('started', { step: 'answer file' });
  await happened('progressed', { step: 'packages', percent: 41, message: 'bash' });
  world.later(60_000);
  await happened('finished', { step: 'installed', percent: 100 });
  await logged('one');
  const { out } = await muster('install show web1');
  expect(out.split('\n').slice(-6)).toEqual(
    [
      'STEP         BEGAN     TOOK  PERCENT  DOING',
      'loader       13:00:00  2 s',
      'answer file  13:00:02  3 s   4 %',
      'packages     13:00:05  1 min 0 s  41 %     bash',
      'installed    13:01:05        100 %',
      '',
    ].map((line) =>
      expect.stringMatching(new RegExp(`^${line.replaceAll(/ +/g, ' +').replaceAll('(', '\\(')}$`)),
    ),
  );
  expect(out).toContain(`log       4 B: muster install log ${id}`);
  const shown = JSON.parse((await muster(`install show ${id} -o json`)).out) as { steps: { step: string }[] };
  expect(shown.steps.map(({ step }) => step)).toEqual(['loader', 'answer file', 'packages', 'installed']);
});

for (const [what, percent, atMs, left] of [
  ['as long again where half of it is done', 50, 60_000, 'about 1 min 0 s'],
  ['less as time passes', 50, 80_000, 'about 40 s'],
  ['nothing more where it takes longer than it should', 50, 600_000, 'about 0 s'],
  ['not known at its beginning', 4, 60_000, undefined],
] as const)
  test(`the time that is left is ${what}`, async () => {
    await happened('bootOffered');
    const began = Date.UTC(2026, 10, 23, 13);
    world.later(60_000);
    await happened('answerServed');
    await happened('progressed', { step: 'packages', percent });
    const { out } = await muster('install show web1', { nowMs: () => began + atMs });
    expect(/^left +(.*)$/m.exec(out)?.[1]).toBe(left);
  });

test('watching tells each change in a line, and ends with the install', async () => {
  const watched = start(['install', 'watch', 'web1']);
  await until(() => watched.written.err.includes('web1: requested'));
  await happened('bootOffered');
  await happened('answerServed');
  await happened('progressed', { step: 'disk', message: 'vda' });
  await until(() => watched.written.err.includes('web1: 12 %, disk: vda'));
  await happened('finished', { step: 'installed', percent: 100 });
  expect(await watched.ended).toBe(EXIT.ok);
  expect(watched.written.err.split('\n').at(-2)).toBe('web1 is installed');
});

test('watching on a terminal is a bar on one line, and an install that fails fails it', async () => {
  const watched = start(['install', 'watch', id], { outIsTerminal: true, columns: 60 });
  await happened('bootOffered');
  await happened('answerServed');
  await happened('progressed', { step: 'packages', percent: 50 });
  await until(() => watched.written.err.includes('web1 [############------------] 50 %, packages'));
  await happened('failed', { message: 'no disk' });
  expect(await watched.ended).toBe(EXIT.failed);
  expect(watched.written.err).toContain(`Install ${id} of web1 is failed: no disk`);
});

test('watching goes on with the next try, whose log is empty yet, and fails where the last one does', async () => {
  const watched = start(['install', 'watch', 'web1']);
  await happened('bootOffered');
  await happened('answerServed');
  await happened('started', { step: 'answer file' });
  await happened('progressed', { step: 'disk' });
  await logged('of the first try');
  await until(() => watched.written.err.includes('web1: 12 %, disk'));
  await happened('bootedAgain', { message: 'its power was cut' });
  await until(() => watched.written.err.includes('Try 2 of 2 follows: i-'));
  expect(watched.written.err).toContain(`Install ${id} of web1 is failed: its power was cut`);
  const first = id;
  id = (await world.installs.list({ limit: 1 }))[0]!.id;
  expect((await muster('install log web1')).err).toBe(
    `Install ${id} has no log yet; it is the next try after ${first}: muster install log ${first}\n`,
  );
  await until(() => watched.written.err.endsWith('web1: requested\n'));
  await happened('expired', { message: 'nobody switched it on' });
  expect(await watched.ended).toBe(EXIT.failed);
  expect(watched.written.err).toContain(`Install ${id} of web1 is expired: nobody switched it on`);
});
