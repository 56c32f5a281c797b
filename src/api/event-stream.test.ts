import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StreamDecoder, type StreamMessage } from '../contract/events.ts';
import type { EventFilter } from '../core/events/event-store.ts';
import type { NewTimelineEvent, TimelineEvent } from '../core/events/timeline-event.ts';
import { SESSION_IDLE_MS } from '../core/people/user.ts';
import { parseMac } from '../lib/addresses.ts';
import { hashOfSecret } from '../services/people/secrets.ts';
import {
  EventStreams,
  type EventStreamsNeeds,
  MAX_STREAMS,
  STREAM_PAGE,
  STREAM_REACH,
} from './event-stream.ts';
import { MAX_STREAMS_OF_USER } from './stream-shares.ts';
import { eventToContract } from './to-contract.ts';
import { listenApi, type ListeningApi } from './listen-api.ts';
import { type ApiWorld, openApiWorld } from './suite/api-world.ts';

const MAC = parseMac('52:54:00:12:34:56');
const OTHER_MAC = parseMac('52:54:00:99:99:99');

let world: ApiWorld;
let listening: ListeningApi;
const readers: StreamReader[] = [];

beforeEach(async () => {
  world = await openApiWorld();
  listening = await listenApi(world.needs, { address: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  for (const reader of readers.splice(0)) reader.leave();
  await listening.close();
  expect(world.mistakes).toEqual([]);
  await world.close();
});

/** Reads a stream over a real connection. */
class StreamReader {
  readonly #gone = new AbortController();
  readonly #waiting: StreamMessage[] = [];
  text = '';
  ended: Promise<void> = Promise.resolve();

  static async open(path = '', headers: Record<string, string> = {}): Promise<StreamReader> {
    const reader = new StreamReader();
    readers.push(reader);
    const response = await fetch(`${listening.url}/api/v1/events/stream${path}`, {
      headers,
      signal: reader.#gone.signal,
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    reader.ended = reader.#read(response).catch(() => undefined);
    return reader;
  }

  async #read(response: Response): Promise<void> {
    const decoder = new StreamDecoder();
    const letters = new TextDecoder();
    for await (const piece of response.body!) {
      const text = letters.decode(piece, { stream: true });
      this.text += text;
      this.#waiting.push(...decoder.push(text));
    }
  }

  /** The ids of the next so many events. */
  async ids(count: number): Promise<readonly number[]> {
    await until(() => this.#waiting.length >= count);
    return this.#waiting.splice(0, count).map(({ id }) => Number(id));
  }

  async messages(count: number): Promise<readonly StreamMessage[]> {
    await until(() => this.#waiting.length >= count);
    return this.#waiting.splice(0, count);
  }

  async events(count: number): Promise<readonly Record<string, unknown>[]> {
    await until(() => this.#waiting.length >= count);
    return this.#waiting.splice(0, count).map(({ data }) => JSON.parse(data) as Record<string, unknown>);
  }

  leave(): void {
    this.#gone.abort();
  }
}

async function until(fits: () => boolean): Promise<void> {
  const end = Date.now() + 10_000;
  while (!fits()) {
    if (Date.now() > end) throw new Error('It did not happen within 10 s');
    await wait(5);
  }
}

async function tell(text: string, mac = MAC): Promise<void> {
  await world.happened({ kind: 'dhcp.silent', text, mac });
}

test('a reader gets what happens from now on, and nothing older', async () => {
  await tell('old');
  const reader = await StreamReader.open();
  await tell('new');
  expect(await reader.events(1)).toEqual([
    { id: 2, at: '2026-11-23T13:00:00.000Z', kind: 'dhcp.silent', text: 'new', mac: MAC },
  ]);
});

test('10,000 events between two visits come once each, in order, while more happen', async () => {
  const first = await StreamReader.open();
  await tell('one');
  expect(await first.ids(1)).toEqual([1]);
  first.leave();
  const silent = Array.from(
    { length: 10_000 },
    (_, at): NewTimelineEvent => ({ atMs: at, kind: 'dhcp.silent', text: `${at}` }),
  );
  await world.stores.events.append(silent);
  const again = await StreamReader.open('', { 'last-event-id': '1' });
  const more = Array.from({ length: 50 }, (_, at) => tell(`while reading ${at}`));
  const ids = await again.ids(10_050);
  await Promise.all(more);
  expect(ids).toEqual(Array.from({ length: 10_050 }, (_, at) => at + 2));
  // Torn off in the middle and come back, again and again.
  let last = 1;
  const read: number[] = [];
  while (last < 10_051) {
    const some = await StreamReader.open('', { 'last-event-id': String(last) });
    const part = await some.ids(Math.min(3_000, 10_051 - last));
    some.leave();
    read.push(...part);
    last = part.at(-1)!;
  }
  expect(read).toEqual(Array.from({ length: 10_050 }, (_, at) => at + 2));
});

describe('a reader whose place is gone', () => {
  for (const [title, lastId, expected] of [
    ['is told what it missed', 3, { after: 3, goesOnAfter: 6, because: /kept no more/ }],
    ['is told nothing where the next event is there', 6, undefined],
    [
      'is told where the timeline is another one',
      99,
      { after: 99, goesOnAfter: 10, because: /database is another one/ },
    ],
    ['may ask for all there is without a word', 0, undefined],
  ] as const) {
    test(title, async () => {
      for (let at = 0; at < 10; at += 1) await tell(`${at}`);
      await world.stores.events.prune(4);
      const reader = await StreamReader.open('', { 'last-event-id': String(lastId) });
      await tell('new');
      const ids = Array.from({ length: 11 }, (_, at) => at + 1).filter(
        (id) => id > (expected?.goesOnAfter ?? 6),
      );
      const messages = await reader.messages(ids.length + (expected ? 1 : 0));
      const missed = messages.filter(({ event }) => event === 'missed');
      expect(missed.map(({ data }) => JSON.parse(data) as unknown)).toEqual(
        expected ? [{ ...expected, because: expect.stringMatching(expected.because) as string }] : [],
      );
      const others = messages.filter(({ event }) => event === 'timeline');
      expect(others.map(({ id }) => Number(id))).toEqual(ids);
      if (expected) expect(missed[0]?.id).toBe(String(expected.goesOnAfter));
    });
  }
});

describe('a stream of some events', () => {
  for (const [query, ids] of [
    ['kind=dhcp.silent', [1, 3, 5]],
    ['kind=install.*', [2, 4]],
    ['selector=rack%3Da', [3, 4]],
    ['selector=rack&kind=dhcp.*', [3, 5]],
    ['machine=web1&kind=dhcp.silent', [3]],
  ] as const) {
    test(`${query} has only those, whether they were there or come`, async () => {
      const labels = [{ rack: 'a' }, { rack: 'b' }];
      for (const [at, label] of labels.entries())
        await world.stores.machines.put({
          id: `m-00000000000${at + 1}`,
          name: `web${at + 1}`,
          macs: [parseMac(`52540000000${at + 1}`)],
          labels: label,
          variables: {},
          createdAtMs: 0,
        });
      const happen = async () => {
        for (const [kind, machineId] of [
          ['dhcp.silent', undefined],
          ['install.failed', undefined],
          ['dhcp.silent', 'm-000000000001'],
          ['install.failed', 'm-000000000001'],
          ['dhcp.silent', 'm-000000000002'],
        ] as const)
          await world.happened({ kind, text: 'x', ...(machineId === undefined ? {} : { machineId }) });
      };
      await happen();
      const reader = await StreamReader.open(`?after=0&${query}`);
      expect(await reader.ids(ids.length)).toEqual(ids);
      await happen();
      expect(await reader.ids(ids.length)).toEqual(ids.map((id) => id + 5));
    });
  }

  test('finds the few among very many, and a heartbeat says how far it is', async () => {
    const many = Array.from(
      { length: 3 * STREAM_REACH },
      (_, at): NewTimelineEvent => ({
        atMs: at,
        kind: at % STREAM_REACH === 7 ? 'install.failed' : 'dhcp.silent',
        text: `${at}`,
      }),
    );
    await world.stores.events.append(many);
    const stream = await readStream(world.needs.events, { kinds: ['install.failed'] }, 0);
    await until(() => stream.text().includes(`id: ${3 * STREAM_REACH}\n\n`));
    const text = await stream.close();
    expect([...text.matchAll(/^id: (\d+)\nevent/gm)].map(([, id]) => Number(id))).toEqual([
      8,
      STREAM_REACH + 8,
      2 * STREAM_REACH + 8,
    ]);
  });

  test('what happens while a stream finds its place comes, too', async () => {
    await tell('one');
    const { events } = world.needs;
    let looks = 0;
    const list: typeof events.list = async (...asked) => {
      const found = await events.list(...asked);
      looks += 1;
      if (looks === 1) await tell('two');
      return found;
    };
    const listen = events.listen.bind(events);
    const listenToUnwritten = events.listenToUnwritten.bind(events);
    const stream = await readStream({ list, listen, listenToUnwritten }, {}, 1);
    await until(() => stream.text().includes('two'));
    await stream.close();
  });

  for (const query of ['kind=nonsense', 'selector=%28', 'q=x']) {
    test(`${query} is refused`, async () => {
      const { status } = await fetch(`${listening.url}/api/v1/events/stream?${query}`);
      expect(status).toBe(400);
    });
  }
});

test('a reader that comes back misses nothing and gets nothing twice', async () => {
  const first = await StreamReader.open();
  await tell('one');
  await tell('two');
  expect(await first.ids(2)).toEqual([1, 2]);
  first.leave();
  await tell('three');
  await tell('four');
  const again = await StreamReader.open('', { 'last-event-id': '2' });
  await tell('five');
  expect(await again.ids(3)).toEqual([3, 4, 5]);
});

test('the header wins over the query, since a browser comes back with the same URL', async () => {
  for (const text of ['one', 'two', 'three']) await tell(text);
  const reader = await StreamReader.open('?after=0', { 'last-event-id': '2' });
  expect(await reader.ids(1)).toEqual([3]);
  const fresh = await StreamReader.open('?after=1');
  expect(await fresh.ids(2)).toEqual([2, 3]);
});

test('many more events than are read at once come whole and in order', async () => {
  const count = STREAM_PAGE * 2 + 7;
  await Promise.all(Array.from({ length: count }, (_, index) => tell(`event ${index}`)));
  const reader = await StreamReader.open('?after=0');
  await tell('the last');
  expect(await reader.ids(count + 1)).toEqual(Array.from({ length: count + 1 }, (_, index) => index + 1));
});

test('events that happen while others are read come once each', async () => {
  const reader = await StreamReader.open('?after=0');
  await Promise.all(Array.from({ length: 50 }, (_, index) => tell(`event ${index}`)));
  for (let index = 0; index < 50; index += 1) await tell(`later ${index}`);
  expect(await reader.ids(100)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
});

test('an id from another database begins with what happens now', async () => {
  await tell('old');
  const reader = await StreamReader.open('', { 'last-event-id': '999999' });
  await tell('new');
  const [missed, next] = await reader.messages(2);
  expect([missed?.event, missed?.id, next?.event, next?.id]).toEqual(['missed', '1', 'timeline', '2']);
});

test("one machine's events are its own and those of its MAC address from before it was known", async () => {
  await tell('before it was known');
  await tell('of another', OTHER_MAC);
  const added = await world.needs.machines.add({ name: 'web1', macs: [MAC], variables: {} });
  const reader = await StreamReader.open('?machine=web1&after=0');
  await tell('of another', OTHER_MAC);
  await world.happened({
    kind: 'boot.decided',
    text: 'by its id',
    machineId: added.done ? added.machine.id : '',
  });
  expect((await reader.events(2)).map(({ text, machine }) => [text, machine])).toEqual([
    ['before it was known', undefined],
    ['by its id', 'web1'],
  ]);
});

test('a MAC address that is not known has events too', async () => {
  const reader = await StreamReader.open(`?machine=${OTHER_MAC}`);
  await tell('of one');
  await tell('of the other', OTHER_MAC);
  expect(await reader.ids(1)).toEqual([2]);
});

test('a machine that is not known, and an id that is none, are problems', async () => {
  const url = `${listening.url}/api/v1/events/stream`;
  const unknown = await fetch(`${url}?machine=nobody`);
  expect([unknown.status, await unknown.json()]).toMatchObject([404, { type: 'not-found' }]);
  const wrong = await fetch(url, { headers: { 'last-event-id': 'x1' } });
  expect([wrong.status, await wrong.json()]).toMatchObject([400, { type: 'bad-request' }]);
});

test('there is an end to how many may listen, and a place is free again when one leaves', async () => {
  for (let index = 0; index < MAX_STREAMS; index += 1) await StreamReader.open();
  const refused = await fetch(`${listening.url}/api/v1/events/stream`);
  expect([refused.status, await refused.json()]).toMatchObject([503, { type: 'busy' }]);
  readers[0]!.leave();
  let free = false;
  const end = Date.now() + 10_000;
  while (!free && Date.now() < end) {
    const response = await fetch(`${listening.url}/api/v1/events/stream`);
    free = response.status === 200;
    await response.body?.cancel();
  }
  expect(free).toBe(true);
});

test('the end of the server ends the streams, so that it need not wait for readers', async () => {
  const reader = await StreamReader.open();
  await listening.close();
  await reader.ended;
  expect(reader.text).toMatch(/^retry: 2000\n\n/);
});

test('a silent stream says now and then that it lives', async () => {
  const server = await openStreams({ heartbeatMs: 20 });
  const response = await fetch(server.url);
  let text = '';
  for await (const piece of response.body!) {
    text += new TextDecoder().decode(piece);
    if (text.split(': nothing new').length > 3) break;
  }
  await server.close();
  expect(text).toMatch(/^retry: 2000\n\n(?:: nothing new\nid: 0\n\n){3,}$/);
});

test('a reader that takes nothing is cut off, and comes back where it was', async () => {
  const server = await openStreams({ slowReaderMs: 100, eventBytes: 5_000, events: STREAM_PAGE * 400 });
  const socket = connect(server.port, '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  socket.pause();
  await until(() => server.streams.size === 1);
  await until(() => server.streams.size === 0);
  expect(server.pages()).toBeGreaterThan(0);
  expect(server.pages()).toBeLessThan(400);
  socket.destroy();
  await server.close();
});

/** A reader of one stream over these events, behind that one. */
async function readStream(events: EventStreamsNeeds['events'], filter: EventFilter, after: number) {
  const streams = new EventStreams({
    events,
    failed: (error) => world.mistakes.push(error),
    toWire: async (some) => some.map((event) => eventToContract(event, new Map())),
    heartbeatMs: 20,
  });
  const server = createServer((_, response) => void streams.start(response, filter, after, async () => true));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const gone = new AbortController();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const response = await fetch(url, { signal: gone.signal });
  let text = '';
  const reading = (async () => {
    const letters = new TextDecoder();
    for await (const piece of response.body!) text += letters.decode(piece, { stream: true });
  })().catch(() => undefined);
  return {
    text: () => text,
    close: async () => {
      gone.abort();
      await reading;
      server.closeAllConnections();
      server.close();
      return text;
    },
  };
}

/** Streams over a made-up timeline: enough bytes to fill every buffer between here and the reader. */
async function openStreams(options: {
  heartbeatMs?: number;
  slowReaderMs?: number;
  eventBytes?: number;
  events?: number;
}) {
  const { createServer } = await import('node:http');
  const { eventBytes = 0, events = 0, ...times } = options;
  let pages = 0;
  const event = (id: number): TimelineEvent => ({
    id,
    atMs: 0,
    kind: 'dhcp.silent',
    text: 'x'.repeat(eventBytes),
  });
  const streams = new EventStreams({
    ...times,
    events: {
      list: async ({ afterId }) => {
        if (afterId === undefined) return events === 0 ? [] : [event(events)];
        pages += 1;
        return Array.from({ length: Math.min(STREAM_PAGE, events - afterId) }, (_, at) =>
          event(afterId + 1 + at),
        );
      },
      listen: () => () => undefined,
      listenToUnwritten: () => () => undefined,
    },
    toWire: async (page) =>
      page.map(({ id, kind, text }) => ({ id, kind, text, at: '2026-11-23T13:00:00.000Z' })),
    failed: (error) => {
      throw error;
    },
  });
  const server = createServer(
    (_, response) => void streams.start(response, {}, events === 0 ? undefined : 0, async () => true),
  );
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    port,
    streams,
    url: `http://127.0.0.1:${port}/`,
    pages: () => pages,
    close: async () => {
      streams.closeAll();
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

test('trouble with the disk is heard while nothing can be written, with the number of the last event', async () => {
  let tell: (event: NewTimelineEvent) => void = () => undefined;
  const written: TimelineEvent = { id: 7, atMs: 0, kind: 'server.started', text: 'before' };
  const toWire = async (events: readonly TimelineEvent[]) =>
    events.map((event) => eventToContract(event, new Map()));
  const streams = new EventStreams({
    events: {
      list: () => Promise.resolve([written]),
      listen: () => () => undefined,
      listenToUnwritten: (listener) => {
        tell = listener;
        return () => undefined;
      },
    },
    toWire,
    failed: (error) => world.mistakes.push(error),
  });
  const server = createServer((_, response) => void streams.start(response, {}, undefined, async () => true));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  let heard = '';
  socket.on('data', (bytes) => (heard += bytes.toString()));
  socket.write('GET / HTTP/1.1\r\nhost: muster\r\n\r\n');
  await until(() => heard.includes('retry:'));
  tell({ atMs: 0, kind: 'server.disk', text: 'No lease can be written' });
  await until(() => heard.includes('No lease can be written'));
  expect(heard).toContain('id: 7\n');
  socket.destroy();
  server.close();
});

describe('a stream that stays open', () => {
  const PLACE = { address: '', agent: '' };

  for (const [what, after] of [
    ['logged out', ({ logins }, secret) => logins.logOut(hashOfSecret(secret))],
    ['locked', ({ users }) => users.change('anna', { state: 'locked' })],
    ['taken away', ({ users }) => users.remove('anna')],
  ] as readonly (readonly [
    string,
    (people: ApiWorld['needs']['people'], secret: string) => Promise<unknown>,
  ])[])
    test(`ends where its reader is ${what}, and not before`, async () => {
      const guarded = await openApiWorld('on');
      const { people } = guarded.needs;
      await people.users.add('anna', 'viewer');
      const user = {
        name: 'anna',
        role: 'viewer',
        state: 'active',
        password: 'none',
        createdAtMs: 0,
      } as const;
      const opened = await people.logins.open(user, PLACE);
      if (!opened.done) throw new Error(opened.because);
      const api = await listenApi({ ...guarded.needs, heartbeatMs: 30 }, { address: '127.0.0.1', port: 0 });
      const gone = new AbortController();
      const shown = { headers: { cookie: `muster_session=${opened.secret}` }, signal: gone.signal };
      const { status, body } = await fetch(`${api.url}/api/v1/events/stream`, shown);
      expect(status).toBe(200);
      let text = '';
      const letters = new TextDecoder();
      const ended = (async () => {
        for await (const piece of body!) text += letters.decode(piece, { stream: true });
      })();
      await until(() => text.split(': nothing new').length > 5);
      await after(people, opened.secret);
      await ended;
      gone.abort();
      await api.close();
      expect(guarded.mistakes).toEqual([]);
      await guarded.close();
    });

  test('leaves others theirs, however many one user opens', async () => {
    const guarded = await openApiWorld('on');
    const { people } = guarded.needs;
    const api = await listenApi(guarded.needs, { address: '127.0.0.1', port: 0 });
    const shown: Record<string, string>[] = [];
    for (const name of ['anna', 'bo']) {
      await people.users.add(name, 'viewer');
      const user = { name, role: 'viewer', state: 'active', password: 'none', createdAtMs: 0 } as const;
      const opened = await people.logins.open(user, PLACE);
      if (opened.done) shown.push({ cookie: `muster_session=${opened.secret}` });
    }
    const [ofAnna, ofBo] = shown as [Record<string, string>, Record<string, string>];
    const gone = new AbortController();
    const open = async (headers: Record<string, string>, signal: AbortSignal = gone.signal) =>
      await fetch(`${api.url}/api/v1/events/stream`, { headers, signal });
    const first = new AbortController();
    expect((await open(ofAnna, first.signal)).status).toBe(200);
    for (let at = 1; at < MAX_STREAMS_OF_USER; at++) expect((await open(ofAnna)).status).toBe(200);
    const refused = await open(ofAnna);
    expect([refused.status, await refused.json()]).toMatchObject([
      503,
      { detail: `anna has ${MAX_STREAMS_OF_USER} streams open, and no more: close one` },
    ]);
    expect((await open(ofBo)).status).toBe(200);
    first.abort();
    await expect.poll(async () => (await open(ofAnna)).status).toBe(200);
    gone.abort();
    await api.close();
    expect(guarded.mistakes).toEqual([]);
    await guarded.close();
  });

  test('is no use of the session, which ends when nobody uses it', async () => {
    const guarded = await openApiWorld('on');
    const { people } = guarded.needs;
    await people.users.add('anna', 'viewer');
    const user = { name: 'anna', role: 'viewer', state: 'active', password: 'none', createdAtMs: 0 } as const;
    const opened = await people.logins.open(user, PLACE);
    if (!opened.done) throw new Error(opened.because);
    const api = await listenApi({ ...guarded.needs, heartbeatMs: 30 }, { address: '127.0.0.1', port: 0 });
    const shown = { headers: { cookie: `muster_session=${opened.secret}` } };
    const { body } = await fetch(`${api.url}/api/v1/events/stream`, shown);
    let text = '';
    const ended = (async () => {
      for await (const piece of body!) text += new TextDecoder().decode(piece);
    })();
    await until(() => text !== '');
    guarded.later(SESSION_IDLE_MS / 2);
    const beats = text.length;
    await until(() => text.length > beats + 50);
    guarded.later(SESSION_IDLE_MS / 2);
    await ended;
    await api.close();
    await guarded.close();
  });
});
