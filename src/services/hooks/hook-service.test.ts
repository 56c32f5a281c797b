import { createHmac } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EnvHttpProxyAgent } from 'undici';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SiteWrites } from '../../core/site/site-contents.ts';
import { siteWrites } from '../../core/site/suite/site-writes.ts';
import type { Stores } from '../../core/stores.ts';
import { openEmptyStores } from '../../store/sqlite/suite/open-sqlite.ts';
import { machine, OTHER_MAC } from '../../store/suite/samples.ts';
import { EventLog, type Happening } from '../event-log.ts';
import { MAX_WAITING_FOR_HOOK } from '../../core/hooks/hook.ts';
import { HookService } from './hook-service.ts';
import { HookReceiver } from './suite/hook-receiver.ts';

/** Over a real store and real receivers; waits are real, so that a test with one takes its second. */

const KEY = 'sesam-sesam-sesam';
const WAIT = { timeout: 8000, interval: 20 };
const WEB = machine({ labels: { rack: 'a' } });

let stores: Stores;
let events: EventLog;
let receiver: HookReceiver;
let service: HookService;
let folder: string;
const failures: unknown[] = [];

const newService = (): HookService =>
  new HookService({
    hooks: stores.hooks,
    machines: stores.machines,
    events,
    clock: { nowMs: () => Date.now() },
    nowMs: () => Date.now(),
    random: () => 0,
    dispatcher: new EnvHttpProxyAgent(),
    commandsFolder: join(folder, 'commands'),
    failed: (error) => failures.push(error),
  });

beforeEach(async () => {
  failures.length = 0;
  folder = mkdtempSync(join(tmpdir(), 'muster-hooks-'));
  mkdirSync(join(folder, 'commands'), { mode: 0o755 });
  stores = await openEmptyStores();
  await stores.machines.put(WEB);
  events = new EventLog({
    events: stores.events,
    clock: { nowMs: () => Date.now() },
    failed: (error) => failures.push(error),
  });
  receiver = await HookReceiver.start();
  service = newService();
  await service.start();
});
afterEach(async () => {
  await service.close();
  await receiver.close();
  await events.settled();
  expect(failures).toEqual([]);
  await stores.close();
  rmSync(folder, { recursive: true });
});

const add = (change: object = {}) =>
  service.add({
    name: 'chat',
    events: ['install.*'],
    target: { to: 'url', url: `${receiver.url}/in?a=b` },
    secret: KEY,
    ...change,
  });

async function happened(...happenings: readonly Partial<Happening>[]): Promise<void> {
  for (const one of happenings) events.note({ kind: 'install.finished', text: 'It is done', ...one });
  await events.settled();
}

async function told(kind: string): Promise<readonly string[]> {
  await events.settled();
  const all = await events.list({}, 100);
  return all
    .filter((event) => event.kind === kind)
    .map(({ text, because }) => `${text}${because === undefined ? '' : ` (${because})`}`);
}

describe('a hook over HTTP', () => {
  test('that a site file wrote is told from then on, as it is there now, and no more once it is gone', async () => {
    const hook = {
      name: 'chat',
      events: ['install.*'],
      target: { to: 'url', url: `${receiver.url}/old` },
      mode: 'on',
      createdAtMs: 1,
      secret: KEY,
    } as const;
    const write = async (hooks: Partial<SiteWrites['hooks']>): Promise<void> => {
      await stores.site.change(() => siteWrites({ hooks: { put: [], remove: [], ...hooks } }));
      await service.follow(['chat']);
    };
    await happened({ text: 'before' });
    await write({ put: [hook] });
    await happened({ text: 'first' });
    await expect.poll(() => receiver.received.map(({ path }) => path), WAIT).toEqual(['/old']);
    await write({ put: [{ ...hook, target: { to: 'url', url: `${receiver.url}/new` } }] });
    await happened({ text: 'second' });
    await expect.poll(() => receiver.received.map(({ path }) => path), WAIT).toEqual(['/old', '/new']);
    await write({ remove: [hook] });
    await happened({ text: 'third' });
    expect(await add({ target: { to: 'url', url: `${receiver.url}/again` } })).toMatchObject({ done: true });
    await happened({ text: 'fourth' });
    await expect
      .poll(() => receiver.received.map(({ path }) => path), WAIT)
      .toEqual(['/old', '/new', '/again']);
  });

  test('is told of what happens from now on, and of nothing else', async () => {
    await happened({ text: 'before' });
    expect(await add()).toMatchObject({ done: true });
    await happened(
      { machineId: WEB.id, installId: 'i-1', because: 'so' },
      { kind: 'power.done' },
      { kind: 'install.failed' },
    );
    await expect.poll(() => receiver.received.length, WAIT).toBe(2);
    expect(JSON.parse(receiver.received[0]!.body)).toEqual({
      hook: 'chat',
      delivery: 'chat.2',
      event: {
        id: 2,
        at: expect.stringMatching(/^\d{4}-.*Z$/),
        kind: 'install.finished',
        text: 'It is done',
        because: 'so',
        machine: WEB.name,
        machineId: WEB.id,
        installId: 'i-1',
      },
    });
    expect(receiver.received[0]).toMatchObject({
      path: '/in?a=b',
      headers: {
        'content-type': 'application/json',
        'muster-delivery': 'chat.2',
        'muster-event': 'install.finished',
      },
    });
    expect(receiver.eventIds).toEqual([2, 4]);
  });

  test('can tell by the signature who sent it, what, and when', async () => {
    await add();
    await happened({});
    await expect.poll(() => receiver.received.length, WAIT).toBe(1);
    const { headers, body } = receiver.received[0]!;
    const [, seconds = '', signature] =
      /^t=(\d+),v1=([\da-f]{64})$/.exec(String(headers['muster-signature'])) ?? [];
    expect(signature).toBe(createHmac('sha256', KEY).update(`${seconds}.${body}`).digest('hex'));
    expect(Math.abs(Number(seconds) - Date.now() / 1000)).toBeLessThan(30);
  });

  test('is told of machines with its labels only', async () => {
    const other = machine({ id: 'm-000000000002', name: 'other', macs: [OTHER_MAC], labels: { rack: 'b' } });
    await stores.machines.put(other);
    await add({ machines: 'rack=a' });
    await happened({ text: 'nobody' }, { machineId: WEB.id }, { machineId: other.id }, { machineId: 'm-9' });
    await happened({ machineId: WEB.id, text: 'last' });
    await expect.poll(() => receiver.eventIds, WAIT).toEqual([2, 5]);
  });

  for (const [title, answers] of [
    ['answers 500 twice', [500, 500]],
    ['breaks the connection off', ['reset']],
    ['sends on to another host', [{ status: 307, location: 'http://127.0.0.1:9/' }]],
  ] as const) {
    test(`that ${title} is told again until it takes it, and of what came later in its order`, async () => {
      receiver.answers.push(...answers);
      await add();
      await happened({}, {}, {});
      const expected = [...answers.map(() => 1), 1, 2, 3];
      await expect.poll(() => receiver.eventIds, WAIT).toEqual(expected);
      expect(
        new Set(
          receiver.received.slice(0, answers.length + 1).map(({ headers }) => headers['muster-delivery']),
        ).size,
      ).toBe(1);
      await expect.poll(() => told('hook.works'), WAIT).toEqual(['Hook chat can be told again']);
      expect(await told('hook.failing')).toHaveLength(1);
      await expect
        .poll(() => service.deliveries('chat'), WAIT)
        .toMatchObject({
          deliveries: [
            { eventId: 3 },
            { eventId: 2 },
            { eventId: 1, state: 'done', attempts: answers.length + 1, result: '204' },
          ],
        });
    });
  }

  test('that is gone for good is given up, and the timeline says so', async () => {
    receiver.answers.push(410);
    await add();
    await happened({}, {});
    await expect.poll(() => receiver.eventIds, WAIT).toEqual([1, 2]);
    expect(await told('hook.dead')).toEqual(['Hook chat was not told of install.finished (event 1) (410)']);
    await expect
      .poll(() => service.deliveries('chat'), WAIT)
      .toMatchObject({
        deliveries: [{ state: 'done' }, { state: 'dead', result: '410' }],
      });
  });

  test('that hangs holds up nobody but itself', async () => {
    const other = await HookReceiver.start();
    receiver.answers.push('hang');
    await add();
    await add({ name: 'other', target: { to: 'url', url: other.url } });
    await happened({}, {});
    await expect.poll(() => other.eventIds, WAIT).toEqual([1, 2]);
    await expect.poll(() => receiver.eventIds, WAIT).toEqual([1]);
    await other.close();
  });

  test('goes on where it was after a restart, also with what waited for its next try', async () => {
    receiver.answers.push(500, 'hang');
    await add();
    await happened({}, {});
    await expect.poll(() => receiver.eventIds, WAIT).toEqual([1, 1]);
    await service.close();
    await happened({});
    service = newService();
    await service.start();
    await expect.poll(() => receiver.eventIds, WAIT).toEqual([1, 1, 1, 2, 4]);
    await expect
      .poll(() => service.deliveries('chat'), WAIT)
      .toMatchObject({
        deliveries: [{}, {}, { eventId: 1, attempts: 2 }],
      });
  });

  test('is told of no token of an install, whatever a path in an event says', async () => {
    await add({ events: ['*'] });
    await happened({
      kind: 'nfs.mounted',
      text: `mounted /installs/${'ab'.repeat(16)}/ks.cfg`,
      data: { path: `/installs/${'AB'.repeat(16)}` },
    });
    await expect.poll(() => receiver.received.length, WAIT).toBe(1);
    expect(receiver.received[0]!.body).toContain('/installs/…');
    expect(receiver.received[0]!.body).not.toMatch(/(?:ab){16}/i);
  });

  test('that is away has so many events kept back for it and no more; the oldest go, and it is told how many', async () => {
    receiver.answers.push(500);
    await add();
    const waiting = Array.from({ length: MAX_WAITING_FOR_HOOK + 3 }, () => ({
      kind: 'install.finished' as const,
      text: 'It is done',
      atMs: 1,
    }));
    await service.close();
    await stores.events.append(waiting);
    service = newService();
    await service.start();
    await expect.poll(() => receiver.eventIds.slice(0, 3), WAIT).toEqual([1, 4, 5]);
    expect(await told('hook.lost')).toEqual([
      'Hook chat was not told of 3 events, since more than 10000 waited for it',
    ]);
    expect(await stores.hooks.deliveryOf('chat', 1)).toMatchObject({
      state: 'dead',
      attempts: 1,
      result: '500',
    });
  });

  test('is told how many events it missed that the timeline forgot', async () => {
    await service.close();
    await add();
    await happened({}, {}, {});
    await stores.events.prune(1);
    service = newService();
    await service.start();
    await expect.poll(() => receiver.eventIds, WAIT).toEqual([3]);
    expect(await told('hook.lost')).toEqual([
      'Hook chat was not told of 2 events, which are in the timeline no more',
    ]);
  });
});

describe('a hook that is changed', () => {
  test('goes on with what it is now, and keeps its key', async () => {
    await add();
    await happened({});
    await expect.poll(() => receiver.eventIds, WAIT).toEqual([1]);
    await service.change('chat', { events: ['power.*'], target: { to: 'url', url: `${receiver.url}/new` } });
    await happened({}, { kind: 'power.done' });
    await expect.poll(() => receiver.received.at(-1)?.path, WAIT).toBe('/new');
    expect(receiver.eventIds).toEqual([1, 3]);
    expect(await stores.hooks.secretOf('chat')).toBe(KEY);
  });

  test('is told nothing while it is off, and of nothing of that later', async () => {
    await add();
    await service.change('chat', { mode: 'off' });
    await happened({});
    await service.change('chat', { mode: 'on' });
    await happened({});
    await expect.poll(() => receiver.eventIds, WAIT).toEqual([2]);
  });

  test('many times at once is one hook still: each event comes once', async () => {
    await add();
    await Promise.all(Array.from({ length: 10 }, () => service.change('chat', { events: ['*'] })));
    await happened({}, {}, {});
    await expect.poll(() => receiver.eventIds, WAIT).toEqual([1, 2, 3]);
    await expect
      .poll(() => service.deliveries('chat'), WAIT)
      .toMatchObject({
        deliveries: [{ attempts: 1 }, { attempts: 1 }, { attempts: 1 }],
      });
  });

  test('is gone when it is removed', async () => {
    await add();
    expect(await service.remove('chat')).toEqual({ done: true });
    await happened({});
    expect(await service.test('chat')).toMatchObject({ no: 'not found' });
    expect(receiver.received).toEqual([]);
  });
});

describe('a program', () => {
  const program = (text: string): void => {
    const path = join(folder, 'commands/note');
    writeFileSync(path, `#!/bin/sh\n${text}\n`);
    chmodSync(path, 0o755);
  };
  const addProgram = () => add({ target: { to: 'command', argv: ['note', 'a b', '$(id)'] } });

  test('has each event on one line of its input, and what it prints is in the timeline of the machine', async () => {
    program(
      `cat >>${join(folder, 'in')}; printf '%s|' "$@" $MUSTER_EVENT $MUSTER_SECRET >>${join(folder, 'words')}; echo "ticket 7 is open"`,
    );
    await addProgram();
    await happened({ machineId: WEB.id, text: 'a\nb' }, {});
    await expect
      .poll(() => told('hook.said'), WAIT)
      .toEqual(['Hook chat: ticket 7 is open', 'Hook chat: ticket 7 is open']);
    const lines = readFileSync(join(folder, 'in'), 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { event: { text: string } }).event.text)).toEqual([
      'a\nb',
      'It is done',
    ]);
    expect(readFileSync(join(folder, 'words'), 'utf8')).toBe(`a b|$(id)|install.finished|${KEY}|`.repeat(2));
    const [said] = await events
      .list({ machineId: WEB.id }, 10)
      .then((all) => all.filter(({ kind }) => kind === 'hook.said'));
    expect(said).toMatchObject({ data: { hook: 'chat', event: 1 } });
  });

  for (const [title, target, result] of [
    ['stays with its program', { to: 'command', argv: ['note', 'new'] }, { done: true }],
    ['is handed to no other program', { to: 'command', argv: ['other'] }, { done: false }],
    ['signs for no server, since it may be a short one', { to: 'url', url: 'http://h/' }, { done: false }],
  ] as const) {
    test(`has a key that ${title}`, async () => {
      program('cat');
      await addProgram();
      const changed = await service.change('chat', { target });
      expect(changed).toMatchObject(result);
      if (!changed.done)
        expect(changed.because).toMatch(/^the key that is kept .* --secret-file gives a new one$/);
      expect(await service.change('chat', { target, secret: `${KEY}${KEY}` })).toMatchObject({ done: true });
    });
  }

  test('that ends with 75 is run again, and with anything else is not', async () => {
    program(
      `read line; echo run >>${join(folder, 'runs')}; [ $(wc -l <${join(folder, 'runs')}) -gt 1 ] || { echo later >&2; exit 75; }; echo no >&2; exit 9`,
    );
    await addProgram();
    await happened({});
    await expect
      .poll(() => told('hook.dead'), WAIT)
      .toEqual(['Hook chat was not told of install.finished (event 1) (ended with 9: no)']);
    expect(readFileSync(join(folder, 'runs'), 'utf8')).toBe('run\nrun\n');
    expect(await told('hook.failing')).toEqual([expect.stringContaining('(ended with 75: later)')]);
  });

  test('says what it prints when it is tried, and what it would come to', async () => {
    program('read line; echo "$line"');
    await addProgram();
    const tried = await service.test('chat');
    expect(tried).toMatchObject({
      done: true,
      result: 'done',
      printed: expect.stringContaining('"kind":"hook.test"'),
    });
    expect(await told('hook.said')).toEqual([]);
  });
});
