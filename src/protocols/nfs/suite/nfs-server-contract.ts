import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { parseIpv4 } from '../../../lib/addresses.ts';
import { parseIpv6 } from '../../../lib/ipv6-address.ts';
import type { NfsServer, NfsServerOptions } from '../server-options.ts';
import { serveNfs } from '../server.ts';
import { exportOf, TestExports, testMac } from './asked-engine.ts';
import { BytesElsewhere, MemoryTree } from './memory-tree.ts';
import { TestFiles } from './test-files.ts';
import { loadLibc } from '../../../os/libc.ts';
import { NfsPlane } from '../plane.ts';
import { callBytes, marked, MessageReader, words, type Word } from './rpc-messages.ts';

const LOOPBACK = parseIpv4('127.0.0.1');
const hasIpv6 = networkInterfaces()['lo']?.some(({ address }) => address === '::1') ?? false;
const MIB = 1024 * 1024;
const LARGE = Uint8Array.from({ length: 3 * MIB + 5 }, (_, at) => (at * 31) % 253);
/** Odd places and lengths, out of order; together they are all of it. */
const EXTENTS = [
  { offset: 5_000_001, length: 1_000_003 },
  { offset: 17, length: 1 },
  { offset: 4096, length: 2_000_000 },
  { offset: 9_000_000, length: 3 * MIB + 5 - 3_000_004 },
];

const sockets: Socket[] = [];

interface Served {
  readonly server: NfsServer;
  readonly told: string[];
  readonly faults: string[];
}

/** A connection, and the whole messages that came on it. */
export class Client {
  readonly socket: Socket;
  #bytes = Buffer.alloc(0);
  #wake: () => void = () => undefined;
  closed = false;

  constructor(port: number, host = '127.0.0.1') {
    this.socket = connect(port, host);
    sockets.push(this.socket);
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => {
      this.closed = true;
      this.#wake();
    });
    this.socket.on('data', (bytes) => {
      this.#bytes = Buffer.concat([this.#bytes, bytes]);
      this.#wake();
    });
  }

  send(...calls: readonly Uint8Array[]): void {
    this.socket.write(Buffer.concat(calls.map(marked)));
  }

  async next(): Promise<MessageReader> {
    for (;;) {
      const length = this.#bytes.length < 4 ? undefined : this.#bytes.readUInt32BE(0) - 0x8000_0000;
      if (length !== undefined && this.#bytes.length >= 4 + length) {
        const message = this.#bytes.subarray(4, 4 + length);
        this.#bytes = this.#bytes.subarray(4 + length);
        return new MessageReader(message).result();
      }
      if (this.closed) throw new Error('The connection has ended');
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async nfs(procedure: number, ...args: readonly Word[]): Promise<MessageReader> {
    this.send(callBytes({ program: 100_003, version: 3, procedure }, ...args));
    return await this.next();
  }

  async mount(): Promise<Uint8Array> {
    this.send(callBytes({ program: 100_005, version: 3, procedure: 1 }, '/images/debian'));
    const reply = await this.next();
    expect(reply.uint32()).toBe(0);
    return Uint8Array.from(reply.opaque());
  }

  async lookup(name: string): Promise<Uint8Array> {
    const reply = await this.nfs(3, await this.mount(), name);
    expect(reply.uint32()).toBe(0);
    return Uint8Array.from(reply.opaque());
  }
}

export function readData(reply: MessageReader): Uint8Array {
  expect(reply.uint32()).toBe(0);
  reply.maybeAttributes();
  const count = reply.uint32();
  reply.uint32();
  const data = reply.opaque();
  expect(data).toHaveLength(count);
  expect(reply.remaining).toBe(0);
  return data;
}

async function askOverUdp(port: number, call: Uint8Array, host = '127.0.0.1'): Promise<MessageReader> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  try {
    socket.send(call, port, host);
    const [message] = (await once(socket, 'message', { signal: AbortSignal.timeout(5000) })) as [Buffer];
    return new MessageReader(message).result();
  } finally {
    socket.close();
  }
}

/** The server with clients of TCP and UDP, whichever way it sends files. */
export function nfsServerContract(way: 'plane' | 'plain'): void {
  let files: TestFiles;
  let tree: MemoryTree;
  let plane: NfsPlane | undefined;
  const servers: NfsServer[] = [];

  beforeAll(() => {
    files = new TestFiles();
    tree = new MemoryTree({
      hello: files.whole('hello', Buffer.from('hello world')),
      zeros: files.whole('zeros', 2 ** 40),
      large: files.whole('large', LARGE),
      onDisc: files.parts('disc', LARGE, EXTENTS),
      'of no file': LARGE,
    });
    plane = way === 'plane' ? openPlane() : undefined;
  });
  afterAll(async () => {
    await plane?.close();
    expect(files.open).toBe(0);
    files.remove();
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await Promise.all(servers.splice(0).map((server) => server.close({ drainMs: 0 })));
  });

  async function served(options: Partial<NfsServerOptions> = {}): Promise<Served> {
    const told: string[] = [];
    const faults: string[] = [];
    const server = await serveNfs({
      address: LOOPBACK,
      ports: { nfs: 0 },
      exports: new TestExports(exportOf(tree)),
      mac: testMac,
      told: {
        mounted: ({ path, client }) =>
          told.push(`mounted ${path} from ${client.address} over ${client.transport}`),
        refused: ({ path }) => told.push(`refused ${path}`),
        unmounted: ({ path }) => told.push(`unmounted ${path}`),
        read: ({ bytes, reads }) => told.push(`read ${bytes} in ${reads}`),
      },
      report: (what, error) => faults.push(`${what}: ${String(error)}`),
      plane,
      ...options,
    });
    servers.push(server);
    return { server, told, faults };
  }

  describe('serveNfs', () => {
    test('mounts, looks up and reads on one port, over TCP', async () => {
      const { server, told } = await served();
      const client = new Client(server.ports.nfs);
      const handle = await client.lookup('hello');
      expect(Buffer.from(readData(await client.nfs(6, handle, 6n, 100))).toString()).toBe('world');
      expect(told).toEqual(['mounted /images/debian from 127.0.0.1 over tcp']);
      expect(server.ports).toEqual({ nfs: server.ports.nfs, mount: server.ports.nfs, portmap: undefined });
      await expect
        .poll(() => Object.fromEntries(server.calls))
        .toEqual({ MOUNTPROC_MNT: 1, NFSPROC3_LOOKUP: 1, NFSPROC3_READ: 1 });
      await expect.poll(() => server.connections).toBe(1);
      await server.close({ drainMs: 100 });
      expect(told.at(-1)).toBe('read 5 in 1');
    });

    test('and over UDP', async () => {
      const { server, told } = await served();
      const mount = callBytes({ program: 100_005, version: 3, procedure: 1 }, '/images/debian');
      const mounted = await askOverUdp(server.ports.nfs, mount);
      mounted.uint32();
      const look = callBytes({ program: 100_003, version: 3, procedure: 3 }, mounted.opaque(), 'zeros');
      const found = await askOverUdp(server.ports.nfs, look);
      found.uint32();
      const read = callBytes({ program: 100_003, version: 3, procedure: 6 }, found.opaque(), 0n, MIB);
      expect(readData(await askOverUdp(server.ports.nfs, read))).toHaveLength(32 * 1024);
      expect(told).toEqual(['mounted /images/debian from 127.0.0.1 over udp']);
    });

    test.skipIf(!hasIpv6)('and over IPv6 (skipped where this computer has none)', async () => {
      const { server, told } = await served({ address: parseIpv6('::1'), ports: { nfs: 0, portmap: 0 } });
      const client = new Client(server.ports.nfs, '::1');
      const handle = await client.lookup('hello');
      expect(readData(await client.nfs(6, handle, 0n, 100))).toHaveLength(11);
      expect(told).toEqual(['mounted /images/debian from ::1 over tcp']);
      const asked = callBytes({ program: 100_000, version: 4, procedure: 3 }, 100_003, 3, 'udp6', '', '');
      const { nfs, portmap = 0 } = server.ports;
      const address = (await askOverUdp(portmap, asked, '::1')).text();
      expect(address).toBe(`::1.${nfs >>> 8}.${nfs & 0xff}`);
    });

    test('the port mapper tells of both ports', async () => {
      const { server } = await served({ ports: { nfs: 0, mount: 0, portmap: 0 } });
      const { nfs, mount, portmap } = server.ports;
      expect(new Set([nfs, mount, portmap]).size).toBe(3);
      for (const [program, version, port] of [
        [100_003, 3, nfs],
        [100_005, 3, mount],
      ] as const) {
        const call = callBytes({ program: 100_000, version: 2, procedure: 3 }, program, version, 6, 0);
        expect((await askOverUdp(portmap ?? 0, call)).uint32()).toBe(port);
      }
      // Each port has its own programs only.
      const client = new Client(mount);
      client.send(callBytes({ program: 100_003, version: 3, procedure: 0 }));
      await expect(client.next()).rejects.toThrow('The reply begins with');
    });

    test('answers calls that were sent together, in pieces of any size', async () => {
      const { server } = await served();
      const client = new Client(server.ports.nfs);
      const handle = await client.lookup('zeros');
      const calls = Array.from({ length: 40 }, (_, at) =>
        marked(
          callBytes({ program: 100_003, version: 3, procedure: 6, xid: at }, handle, BigInt(at), 1000 + at),
        ),
      );
      const stream = Buffer.concat(calls);
      client.socket.setNoDelay(true);
      for (let at = 0; at < stream.length; at += 333) client.socket.write(stream.subarray(at, at + 333));
      const lengths: number[] = [];
      for (let count = 0; count < 40; count += 1) lengths.push(readData(await client.next()).length);
      expect(lengths.sort((one, other) => one - other)).toEqual(
        Array.from({ length: 40 }, (_, at) => 1000 + at),
      );
    });

    for (const name of ['large', 'onDisc', 'of no file'])
      test(`megabytes of "${name}" on several connections at once are the bytes of the file`, async () => {
        const { server, told } = await served();
        await Promise.all(
          Array.from({ length: 4 }, async () => {
            const client = new Client(server.ports.nfs);
            const handle = await client.lookup(name);
            const parts: Uint8Array[] = [];
            for (let offset = 0; offset < LARGE.length; offset += MIB)
              parts.push(Uint8Array.from(readData(await client.nfs(6, handle, BigInt(offset), MIB))));
            expect(Buffer.concat(parts).equals(LARGE)).toBe(true);
          }),
        );
        await server.close({ drainMs: 100 });
        expect(told.at(-1)).toBe(`read ${4 * LARGE.length} in 16`);
      });

    for (const name of ['large', 'onDisc', 'of no file'])
      test(`parts of "${name}" of any place and length, asked for all at once, are those of the file`, async () => {
        const { server } = await served();
        const client = new Client(server.ports.nfs);
        const handle = await client.lookup(name);
        const places = Array.from(
          { length: 60 },
          (_, at) => [(at * 104_729) % LARGE.length, 1 + ((at * 7919) % 150_000)] as const,
        );
        client.send(
          ...places.map(([offset, count], xid) =>
            callBytes({ program: 100_003, version: 3, procedure: 6, xid }, handle, BigInt(offset), count),
          ),
        );
        for (const _ of places) {
          const reply = await client.next();
          const [offset = 0, count = 0] = places[reply.xid] ?? [];
          const wanted = LARGE.subarray(offset, offset + count);
          expect(Buffer.from(readData(reply)).equals(wanted)).toBe(true);
        }
      });

    test('says where the end of a file is', async () => {
      const { server } = await served();
      const client = new Client(server.ports.nfs);
      const handle = await client.lookup('hello');
      for (const [offset, count, text, isEnd] of [
        [0n, 10, 'hello worl', 0],
        [0n, 11, 'hello world', 1],
        [10n, 100, 'd', 1],
        [11n, 1, '', 1],
        [2n ** 40n, 1, '', 1],
        [2n ** 63n, 1, '', 1],
        [3n, 0, '', 0],
      ] as const) {
        const reply = await client.nfs(6, handle, offset, count);
        expect([reply.uint32(), reply.maybeAttributes()?.size]).toEqual([0, 11n]);
        expect([reply.uint32(), reply.uint32(), reply.text()]).toEqual([text.length, isEnd, text]);
      }
    });

    test('rejects when a port is taken, and leaves none behind', async () => {
      const { server } = await served();
      await expect(served({ ports: { nfs: server.ports.nfs } })).rejects.toMatchObject({
        code: 'EADDRINUSE',
      });
      // MOUNT cannot be had, so NFS is given back.
      const probe = await served();
      const free = probe.server.ports.nfs;
      await probe.server.close({ drainMs: 0 });
      await expect(served({ ports: { nfs: free, mount: server.ports.nfs } })).rejects.toMatchObject({
        code: 'EADDRINUSE',
      });
      expect((await served({ ports: { nfs: free } })).server.ports.nfs).toBe(free);
    });
  });

  describe('a hostile client', () => {
    for (const [what, bytes] of [
      ['a fragment of 2 GB', words(0x7fff_ffff)],
      ['a call of 65 KiB', words(0x8000_0000 + 65 * 1024)],
      ['ten thousand empty fragments', Buffer.alloc(40_000)],
    ] as const) {
      test(`that sends ${what} is disconnected`, async () => {
        const { server, faults } = await served();
        const client = new Client(server.ports.nfs);
        client.socket.write(bytes);
        await expect(client.next()).rejects.toThrow('has ended');
        await expect.poll(() => faults.length).toBe(1);
        await expect.poll(() => server.connections).toBe(0);
      });
    }

    test('that sends what is no call gets no answer, and may go on', async () => {
      const { server, faults } = await served();
      const client = new Client(server.ports.nfs);
      client.send(words(1, 2, 3));
      expect(await client.mount()).toHaveLength(32);
      await expect.poll(() => faults.length).toBe(1);
    });

    test('that reads nothing costs no more than its limit, and is ended', async () => {
      const limits = { replyBytes: 2 * MIB, stalledMs: 1500 };
      const { server, told } = await served({ limits });
      const client = new Client(server.ports.nfs);
      const handle = await client.lookup('zeros');
      client.socket.pause();
      const call = callBytes({ program: 100_003, version: 3, procedure: 6 }, handle, 0n, MIB);
      client.send(...Array.from({ length: 300 }, () => call));
      await expect.poll(() => server.connections, { timeout: 10_000 }).toBe(0);
      await server.close({ drainMs: 0 });
      // The kernel's buffers of both ends take some, and the limit is 2 MiB.
      const read = Number(/^read (\d+) in/.exec(told.at(-1) ?? '')?.[1]);
      expect(read).toBeGreaterThan(0);
      expect(read).toBeLessThan(20 * MIB);
    });

    test('opens no more connections than one client may', async () => {
      const { server } = await served({ limits: { connectionsPerAddress: 3 } });
      const clients = Array.from({ length: 5 }, () => new Client(server.ports.nfs));
      await expect.poll(() => clients.filter(({ closed }) => closed).length).toBe(2);
      await expect.poll(() => [server.connections, server.overloaded]).toEqual([3, 2]);
      clients[0]?.socket.destroy();
      await expect.poll(() => server.connections).toBe(clients.filter(({ closed }) => !closed).length);
    });

    test('that is idle is ended', async () => {
      const { server } = await served({ limits: { idleMs: 300 } });
      const client = new Client(server.ports.nfs);
      await client.mount();
      await expect.poll(() => client.closed, { timeout: 5000 }).toBe(true);
    });
  });

  describe('closing', () => {
    test('waits for answers under way, and takes no new call', async () => {
      let release: (() => void) | undefined;
      const opening = new Promise<void>((resolve) => {
        release = resolve;
      });
      const slow = new MemoryTree({
        slow: new BytesElsewhere(10, async () => {
          await opening;
          return {
            size: 10,
            read: () => Promise.resolve(new Uint8Array(10)),
            close: () => Promise.resolve(),
          };
        }),
      });
      const { server } = await served({ exports: new TestExports(exportOf(slow)) });
      const client = new Client(server.ports.nfs);
      const handle = await client.lookup('slow');
      const reading = client.nfs(6, handle, 0n, 10);
      await expect.poll(() => slow.opened).toBe(1);
      const closing = server.close({ drainMs: 5000 });
      client.send(callBytes({ program: 100_003, version: 3, procedure: 0 }));
      release?.();
      expect(readData(await reading)).toHaveLength(10);
      await closing;
      await expect(client.next()).rejects.toThrow('has ended');
    });

    test('ends what takes longer than it waits for', async () => {
      const never = new MemoryTree({ never: new BytesElsewhere(10, () => new Promise(() => undefined)) });
      const { server } = await served({ exports: new TestExports(exportOf(never)) });
      const client = new Client(server.ports.nfs);
      const handle = await client.lookup('never');
      client.send(callBytes({ program: 100_003, version: 3, procedure: 6 }, handle, 0n, 10));
      await expect.poll(() => never.opened).toBe(1);
      const started = performance.now();
      await server.close({ drainMs: 100 });
      expect(performance.now() - started).toBeLessThan(3000);
    });
  });
}

function openPlane(): NfsPlane {
  const libc = loadLibc();
  if ('unavailable' in libc) throw new Error(libc.because);
  const fail = (error: unknown): never => {
    throw error;
  };
  return new NfsPlane({ libc, report: (_, error) => fail(error), restarted: ({ because }) => fail(because) });
}
