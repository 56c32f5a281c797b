import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listenApi, type ListeningApi } from './listen-api.ts';
import { LogStreams } from './log-stream.ts';
import { type ApiWorld, openApiWorld } from './suite/api-world.ts';

/** The log of an install, as the API gives it: its bytes, parts of them, and its lines as they come. */

let world: ApiWorld;
let api: ListeningApi;
let id: string;
const LINES = Array.from({ length: 20 }, (_, index) => `2026-11-23T13:00:00.000Z line ${index} \u00fc`);
const WHOLE = Buffer.from(`${LINES.join('\n')}\n`);

beforeAll(async () => {
  world = await openApiWorld();
  await world.needs.images.add({ folder: world.tree });
  await world.needs.machines.add({ name: 'web1', macs: ['52:54:00:12:34:56' as never], variables: {} });
  await world.needs.profiles.put({ name: 'plain', image: 'centos-7', arguments: '', variables: {} });
  const machine = await world.needs.machines.find('web1');
  const armed = await world.needs.installs.arm(machine!, 'plain');
  if (!armed.armed) throw new Error(armed.because);
  id = armed.install.id;
  world.installLogs.append(id, LINES);
  await world.installLogs.settled();
  api = await listenApi(world.needs, { address: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await api.close();
  expect(world.mistakes).toEqual([]);
  await world.close();
});

const ask = (path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
  fetch(`${api.url}/api/v1/installs/${path}`, { headers });

for (const [what, path, headers, status, expected, range] of [
  ['all of it', 'log', {}, 200, WHOLE, null],
  ['its last two lines', 'log?tail=2', {}, 200, Buffer.from(`${LINES.slice(-2).join('\n')}\n`), null],
  ['none of its lines', 'log?tail=0', {}, 200, Buffer.alloc(0), null],
  ['a part', 'log', { range: 'bytes=10-19' }, 206, WHOLE.subarray(10, 20), `bytes 10-19/${WHOLE.length}`],
  [
    'what is behind a byte',
    'log',
    { range: 'bytes=30-' },
    206,
    WHOLE.subarray(30),
    `bytes 30-${WHOLE.length - 1}/${WHOLE.length}`,
  ],
] as const) {
  test(`${what} of a log`, async () => {
    const response = await ask(`${id}/${path}`, headers);
    expect(response.status).toBe(status);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(expected);
    expect(response.headers.get('content-range')).toBe(range);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });
}

for (const [what, path, headers, status, detail] of [
  ['behind its end', `log`, { range: 'bytes=100000-' }, 416, /the file has \d+ bytes/],
  ['with a count that is none', 'log?tail=x', {}, 400, /tail/],
] as const) {
  test(`a log asked ${what} is refused`, async () => {
    const response = await ask(`${id}/${path}`, headers);
    expect(response.status).toBe(status);
    expect(((await response.json()) as { detail: string }).detail).toMatch(detail);
  });
}

test.each(['log', 'log/stream', 'progress'])(
  'the %s of an install that is not there is not found',
  async (path) => {
    const response = await ask(`i-ffffffffffff/${path}`);
    expect(response.status).toBe(404);
    expect(((await response.json()) as { detail: string }).detail).toBe(
      'there is no install "i-ffffffffffff"',
    );
  },
);

/** Lines of the stream, with where the next one begins, until there are so many. */
async function streamed(path: string, count: number, headers = {}): Promise<readonly [string, number][]> {
  const enough = new AbortController();
  const response = await fetch(`${api.url}/api/v1/installs/${id}/${path}`, {
    headers,
    signal: enough.signal,
  });
  const lines: [string, number][] = [];
  let text = '';
  try {
    for await (const piece of response.body!) {
      text += Buffer.from(piece as Uint8Array).toString('utf8');
      for (const [, next, data] of text.matchAll(/id: (\d+)\nevent: line\ndata: (.*)\n\n/g))
        lines.push([(JSON.parse(data!) as { line: string }).line, Number(next)]);
      text = text.slice(text.lastIndexOf('\n\n') + 2);
      if (lines.length >= count) return lines;
    }
  } finally {
    enough.abort();
  }
  return lines;
}

test('the stream begins where it is told, goes on with what comes, and goes on again behind its last line', async () => {
  const reading = streamed('log/stream?tail=1', 3);
  await wait(100);
  world.installLogs.append(id, ['one', 'two']);
  const lines = await reading;
  expect(lines.map(([line]) => line)).toEqual([LINES.at(-1), 'one', 'two']);
  const [, next] = lines[1]!;
  expect(await streamed('log/stream', 1, { 'last-event-id': String(next) })).toEqual([lines[2]]);
});

test('a stream from behind the end waits for what comes', async () => {
  const reading = streamed('log/stream', 1, { 'last-event-id': '999999' });
  await wait(100);
  world.installLogs.append(id, ['three']);
  expect((await reading).map(([line]) => line)).toEqual(['three']);
});

test('a stream ends where its reader may read no more', async () => {
  let may = true;
  const streams = new LogStreams({
    installLogs: world.installLogs,
    failed: () => undefined,
    heartbeatMs: 20,
  });
  const server = createServer((_, response) => streams.start(response, id, 0, async () => may));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const { body } = await fetch(`http://127.0.0.1:${port}/`);
  let text = '';
  for await (const piece of body!) {
    text += Buffer.from(piece as Uint8Array).toString('utf8');
    if (text.split(': nothing new').length > 3) may = false;
  }
  expect(text).toContain(': nothing new');
  server.close();
});
