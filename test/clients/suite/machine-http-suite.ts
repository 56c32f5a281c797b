import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
} from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../../src/core/policy/policy.ts';
import { parseIpv4 } from '../../../src/lib/addresses.ts';
import { loadLibc } from '../../../src/os/libc.ts';
import { HttpPlane } from '../../../src/protocols/http/plane.ts';
import { FileTimeline } from '../../../src/servers/file-timeline.ts';
import {
  type MachineHttpServer,
  type MachineHttpLimits,
  serveMachineHttp,
} from '../../../src/servers/machine-http.ts';
import { makeMachineWorld, type MachineWorld } from '../../../src/servers/suite/machine-world.ts';
import { listInsideFolder } from '../../../src/services/images/folder-listing.ts';
import { openInsideFolder } from '../../../src/services/images/folder-tree.ts';

const run = promisify(execFile);
/** Addresses of the loopback network that stand for machines. */
const WEB01 = parseIpv4('127.0.0.11');
const WEB02 = parseIpv4('127.0.0.12');
const STRANGER = parseIpv4('127.0.0.99');

/** The HTTP door for machines with real clients, whichever way it sends files. */
export function machineHttpSuite(way: 'plane' | 'plain'): void {
  let world: MachineWorld;
  let server: MachineHttpServer;
  let timeline: FileTimeline;
  let faults: unknown[] = [];
  let plane: HttpPlane | undefined;

  beforeAll(() => {
    if (way === 'plane') plane = openPlane();
  });
  afterAll(async () => {
    await plane?.close();
  });

  function openPlane(): HttpPlane {
    const libc = loadLibc();
    if ('unavailable' in libc) throw new Error(libc.because);
    return new HttpPlane({
      libc,
      threads: 1,
      report: (_, error) => void faults.push(error),
      restarted: ({ because }) => void faults.push(because),
    });
  }

  async function start(limits: Partial<MachineHttpLimits> = {}): Promise<void> {
    const failed = (error: unknown): void => void faults.push(error);
    timeline = new FileTimeline({ ...world, protocol: 'http', installs: world.stores.installs, failed });
    server = await serveMachineHttp({
      address: parseIpv4('127.0.0.1'),
      port: 0,
      images: world.stores.images,
      openInsideFolder,
      listInside: listInsideFolder,
      bootFiles: world.bootFiles,
      installFiles: world.installFiles,
      installFacts: world.installFacts,
      intake: world.intake,
      discovery: world.discovery,
      mirrors: { open: () => Promise.resolve(undefined), sent: () => undefined },
      timeline,
      programs: world.programs,
      report: (what, error) => what === 'failed' && faults.push(error),
      limits,
      plane,
    });
  }

  beforeEach(async () => {
    faults = [];
    world = await makeMachineWorld();
    await world.lease(WEB01, world.web01.macs[0]!);
    await world.lease(WEB02, '52:54:00:00:00:02' as never);
    await start();
  });

  afterEach(async () => {
    await server.close({ drainMs: 100 });
    await timeline.close();
    await world.events.settled();
    await world.close();
    expect(faults).toEqual([]);
  });

  interface Reply {
    readonly status: number;
    /** Lower-case names. */
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Buffer;
  }

  /** Runs curl; the headers of the last reply and its body. */
  async function curl(path: string, options: readonly string[] = []): Promise<Reply> {
    const { stdout } = await run(
      'curl',
      ['-sS', '-i', '--max-time', '20', ...options, `http://127.0.0.1:${server.port}${path}`],
      { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 },
    );
    return parseReply(stdout);
  }

  function parseReply(bytes: Buffer): Reply {
    const end = bytes.indexOf('\r\n\r\n');
    const [first = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
    const rest = bytes.subarray(end + 4);
    if (/ 100 /.test(first)) return parseReply(rest);
    const headers = Object.fromEntries(
      lines.map((line) => [
        line.slice(0, line.indexOf(':')).toLowerCase(),
        line.slice(line.indexOf(':') + 2),
      ]),
    );
    return { status: Number(first.split(' ')[1]), headers, body: rest };
  }

  /** Sends bytes as they are and gives everything that comes until the server ends, or for `waitMs`. */
  function raw(bytes: string | Buffer, waitMs = 500): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(server.port, '127.0.0.1');
      let got = '';
      const done = (): void => {
        clearTimeout(timer);
        socket.destroy();
        resolve(got);
      };
      const timer = setTimeout(done, waitMs);
      socket.setEncoding('latin1').on('data', (text) => (got += text));
      socket.once('end', done).once('error', reject).write(bytes);
    });
  }

  const large = randomBytes(3 * 1024 * 1024 + 17);
  const from = (address: string): readonly string[] => ['--interface', address];
  const put = (path: string, content: string | Uint8Array): void =>
    world.write(join(world.imageFolder, path), content);
  /** The last question of a test: an answer outlives its connection by a moment, and is told then. */
  const happened = async (kind: string) => {
    await server.close({ drainMs: 1_000 });
    await timeline.close();
    await world.events.settled();
    return world.told.filter((event) => event.kind === kind);
  };

  describe('files of an image', () => {
    test('arrive whole, with length, tag and time', async () => {
      put('pool/large.bin', large);
      const { status, headers, body } = await curl('/images/debian/pool/large.bin');
      expect(status).toBe(200);
      expect(headers['content-length']).toBe(String(large.length));
      expect(headers['etag']).toMatch(/^"[\da-f]+-[\da-f]+"$/);
      expect(headers['accept-ranges']).toBe('bytes');
      expect(Date.parse(headers['last-modified'] ?? '')).not.toBeNaN();
      expect(createHash('sha256').update(body).digest('hex')).toBe(
        createHash('sha256').update(large).digest('hex'),
      );
    });

    test('HEAD tells the same length and sends nothing', async () => {
      put('pool/large.bin', large);
      const { status, headers, body } = await curl('/images/debian/pool/large.bin', ['-I']);
      expect([status, headers['content-length'], body.length]).toEqual([200, String(large.length), 0]);
    });

    for (const [what, range, status, contentRange, first, last] of [
      ['from the beginning', '0-9', 206, 'bytes 0-9/3145745', 0, 10],
      ['across chunks', '262100-262200', 206, 'bytes 262100-262200/3145745', 262_100, 262_201],
      ['to the end', '3145740-', 206, 'bytes 3145740-3145744/3145745', 3_145_740, 3_145_745],
      ['the last bytes', '-5', 206, 'bytes 3145740-3145744/3145745', 3_145_740, 3_145_745],
      ['behind the end', '3145745-', 416, 'bytes */3145745', 0, 0],
      ['of two pieces', '0-1,4-5', 200, undefined, 0, 3_145_745],
    ] as const) {
      test(`a range ${what}`, async () => {
        put('pool/large.bin', large);
        const reply = await curl('/images/debian/pool/large.bin', ['-r', range]);
        expect([reply.status, reply.headers['content-range']]).toEqual([status, contentRange]);
        expect(reply.body.equals(large.subarray(first, last))).toBe(true);
        expect(reply.headers['content-length']).toBe(String(last - first));
      });
    }

    test('a broken download is taken up where it ended, only while the file is the same', async () => {
      put('pool/large.bin', large);
      const { headers } = await curl('/images/debian/pool/large.bin', ['-I']);
      const go = (...more: string[]) => curl('/images/debian/pool/large.bin', ['-r', '10-', ...more]);
      expect((await go('-H', `If-Range: ${headers['etag']}`)).status).toBe(206);
      expect((await go('-H', `If-Range: ${headers['last-modified']}`)).status).toBe(206);
      expect((await go('-H', 'If-Range: "other"')).status).toBe(200);
      expect((await go('-H', `If-Match: ${headers['etag']}`)).status).toBe(206);
      expect((await go('-H', 'If-Match: "other"')).status).toBe(412);
      const again = await curl('/images/debian/pool/large.bin', ['-H', `If-None-Match: ${headers['etag']}`]);
      expect([again.status, again.body.length]).toEqual([304, 0]);
      const apt = await curl('/images/debian/pool/large.bin', [
        '-H',
        `If-Modified-Since: ${headers['last-modified']}`,
      ]);
      expect(apt.status).toBe(304);
    });

    test('an empty file has no bytes and no error', async () => {
      put('empty', '');
      const { status, headers, body } = await curl('/images/debian/empty');
      expect([status, headers['content-length'], body.length]).toEqual([200, '0', 0]);
    });

    for (const [name, path] of [
      ['libstdc++6.deb', '/images/debian/pool/libstdc++6.deb'],
      ['libstdc++6.deb', '/images/debian/pool/libstdc%2B%2B6.deb'],
      ['a b%.txt', '/images/debian/pool/a%20b%25.txt'],
      ['é.txt', '/images/debian/pool/%C3%A9.txt'],
      ['.treeinfo', '/images/debian/pool/.treeinfo'],
      ['x.txt', '//images//debian///pool/./x.txt'],
      ['x.txt', '/images/debian/install/../pool/x.txt'],
      ['x.txt', '/images/debian/pool/x.txt?q=/../../'],
    ] as const) {
      test(`the name ${name} is found as ${path}`, async () => {
        put(`pool/${name}`, name);
        const reply = await curl(path, ['--path-as-is']);
        expect([reply.status, reply.body.toString()]).toEqual([200, name]);
      });
    }

    test('raw bytes in a name are refused, as RFC 3986 has no such URL', async () => {
      const request = Buffer.from('GET /images/debian/é HTTP/1.0\r\n\r\n', 'utf8');
      expect(await raw(request)).toMatch(/^HTTP\/1\.1 400/);
    });

    for (const [path, status] of [
      ['/images/debian/../../etc/passwd', 404],
      ['/../etc/passwd', 400],
      ['/images/debian/%2e%2e/%2e%2e/%2e%2e/etc/passwd', 400],
      ['/images/debian/..%2f..%2fetc/passwd', 400],
      ['/images/debian/%00', 400],
      ['/images/debian/%', 400],
      ['/images/debian/%ff', 400],
      [`/images/debian/${'a/'.repeat(2100)}`, 400],
      ['/images/debian/link/passwd', 404],
      ['/images/debian/missing', 404],
      ['/images/debian/install/linux/', 404],
      ['/images/none/x', 404],
      ['/secret', 404],
    ] as const) {
      test(`${path.slice(0, 60)} is ${status}`, async () => {
        symlinkSync('/etc', join(world.imageFolder, 'link'));
        const reply = await curl(path, ['--path-as-is']);
        expect(reply.status).toBe(status);
        expect(reply.body.toString()).not.toContain('root:');
        expect(reply.headers['content-length']).toBe(String(reply.body.length));
        expect(reply.headers['location']).toBeUndefined();
      });
    }

    test('a folder is listed, with and without its slash, and not redirected', async () => {
      put('pool/<b>&.txt', 'x');
      mkdirSync(join(world.imageFolder, 'pool/deeper'));
      for (const path of ['/images/debian/pool', '/images/debian/pool/']) {
        const reply = await curl(path);
        expect([reply.status, reply.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
        expect(reply.body.toString()).toContain('<a href="/images/debian/pool/deeper/">deeper/</a>');
        expect(reply.body.toString()).toContain(
          '<a href="/images/debian/pool/%3Cb%3E%26.txt">&lt;b&gt;&amp;.txt</a>',
        );
      }
      expect((await curl('/images/')).body.toString()).toContain('<a href="/images/debian/">debian/</a>');
      const head = await curl('/images/debian/pool/', ['-I']);
      expect(Number(head.headers['content-length'])).toBeGreaterThan(100);
    });

    test('firmware sees the types it boots', async () => {
      put('boot.efi', 'x');
      expect((await curl('/images/debian/boot.efi', ['-I'])).headers['content-type']).toBe('application/efi');
    });

    test('only GET and HEAD', async () => {
      const reply = await curl('/images/debian/install/linux', ['-X', 'DELETE']);
      expect([reply.status, reply.headers['allow']]).toEqual([405, 'GET, HEAD, POST']);
      expect((await curl('/images/debian/install/linux', ['--data', 'x'])).headers['allow']).toBe(
        'GET, HEAD',
      );
    });
  });

  describe('connections', () => {
    test('one serves many requests', async () => {
      const url = `http://127.0.0.1:${server.port}/images/debian/install/linux`;
      const { stdout } = await run('curl', [
        '-sS',
        '-w',
        '%{num_connects} ',
        '-o',
        '/dev/null',
        url,
        '-o',
        '/dev/null',
        url,
      ]);
      expect(stdout).toBe('1 0 ');
      const head = await run('curl', [
        '-sSI',
        '-w',
        '%{num_connects} ',
        '-o',
        '/dev/null',
        url,
        '--next',
        '-sS',
        '-w',
        '%{num_connects} ',
        '-o',
        '/dev/null',
        url,
      ]);
      expect(head.stdout).toBe('1 0 ');
    });

    test('requests that come together are answered in order', async () => {
      const get = (path: string): string => `GET /images/debian/${path} HTTP/1.1\r\n\r\n`;
      const got = await raw(`${get('install/linux')}${get('install/initrd.gz')}${get('missing')}`);
      expect(got.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 404']);
      expect(got.indexOf('kernel')).toBeLessThan(got.indexOf('\r\n\r\ninitrd'));
    });

    test('HTTP/1.0 without a Host is served and closed', async () => {
      const reply = await curl('/images/debian/install/linux', ['--http1.0', '-H', 'Host:']);
      expect([
        reply.status,
        reply.headers['connection'],
        reply.headers['content-length'],
        reply.body.toString(),
      ]).toEqual([200, 'close', '6', 'kernel']);
      expect(reply.headers['transfer-encoding']).toBeUndefined();
    });

    test('what is no HTTP is refused, and the server lives on', async () => {
      for (const nonsense of [
        '\x16\x03\x01\x02\0\x01',
        'GET\r\n\r\n',
        `GET / HTTP/1.1\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`,
      ])
        expect(await raw(nonsense)).toMatch(/^HTTP\/1\.1 4\d\d/);
      expect((await curl('/healthz')).body.toString()).toBe('ok\n');
    });

    test('a client that does not read costs no memory, and one that never reads is let go', async () => {
      await server.close({ drainMs: 0 });
      await start({ stalledMs: 2000 });
      const size = 512 * 1024 * 1024;
      const file = openSync(join(world.imageFolder, 'huge'), 'w');
      ftruncateSync(file, size);
      closeSync(file);
      const before = process.memoryUsage().rss;
      const sockets: Socket[] = [];
      for (let count = 0; count < 8; count += 1) {
        const socket = connect(server.port, '127.0.0.1').pause();
        socket.on('error', () => undefined).write('GET /images/debian/huge HTTP/1.1\r\n\r\n');
        sockets.push(socket);
      }
      await Promise.all(sockets.map((socket) => once(socket, 'readable')));
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
      expect(server.connections).toBe(8);
      await expect.poll(() => server.connections, { timeout: 5_000 }).toBe(0);
      for (const socket of sockets) socket.destroy();
      const [event] = await happened('http.tree');
      expect(event?.data).toMatchObject({ files: 0, brokenOff: 8 });
    });

    test('one address cannot take all connections', async () => {
      await server.close({ drainMs: 0 });
      await start({ connectionsPerAddress: 2 });
      const held = [connect(server.port, '127.0.0.1'), connect(server.port, '127.0.0.1')];
      await Promise.all(held.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
      await expect(curl('/healthz', ['--interface', '127.0.0.1'])).rejects.toThrow(
        /Recv failure|Empty reply/,
      );
      expect((await curl('/healthz', from(STRANGER))).status).toBe(200);
      held[0]?.destroy();
      await expect.poll(() => server.connections).toBe(1);
      expect((await curl('/healthz')).status).toBe(200);
      held[1]?.destroy();
    });

    test('a head that never ends is not waited for', async () => {
      await server.close({ drainMs: 0 });
      await start({ headersMs: 1000, requestMs: 2000 });
      expect(await raw('GET / HTTP/1.1\r\nX-Slow: ', 9000)).toMatch(/^HTTP\/1\.1 408/);
    });

    test('a file that shrinks while it is sent breaks the connection off', async () => {
      put('pool/large.bin', Buffer.concat([large, large, large, large]));
      const socket = connect(server.port, '127.0.0.1');
      socket.write('GET /images/debian/pool/large.bin HTTP/1.1\r\n\r\n');
      let got = 0;
      const ended = new Promise<void>((resolve) =>
        socket.once('close', () => resolve()).on('error', () => undefined),
      );
      await once(socket, 'readable');
      truncateSync(join(world.imageFolder, 'pool/large.bin'), 100);
      socket.on('data', (bytes: Buffer) => (got += bytes.length));
      await ended;
      expect(got).toBeLessThan(large.length * 4);
      await server.close({ drainMs: 100 });
      expect(String(faults.splice(0))).toContain('ends at byte');
    });

    test('the server waits for answers under way when it stops', async () => {
      put('pool/large.bin', large);
      const target = join(world.tftpRoot, 'got');
      const slow = curl('/images/debian/pool/large.bin', ['--limit-rate', '2M', '-o', target]);
      await expect.poll(() => statSync(target, { throwIfNoEntry: false })?.size ?? 0).toBeGreaterThan(0);
      await server.close({ drainMs: 10_000 });
      await slow;
      expect(parseReply(readFileSync(target)).body.equals(large)).toBe(true);
    });

    test('an answer of which the last bytes wait for a slow client is waited for too', async () => {
      const MOST_BYTES = 12 * 1024 * 1024;
      const STEP_BYTES = 192 * 1024; // Less than one write, so that one of them ends while the system takes no more.
      put('pool/large.bin', Buffer.alloc(MOST_BYTES));
      const downloads: { readonly length: number; readonly socket: Socket }[] = [];
      for (let length = STEP_BYTES; length <= MOST_BYTES; length += STEP_BYTES) {
        const socket = connect(server.port, '127.0.0.1').pause();
        socket.on('error', () => undefined);
        socket.write(
          `GET /images/debian/pool/large.bin HTTP/1.1\r\nHost: a\r\nRange: bytes=0-${length - 1}\r\n\r\n`,
        );
        downloads.push({ length, socket });
      }
      // A request that the server has not read yet is none under way.
      await Promise.all(downloads.map(({ socket }) => once(socket, 'readable')));
      await new Promise((resolve) => setTimeout(resolve, 300));
      const closed = server.close({ drainMs: 10_000 });
      for (const { length, socket } of downloads) {
        let received = 0;
        for await (const bytes of socket) received += (bytes as Buffer).length;
        expect(received).toBeGreaterThan(length);
      }
      await closed;
    });
  });

  describe('an install', () => {
    test('goes from answer file to installed over this door', async () => {
      const { token, id } = await world.arm();
      await world.installs.happened(id, 'bootOffered');
      const answer = await curl(`/installs/${token}/preseed.cfg`, from(WEB01));
      expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'no-store']);
      expect(answer.headers['content-length']).toBe(String(answer.body.length));
      expect(answer.body.toString()).toContain(`http://127.0.0.1:8080/installs/${token}`);
      const post = (name: string, ...data: string[]) =>
        curl(`/installs/${token}/${name}`, [...from(WEB01), ...data]);
      expect((await post('started', '--data', '')).status).toBe(200);
      const progress = await post('progress', '--data', 'step=base+system&percent=55');
      expect([progress.status, progress.body.toString()]).toEqual([200, 'ok\n']);
      expect(await world.stores.installs.byId(id)).toMatchObject({
        state: 'installing',
        step: 'base system',
        percent: 55,
      });
      expect((await post('finished', '-H', 'Content-Type: text/plain', '--data', 'done')).status).toBe(200);
      expect((await world.stores.installs.byId(id))?.state).toBe('installed');
      const late = await post('progress', '--data', 'percent=1');
      expect([late.status, late.body.toString()]).toEqual([409, expect.stringContaining('is installed')]);
      expect((await curl(`/installs/${token}/preseed.cfg`, from(WEB01))).status).toBe(404);
      expect((await post('booted', '--data', '')).status).toBe(200);
      const [sent] = await happened('http.sent');
      expect(sent).toMatchObject({
        installId: id,
        machineId: world.web01.id,
        text: 'preseed.cfg of web01 was sent over HTTP',
      });
      expect(sent?.data?.['bytes']).toBe(answer.body.length);
    });

    test('shows nobody else whether it exists', async () => {
      const { token, id } = await world.arm();
      await world.installs.happened(id, 'bootOffered');
      const replies = await Promise.all([
        curl(`/installs/${token}/preseed.cfg`, from(WEB02)),
        curl(`/installs/${token}/preseed.cfg`, from(STRANGER)),
        curl(`/installs/${'f'.repeat(32)}/preseed.cfg`, from(WEB01)),
        curl(`/installs/${token}/ks.cfg`, from(WEB01)),
        curl(`/installs/${token}/other`, from(WEB01)),
        curl(`/installs/${token}/`, from(WEB01)),
        curl('/installs/', from(WEB01)),
        curl(`/installs/${token}/finished`, [...from(WEB02), '--data', '']),
        curl(`/installs/${'f'.repeat(32)}/finished`, [...from(WEB01), '--data', '']),
      ]);
      expect(new Set(replies.map(({ status, body }) => `${status} ${body.toString()}`)).size).toBe(1);
      expect(replies[0]?.status).toBe(404);
      expect((await world.stores.installs.byId(id))?.state).toBe('booting');
      const refused = await happened('http.refused');
      expect(refused.map(({ because }) => because)).toContain(
        'the address that asks is leased to web02, and not to web01',
      );
    });

    test('is not begun by a HEAD', async () => {
      const { token, id } = await world.arm();
      await world.installs.happened(id, 'bootOffered');
      const { status, headers, body } = await curl(`/installs/${token}/preseed.cfg`, [...from(WEB01), '-I']);
      expect([status, body.length]).toEqual([200, 0]);
      expect(Number(headers['content-length'])).toBeGreaterThan(1000);
      expect((await world.stores.installs.byId(id))?.state).toBe('booting');
    });

    for (const [what, options] of [
      ['with its length told', []],
      ['in chunks', ['-H', 'Transfer-Encoding: chunked']],
      ['after asking', ['-H', 'Expect: 100-continue']],
    ] as const) {
      test(`a report that is too long is refused, ${what}`, async () => {
        const { token, id } = await world.arm();
        await world.installs.happened(id, 'bootOffered');
        const body = join(world.imageFolder, 'body');
        world.write(body, 'x'.repeat(100_000));
        const reply = await curl(`/installs/${token}/failed`, [
          ...from(WEB01),
          ...options,
          '--data-binary',
          `@${body}`,
        ]);
        expect(reply.status).toBe(413);
        expect((await world.stores.installs.byId(id))?.state).toBe('booting');
      });
    }

    test('a report must be posted, an answer file must not', async () => {
      const { token } = await world.arm();
      expect((await curl(`/installs/${token}/finished`)).headers['allow']).toBe('POST');
      expect((await curl(`/installs/${token}/preseed.cfg`, ['--data', ''])).headers['allow']).toBe(
        'GET, HEAD',
      );
    });
  });

  describe('what an installer tells of its hardware', () => {
    test('is told by the program that it is given, and by nobody else', async () => {
      const { token, id } = await world.arm();
      await world.installs.happened(id, 'bootOffered');
      const script = await curl(`/installs/${token}/facts.sh`, from(WEB01));
      expect(script.body.toString()).toMatch(/^#!\/bin\/sh\n/);
      expect(script.body.toString()).toContain(`/installs/${token}/facts'`);
      const data = ['-H', 'Content-Type: application/json', '--data', '{"memoryMegabytes":2048}'];
      const stolen = await curl(`/installs/${token}/facts`, [...from(WEB02), ...data]);
      expect(stolen.status).toBe(404);
      expect((await curl(`/installs/${token}/facts.sh`, from(WEB02))).body).toEqual(stolen.body);
      expect((await world.facts.ofMachine(world.web01.id)).facts).toEqual({});
      expect((await curl(`/installs/${token}/facts`, [...from(WEB01), ...data])).status).toBe(200);
      expect((await world.facts.ofMachine(world.web01.id)).facts).toEqual({ memoryMegabytes: 2048 });
    });

    test('is refused where it is too long or makes no sense', async () => {
      const { token, id } = await world.arm();
      await world.installs.happened(id, 'bootOffered');
      const body = join(world.imageFolder, 'body');
      world.write(body, 'x'.repeat(300_000));
      const post = (data: string) =>
        curl(`/installs/${token}/facts`, [...from(WEB01), '--data-binary', data]);
      expect((await post(`@${body}`)).status).toBe(413);
      expect((await post('{"disks":7}')).status).toBe(400);
      expect((await curl(`/installs/${token}/facts`, from(WEB01))).headers['allow']).toBe('POST');
      expect((await curl(`/installs/${token}/facts.sh`, ['--data', ''])).headers['allow']).toBe('GET, HEAD');
    });
  });

  describe('an unknown machine that is to tell its hardware', () => {
    test('reads and tells, and nobody else does', async () => {
      const mac = '52:54:00:00:00:99' as never;
      await world.lease(STRANGER, mac);
      await world.stores.policy.put({ ...DEFAULT_POLICY, unknownMachines: 'discover' });
      const boot = await world.discovery.bootFor({ mac }, 0);
      const door = `/discoveries/${boot.ready ? boot.token : ''}`;
      const answer = await curl(`${door}/preseed.cfg`, from(STRANGER));
      expect(answer.body.toString()).toContain(`http://127.0.0.1:8080${door}/tool.sh`);
      const facts = ['--data', '{"memoryMegabytes":2048}'];
      const stolen = await curl(`${door}/facts`, [...from(WEB02), ...facts]);
      expect(stolen.status).toBe(404);
      for (const path of [`/discoveries/${'f'.repeat(32)}/tool.sh`, '/discoveries/', `${door}/a/b`, door])
        expect((await curl(path, from(STRANGER))).body, path).toEqual(stolen.body);
      expect((await curl(`${door}/started`, [...from(STRANGER), '--data', ''])).status).toBe(200);
      expect((await curl(`${door}/facts`, from(STRANGER))).headers['allow']).toBe('POST');
      expect((await curl(`${door}/tool.sh`, ['--data', ''])).headers['allow']).toBe('GET, HEAD');
      expect((await curl(`${door}/facts`, [...from(STRANGER), '--data', '[]'])).status).toBe(400);
      expect((await curl(`${door}/facts`, [...from(STRANGER), ...facts])).status).toBe(200);
      const machine = await world.stores.machines.byMac(mac);
      expect((await world.facts.ofMachine(machine?.id ?? '')).facts).toEqual({ memoryMegabytes: 2048 });
    });
  });

  describe('the timeline', () => {
    test('tells of kernel and initrd one by one, and of the tree in one', async () => {
      const { id } = await world.arm();
      for (let index = 0; index < 20; index += 1) put(`pool/${index}.deb`, 'x'.repeat(index));
      await curl('/images/debian/install/linux', from(WEB01));
      await curl('/images/debian/install/initrd.gz', from(WEB01));
      await curl('/images/debian/install/linux', [...from(WEB01), '-I']);
      const urls = Array.from({ length: 20 }, (_, index) => [
        '-o',
        '/dev/null',
        `http://127.0.0.1:${server.port}/images/debian/pool/${index}.deb`,
      ]);
      await run('curl', ['-sS', ...from(WEB01), ...urls.flat()]);
      await curl('/images/debian/pool/missing.deb', from(WEB01));
      await curl('/images/debian/pool/5.deb', from(STRANGER));
      const trees = [...(await happened('http.tree'))].sort((one, other) => (one.text > other.text ? -1 : 1));
      expect(trees.map(({ text }) => text)).toEqual([
        'web01 fetched 20 files of image debian over HTTP',
        '127.0.0.99 fetched 1 file of image debian over HTTP',
      ]);
      expect(trees[0]).toMatchObject({
        machineId: world.web01.id,
        installId: id,
        data: { image: 'debian', files: 20, bytes: 190, missing: 1, address: WEB01 },
      });
      expect(trees[1]?.machineId).toBeUndefined();
      const sent = await happened('http.sent');
      expect(sent.map(({ text }) => text)).toEqual([
        'debian/install/linux was sent to web01 over HTTP',
        'debian/install/initrd.gz was sent to web01 over HTTP',
      ]);
      expect(sent[0]?.data).toMatchObject({ bytes: 6, complete: true, file: 'debian/install/linux' });
    });

    test('tells a count by itself after a pause', async () => {
      put('x.deb', 'x');
      await curl('/images/debian/x.deb', from(WEB01));
      await new Promise((resolve) => setTimeout(resolve, 3000));
      await world.events.settled();
      expect(world.told.filter(({ kind }) => kind === 'http.tree')).toHaveLength(1);
    });

    test('is not filled by one who keeps asking', async () => {
      for (let count = 0; count < 5; count += 1) await curl('/images/none/x', from(STRANGER));
      expect(await happened('http.refused')).toHaveLength(1);
    });
  });
}
