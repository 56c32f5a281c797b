import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { Agent, type IncomingMessage, request } from 'node:http';
import { connect, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { sourceOfBytes } from '../../lib/byte-source.ts';
import { parseIp } from '../../lib/ipv6-address.ts';
import type { KeptDoor } from '../../os/doors/kept-doors.ts';
import { type Libc, loadLibc } from '../../os/libc.ts';
import { moreThan, openDescriptors } from '../../os/suite/open-descriptors.ts';
import { makeEtag } from './conditions.ts';
import { HttpPlane, type PlaneFile } from './plane.ts';
import type { PlaneLimits } from './plane-messages.ts';

const LIMITS: PlaneLimits = {
  connections: 32,
  connectionsPerAddress: 16,
  headerBytes: 4096,
  headersMs: 20_000,
  keepAliveMs: 20_000,
  stalledMs: 20_000,
};
const WAIT = { timeout: 5_000, interval: 20 } as const;
const MODIFIED_MS = Date.UTC(2024, 1, 3, 4, 5, 6);
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function libcHere(): Libc {
  const loaded = loadLibc();
  if ('unavailable' in loaded) throw new Error(loaded.because);
  return loaded;
}

const large = randomBytes(5_000_003);
const small = Buffer.from('a small file\n');
let folder = '';
let plane: HttpPlane;
let door: KeptDoor;
let asked: string[] = [];
let sums: { complete: number; brokenOff: number; bytes: number }[] = [];
let sent: { status: number; bytes: number; isComplete: boolean }[] = [];
let adopted: { socket: Socket; bytes: Buffer }[] = [];
let faults: unknown[] = [];
let restarts = 0;
let validMs = 60_000;
let agent: Agent;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-plane-'));
  writeFileSync(join(folder, 'large'), large);
  writeFileSync(join(folder, 'small'), small);
  writeFileSync(join(folder, 'empty'), '');
  plane = new HttpPlane({
    libc: libcHere(),
    threads: 1,
    report: (_, error) => faults.push(error),
    restarted: () => (restarts += 1),
  });
});
afterAll(async () => {
  await plane.close();
  rmSync(folder, { recursive: true });
});

beforeEach(() => {
  [asked, sums, sent, adopted, faults, restarts, validMs] = [[], [], [], [], [], 0, 60_000];
  agent = new Agent({ keepAlive: true, maxSockets: 1 });
  door = serve();
});
afterEach(async () => {
  agent.destroy();
  for (const { socket } of adopted) socket.destroy();
  await door.close({ drainMs: 0 });
  await expect.poll(() => plane.files, WAIT).toBe(0);
  expect(faults).toEqual([]);
});

function serve(limits: Partial<PlaneLimits> = {}, address = '127.0.0.1'): KeptDoor {
  return plane.serve({
    address: parseIp(address),
    port: 0,
    prefixes: ['/files/'],
    limits: { ...LIMITS, ...limits },
    open: async (target) => {
      asked.push(target);
      return await openFile(target);
    },
    adopt: (fd, bytes) => adopted.push({ socket: new Socket({ fd }), bytes: Buffer.from(bytes) }),
  });
}

async function openFile(target: string): Promise<PlaneFile | undefined> {
  const [, , name = '', how] = target.split('/');
  if (name === 'fails') throw new Error('the disk is gone');
  if (!['large', 'small', 'empty', 'split'].includes(name)) return undefined;
  const handle = await open(join(folder, name === 'split' ? 'large' : name), 'r');
  const { size } = await handle.stat();
  const extents =
    name === 'split'
      ? [
          { offset: 1_000_000, length: 700 },
          { offset: 10, length: 1_500_000 },
        ]
      : [{ offset: 0, length: size }];
  const bytes = extents.reduce((sum, { length }) => sum + length, 0);
  return {
    source: { ...sourceOfBytes(new Uint8Array(0)), size: bytes, close: () => handle.close() },
    descriptor: handle.fd,
    extents,
    validators: {
      etag: makeEtag(bytes, MODIFIED_MS),
      modifiedMs: MODIFIED_MS,
      lastModified: new Date(MODIFIED_MS).toUTCString(),
    },
    contentType: 'application/octet-stream',
    validMs,
    tell: how === 'each' ? 'each' : 'sums',
    onSent: (one) => sent.push(one),
    onSum: (one) => sums.push(one),
  };
}

interface Got {
  readonly response: IncomingMessage;
  readonly body: Buffer;
}

function get(
  path: string,
  options: { method?: string; headers?: Record<string, string> } = {},
): Promise<Got> {
  return new Promise((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port: door.port, path, agent, ...options }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => resolve({ response, body: Buffer.concat(parts) }));
      response.on('error', reject);
    });
    asking.on('error', reject).end();
  });
}

/** Everything that is said on a connection until its end. */
async function say(text: string, port = door.port): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const parts: Buffer[] = [];
  socket.on('data', (part: Buffer) => parts.push(part));
  socket.write(text);
  await once(socket, 'close');
  return Buffer.concat(parts).toString('latin1');
}

describe('a file', () => {
  test.each([
    ['large', large],
    ['small', small],
    ['empty', Buffer.alloc(0)],
    ['split', Buffer.concat([large.subarray(1_000_000, 1_000_700), large.subarray(10, 1_500_010)])],
  ])('comes as it is: %s', async (name, content) => {
    const { response, body } = await get(`/files/${name}`);
    expect(response.statusCode).toBe(200);
    expect(response.headers).toMatchObject({
      'content-length': String(content.length),
      'content-type': 'application/octet-stream',
      'accept-ranges': 'bytes',
      etag: makeEtag(content.length, MODIFIED_MS),
      'last-modified': 'Sat, 03 Feb 2024 04:05:06 GMT',
      connection: 'keep-alive',
    });
    expect(Math.abs(Date.parse(response.headers.date ?? '') - Date.now())).toBeLessThan(10_000);
    expect(sha256(body)).toBe(sha256(content));
  });

  test('comes in parts, also over the seam of two pieces', async () => {
    for (const [name, range, expected] of [
      ['large', 'bytes=4000000-', large.subarray(4_000_000)],
      [
        'split',
        'bytes=600-799',
        Buffer.concat([large.subarray(1_000_600, 1_000_700), large.subarray(10, 110)]),
      ],
    ] as const) {
      const { response, body } = await get(`/files/${name}`, { headers: { range } });
      expect(response.statusCode).toBe(206);
      expect(body.equals(expected)).toBe(true);
    }
  });

  test('has a head, conditions, and no part behind its end', async () => {
    const head = await get('/files/large', { method: 'HEAD' });
    expect([head.response.headers['content-length'], head.body.length]).toEqual([String(large.length), 0]);
    const { etag = '' } = head.response.headers;
    expect((await get('/files/large', { headers: { 'if-none-match': etag } })).response.statusCode).toBe(304);
    expect((await get('/files/large', { headers: { 'if-match': '"x"' } })).response.statusCode).toBe(412);
    const behind = await get('/files/small', { headers: { range: 'bytes=99-' } });
    expect([behind.response.statusCode, behind.response.headers['content-range']]).toEqual([
      416,
      'bytes */13',
    ]);
    expect((await get('/files/small')).body.equals(small)).toBe(true);
  });

  test('is asked about once while its path leads to it, and again after that', async () => {
    for (let count = 0; count < 5; count += 1) await get('/files/small');
    expect(asked).toEqual(['/files/small']);
    validMs = 0;
    await get('/files/large');
    await get('/files/large');
    expect(asked).toEqual(['/files/small', '/files/large', '/files/large']);
    // The first one is not needed any more.
    await expect.poll(() => plane.files, WAIT).toBe(2);
  });

  test('that was sent is told, each or in sums', async () => {
    await get('/files/small/each');
    await expect
      .poll(() => sent, WAIT)
      .toMatchObject([{ status: 200, bytes: 13, isComplete: true, client: '127.0.0.1' }]);
    for (let count = 0; count < 3; count += 1) await get('/files/small');
    const total = (key: 'complete' | 'bytes') => sums.reduce((sum, one) => sum + one[key], 0);
    await expect.poll(() => [total('complete'), total('bytes')], WAIT).toEqual([3, 39]);
  });

  test('goes to many at once, some of whom go away', async () => {
    const many = new Agent({ keepAlive: false });
    const results = await Promise.all(
      Array.from({ length: 12 }, async (_, index) => {
        if (index % 4 === 3) {
          const socket = connect(door.port, '127.0.0.1');
          socket.write('GET /files/large HTTP/1.1\r\n\r\n');
          await once(socket, 'data');
          socket.resetAndDestroy();
          return 'gone';
        }
        const { body } = await new Promise<Got>((resolve, reject) => {
          request({ host: '127.0.0.1', port: door.port, path: '/files/large', agent: many }, (response) => {
            const parts: Buffer[] = [];
            response.on('data', (part: Buffer) => parts.push(part));
            response.on('end', () => resolve({ response, body: Buffer.concat(parts) }));
          })
            .on('error', reject)
            .end();
        });
        return sha256(body);
      }),
    );
    expect(results.filter((one) => one === sha256(large))).toHaveLength(9);
    const broken = () => sums.reduce((sum, one) => sum + one.brokenOff, 0);
    await expect.poll(broken, WAIT).toBe(3);
    await expect.poll(() => door.connections, WAIT).toBe(0);
  });
});

describe('a connection', () => {
  test('stays open for requests that came together, in their order', async () => {
    const text = await say(
      'GET /files/small HTTP/1.1\r\n\r\nHEAD /files/large HTTP/1.1\r\n\r\nGET /files/small HTTP/1.1\r\nConnection: close\r\n\r\n',
    );
    expect(text.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(3);
    expect(text.match(/a small file\n/g)).toHaveLength(2);
    expect(text.endsWith('a small file\n')).toBe(true);
  });

  test('of HTTP/1.0 ends with its answer', async () => {
    expect(await say('GET /files/small HTTP/1.0\r\n\r\n')).toMatch(
      /Connection: close\r\n\r\na small file\n$/,
    );
  });

  test('may bring its request in pieces', async () => {
    const socket = connect(door.port, '127.0.0.1');
    for (const part of ['GET /fi', 'les/small HT', 'TP/1.1\r\nConn', 'ection: close\r\n', '\r\n']) {
      socket.write(part);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const [data] = (await once(socket, 'data')) as [Buffer];
    expect(data.toString()).toContain('a small file');
    socket.destroy();
  });

  test.each([
    ['for another path', 'GET /boot/x HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['with a body', 'POST /files/small HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc'],
    ['that is no HTTP', 'hello\r\n\r\n'],
    ['for what is no file', 'GET /files/unknown HTTP/1.1\r\n\r\n'],
    ['with a head that is too long', `GET /files/small HTTP/1.1\r\nX: ${'x'.repeat(5000)}`],
  ])('is handed over with a request %s, and lives on', async (_what, text) => {
    const socket = connect(door.port, '127.0.0.1');
    socket.write(text);
    await expect.poll(() => adopted.length, WAIT).toBe(1);
    const [first] = adopted;
    await vi.waitFor(() =>
      expect(first!.bytes.toString('latin1').startsWith(text.slice(0, 4096))).toBe(true),
    );
    first!.socket.write('from the main thread');
    const [data] = (await once(socket, 'data')) as [Buffer];
    expect(data.toString()).toBe('from the main thread');
    socket.destroy();
    await expect.poll(() => door.connections, WAIT).toBe(0);
  });

  test('is handed over after answers, with what follows them', async () => {
    const socket = connect(door.port, '127.0.0.1');
    socket.write('GET /files/small HTTP/1.1\r\n\r\nGET /other HTTP/1.1\r\n\r\n');
    await expect
      .poll(() => adopted.map(({ bytes }) => bytes.toString()), WAIT)
      .toEqual(['GET /other HTTP/1.1\r\n\r\n']);
    socket.destroy();
  });

  test('whose file cannot be opened is handed over, and the fault reported', async () => {
    const socket = connect(door.port, '127.0.0.1');
    socket.write('GET /files/fails HTTP/1.1\r\n\r\n');
    await expect.poll(() => adopted.length, WAIT).toBe(1);
    expect(faults.splice(0)).toEqual([new Error('the disk is gone')]);
    socket.destroy();
  });
});

describe('limits', () => {
  async function limited(limits: Partial<PlaneLimits>): Promise<void> {
    await door.close({ drainMs: 0 });
    door = serve(limits);
  }

  test('one address has no more connections than it may have', async () => {
    await limited({ connectionsPerAddress: 2 });
    const sockets = [1, 2, 3].map(() => connect(door.port, '127.0.0.1'));
    await Promise.race(sockets.map((socket) => once(socket, 'close')));
    await expect.poll(() => sockets.filter(({ destroyed }) => destroyed).length, WAIT).toBe(1);
    await expect.poll(() => door.refused, WAIT).toBe(1);
    for (const socket of sockets) socket.destroy();
  });

  test.each([
    ['without a request', { headersMs: 300 }, '', /^$/],
    ['with half of one', { headersMs: 300 }, 'GET /files/small HT', /^HTTP\/1\.1 408 Request Timeout\r\n/],
    [
      'that says nothing after an answer',
      { keepAliveMs: 300 },
      'GET /files/small HTTP/1.1\r\n\r\n',
      /a small file\n$/,
    ],
  ])('a connection %s is closed in time', async (_what, limits, text, heard) => {
    await limited(limits);
    expect(await say(text)).toMatch(heard);
  });

  test('a client that does not read is closed in time, and costs nobody else', async () => {
    await limited({ stalledMs: 500 });
    const socket = connect(door.port, '127.0.0.1');
    socket.pause();
    for (let count = 0; count < 8; count += 1) socket.write('GET /files/large HTTP/1.1\r\n\r\n');
    expect((await get('/files/small')).body.equals(small)).toBe(true);
    await expect.poll(() => sums.some(({ brokenOff }) => brokenOff === 1), WAIT).toBe(true);
    socket.destroy();
  });
});

describe('the end', () => {
  test('waits for an answer under way, and closes what is idle', async () => {
    const idle = connect(door.port, '127.0.0.1');
    await once(idle, 'connect');
    const slow = connect(door.port, '127.0.0.1');
    slow.pause();
    slow.write('GET /files/large HTTP/1.1\r\n\r\n');
    await expect.poll(() => asked.length, WAIT).toBe(1);
    const closed = door.close({ drainMs: 10_000 });
    await once(idle, 'close');
    const parts: Buffer[] = [];
    slow.on('data', (part: Buffer) => parts.push(part));
    slow.resume();
    await once(slow, 'close');
    await closed;
    expect(Buffer.concat(parts).subarray(-1000).equals(large.subarray(-1000))).toBe(true);
  });

  test('does not wait longer than it is told', async () => {
    const slow = connect(door.port, '127.0.0.1');
    slow.pause();
    slow.write('GET /files/large HTTP/1.1\r\n\r\n');
    await expect.poll(() => asked.length, WAIT).toBe(1);
    await door.close({ drainMs: 100 });
    slow.destroy();
  });

  test('does not wait for a thread that is dead', async () => {
    await plane.killThread(0);
    await door.close({ drainMs: 60_000 });
    door = serve();
    expect((await get('/files/small')).body.equals(small)).toBe(true);
  });

  test('of a thread costs its connections alone, and no descriptor stays open', async () => {
    await get('/files/small');
    const before = openDescriptors();
    const sockets = Array.from({ length: 5 }, () => connect(door.port, '127.0.0.1'));
    const ended = Promise.all(sockets.map((socket) => once(socket, 'close')));
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    for (const socket of sockets) socket.write('GET /files/small HTTP/1.1\r\n\r\n');
    await Promise.all(sockets.map((socket) => once(socket, 'data')));
    agent.destroy();
    await plane.killThread(0);
    await ended;
    expect(restarts).toBe(1);
    agent = new Agent({ keepAlive: true, maxSockets: 1 });
    expect((await get('/files/small')).body.equals(small)).toBe(true);
    agent.destroy();
    await expect.poll(() => moreThan(before), WAIT).toEqual({});
  });
});
