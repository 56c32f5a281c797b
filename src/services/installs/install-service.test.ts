import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TimelineEvent } from '../../core/events/timeline-event.ts';
import type { Machine } from '../../core/machines/machine.ts';
import type { Stores } from '../../core/stores.ts';
import { parseMac } from '../../lib/addresses.ts';
import { openEmptyStores } from '../../store/sqlite/suite/open-sqlite.ts';
import { EventLog } from '../event-log.ts';
import { InstallService, MAX_WORDS } from './install-service.ts';

const machine: Machine = {
  id: 'm-000000000001',
  name: 'web01',
  macs: [parseMac('52:54:00:00:00:01')],
  labels: {},
  variables: {},
  createdAtMs: 0,
};

let stores: Stores;
let service: InstallService;
let told: TimelineEvent[] = [];
let now = 1_000;

beforeEach(async () => {
  stores = await openEmptyStores();
  await stores.machines.put(machine);
  await stores.images.add({
    name: 'centos',
    folder: '/srv/centos',
    family: 'rhel',
    title: 'CentOS 6.3',
    release: '6.3',
    architecture: 'x86_64',
    kernel: 'vmlinuz',
    initrds: ['initrd.img'],
    answerKind: 'kickstart',
    addedAtMs: 0,
  });
  await stores.images.add({
    name: 'files',
    folder: '/srv/files',
    family: 'files',
    title: 'Files',
    release: '',
    architecture: '',
    initrds: [],
    answerKind: 'none',
    addedAtMs: 0,
  });
  await stores.profiles.put({ name: 'server', image: 'centos', arguments: '', variables: {} });
  await stores.profiles.put({ name: 'only-files', image: 'files', arguments: '', variables: {} });
  const clock = { nowMs: () => (now += 1) };
  told = [];
  let random = 0;
  const events = new EventLog({
    events: stores.events,
    clock,
    failed: (error) => expect.fail(String(error)),
  });
  events.listen((event) => told.push(event));
  service = new InstallService({
    ...stores,
    machineHttp: 'on',
    events,
    clock,
    steadyClock: clock,
    randomHex: (bytes) => (random += 1).toString(16).padStart(bytes * 2, '0'),
  });
});

afterEach(async () => {
  await stores.close();
});

async function arm() {
  const result = await service.arm(machine, 'server');
  if (!result.armed) return expect.fail(result.because);
  return result.install;
}

test('a whole life is a row of events, each on disk before it is told', async () => {
  const install = await arm();
  for (const event of [
    'bootOffered',
    'bootOffered',
    'answerServed',
    'started',
    'progressed',
    'finished',
    'diskBooted',
  ] as const) {
    expect(await service.happened(install.id, event)).toMatchObject({ happened: true });
  }
  expect((await service.byId(install.id))?.state).toBe('installed');
  const kinds = [
    'requested',
    'bootOffered',
    'bootOffered',
    'answerServed',
    'started',
    'progressed',
    'finished',
    'diskBooted',
  ].map((kind) => `install.${kind}`);
  expect(told.map(({ kind }) => kind)).toEqual(kinds);
  expect((await stores.events.list({ installId: install.id }, 100)).map(({ kind }) => kind)).toEqual(kinds);
});

test('a machine is armed once: the second wish names the open install', async () => {
  const install = await arm();
  expect(await service.arm(machine, 'server')).toEqual({
    armed: false,
    no: 'refused',
    because: `install ${install.id} of web01 is requested: cancel it first, or let it end`,
  });
});

test('two wishes at once arm one install', async () => {
  const results = await Promise.all([service.arm(machine, 'server'), service.arm(machine, 'server')]);
  expect(results.filter((result) => result.armed)).toHaveLength(1);
  expect(await service.list({ machineId: machine.id, limit: 10 })).toHaveLength(1);
});

test.each([
  ['a profile that is not there', 'servr', /there is no profile "servr": muster profile ls/],
  ['an image without a kernel', 'only-files', /holds no kernel to boot/],
])('arming with %s is refused', async (_, profile, because) => {
  expect(await service.arm(machine, profile)).toEqual({
    armed: false,
    no: 'refused',
    because: expect.stringMatching(because),
  });
});

test('what cannot happen now changes nothing and says why', async () => {
  const install = await arm();
  expect(await service.report(install.token, 'finished')).toEqual({
    happened: false,
    because: `install ${install.id} is requested, so "finished" cannot happen now`,
  });
  expect((await service.byId(install.id))?.state).toBe('requested');
  expect(told).toHaveLength(1);
});

test('nothing is armed where installers could not fetch their answer file', async () => {
  const events = new EventLog({ events: stores.events, clock: { nowMs: () => 0 }, failed: String });
  const without = new InstallService({
    ...stores,
    events,
    clock: { nowMs: () => 0 },
    steadyClock: { nowMs: () => 0 },
    randomHex: String,
    machineHttp: 'off',
  });
  expect(await without.arm(machine, 'server')).toEqual({
    armed: false,
    no: 'refused',
    because: expect.stringMatching(/machineHttp\.port is off/),
  });
});

test('a token that nobody was given reports nothing', async () => {
  expect(await service.report('0'.repeat(32), 'finished')).toEqual({
    happened: false,
    because: 'there is no such install',
  });
});

test('a cancelled install tells who booted the installer that it is over', async () => {
  const install = await arm();
  expect(await service.cancel(install.id)).toMatchObject({
    cancelled: true,
    install: { state: 'cancelled', because: 'somebody asked for it' },
  });
  expect(await service.happened(install.id, 'bootOffered')).toMatchObject({ happened: false });
  expect(await service.cancel(install.id)).toMatchObject({ cancelled: false });
});

test("an installer's words are kept as one bounded line, its percent within 0 and 100", async () => {
  const install = await arm();
  await service.happened(install.id, 'bootOffered');
  await service.report(install.token, 'progressed', {
    step: 'packages\n\u001B[31m',
    percent: 250,
    message: 'x'.repeat(5_000),
  });
  const kept = await service.byId(install.id);
  expect(kept).toMatchObject({ step: 'packages [31m', percent: 100, state: 'installing' });
  expect(told.at(-1)?.text.length).toBeLessThan(MAX_WORDS + 100);
  expect(told.at(-1)?.text).not.toMatch(/\p{Cc}/u);
});

test('reports that race each other are all applied, in some order', async () => {
  const install = await arm();
  await service.happened(install.id, 'bootOffered');
  const results = await Promise.all(
    [1, 2, 3, 4].map((part) => service.report(install.token, 'progressed', { step: `part ${part}` })),
  );
  expect(results.every((result) => result.happened)).toBe(true);
  expect(told.filter(({ kind }) => kind === 'install.progressed')).toHaveLength(4);
});

test('what is no news is answered and writes nothing: the same step again, an earlier one, a few points of percent', async () => {
  const install = await arm();
  await service.happened(install.id, 'bootOffered');
  for (const details of [
    { step: 'disk sda', percent: 12 },
    { step: 'disk sda', percent: 12 },
    { step: 'packages' },
    { step: 'disk' },
    { step: 'packages', percent: 38 },
    { step: 'packages', percent: 40, message: 'bash' },
  ])
    expect((await service.report(install.token, 'progressed', details)).happened).toBe(true);
  const progressed = told.filter(({ kind }) => kind === 'install.progressed');
  expect(progressed.map(({ data }) => [data?.['step'], data?.['percent'], data?.['doing']])).toEqual([
    ['disk sda', 12, undefined],
    ['packages', 35, undefined],
    ['packages', 40, 'bash'],
  ]);
  expect(await service.byId(install.id)).toMatchObject({ step: 'packages', percent: 40 });
});

test('an installer that says late that it started does not set its progress back', async () => {
  const install = await arm();
  await service.happened(install.id, 'bootOffered');
  await service.report(install.token, 'progressed', { step: 'disk' });
  await service.report(install.token, 'started', { step: 'answer file', percent: 0 });
  expect(await service.byId(install.id)).toMatchObject({ step: 'disk', percent: 12 });
  expect(told.at(-1)?.kind).toBe('install.started');
});

test('one point of percent more is kept where it says that the boot loader is written: no other try is armed', async () => {
  const install = await arm();
  await service.happened(install.id, 'bootOffered');
  await service.report(install.token, 'progressed', { percent: 85 });
  await service.report(install.token, 'progressed', { percent: 86 });
  expect(await service.happened(install.id, 'bootedAgain')).not.toHaveProperty('next');
  expect(await service.listOpen()).toEqual([]);
});

test('what is reported while a boot ends the install is not lost: with its boot loader written no other try is armed', async () => {
  const install = await arm();
  await service.happened(install.id, 'bootOffered');
  await service.report(install.token, 'progressed', { step: 'packages', percent: 40 });
  const [, cutOff] = await Promise.all([
    service.report(install.token, 'progressed', { percent: 95 }),
    service.happened(install.id, 'bootedAgain'),
  ]);
  expect(cutOff).not.toHaveProperty('next');
  expect(await service.byId(install.id)).toMatchObject({ state: 'failed', percent: 95 });
  expect(await service.listOpen()).toEqual([]);
});
