import { randomFillSync } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { parseIpv4 } from '../../../lib/addresses.ts';
import type { ByteSource, Extent } from '../../../lib/byte-source.ts';
import { MADE_MS, MemoryTree, type Plan } from '../../../lib/suite/memory-tree.ts';
import { loadLibc } from '../../../os/libc.ts';
import { FtpPlane, type FtpPlaneRestart } from '../plane.ts';
import { serveFtp } from '../server.ts';
import type { FtpRefusal, FtpServer, FtpServerOptions, FtpTransferReport } from '../server-options.ts';
import { FtpPeer } from './ftp-peer.ts';

/** Which way files go out: by the main thread, or by threads that have the kernel send them. */
export type FtpWay = 'plain' | 'plane';

export const BIG = randomFillSync(new Uint8Array(24 * 1024 * 1024 + 11));
/** Where `in-parts` is cut in two, whose parts are in the other order. */
export const MIDDLE = 5_000_003;
/** What a test makes of the file that cannot be read to its end. */
export const GONE: Readonly<Record<FtpWay, string>> = {
  plain: 'the disc is gone',
  plane: 'The file ends at byte 300000, it had 600000',
};

/** The server over real sockets on loopback, with clients that do what they should not. */
export interface FtpWorld {
  readonly peers: FtpPeer[];
  readonly ends: FtpTransferReport[];
  readonly refusals: FtpRefusal[];
  readonly faults: unknown[];
  readonly restarts: FtpPlaneRestart[];
  readonly tree: MemoryTree;
  /** Undefined the plain way. */
  readonly plane: FtpPlane | undefined;
  readonly serve: (change?: Partial<FtpServerOptions>) => Promise<FtpServer>;
  readonly logIn: (server: FtpServer, localAddress?: string) => Promise<FtpPeer>;
}

/** To be called where tests are declared. */
export function ftpWorld(way: FtpWay): FtpWorld {
  let now = fresh();
  let plane: FtpPlane | undefined;
  let disk: { readonly plan: Plan; close(): void } | undefined;

  beforeAll(() => {
    if (way === 'plain') return;
    plane = openPlane(() => now);
    disk = onDisk();
  });
  afterAll(async () => {
    await plane?.close();
    disk?.close();
  });
  beforeEach(() => {
    now = fresh(disk?.plan);
  });
  afterEach(async () => {
    for (const peer of now.peers) peer.close();
    await Promise.all(now.servers.map((server) => server.close({ drainMs: 0 })));
    expect(now.tree.closed).toBe(now.tree.opened);
  });

  return {
    get peers() {
      return now.peers;
    },
    get ends() {
      return now.ends;
    },
    get refusals() {
      return now.refusals;
    },
    get faults() {
      return now.faults;
    },
    get restarts() {
      return now.restarts;
    },
    get tree() {
      return now.tree;
    },
    get plane() {
      return plane;
    },
    serve: (change = {}) => serveIn(now, { plane, ...change }),
    logIn: async (server, localAddress) => {
      const peer = await FtpPeer.loggedIn(server.port, server.address, localAddress);
      now.peers.push(peer);
      return peer;
    },
  };
}

interface Now {
  readonly servers: FtpServer[];
  readonly peers: FtpPeer[];
  readonly ends: FtpTransferReport[];
  readonly refusals: FtpRefusal[];
  readonly faults: unknown[];
  readonly restarts: FtpPlaneRestart[];
  readonly tree: MemoryTree;
}

async function serveIn(
  { tree, ends, refusals, faults, servers }: Now,
  change: Partial<FtpServerOptions>,
): Promise<FtpServer> {
  const server = await serveFtp({
    address: parseIpv4('127.0.0.1'),
    port: 0,
    tree,
    clock: { nowMs: () => MADE_MS },
    onEnd: (end) => ends.push(end),
    onRefused: (refusal) => refusals.push(refusal),
    report: (_, error) => faults.push(error),
    ...change,
  });
  servers.push(server);
  return server;
}

function fresh(plan: Plan = IN_MEMORY): Now {
  const folder = { folder: Object.fromEntries(Array.from({ length: 3000 }, (_, at) => [`file-${at}`, 'x'])) };
  const tree = new MemoryTree({ ...plan, folder });
  return { servers: [], peers: [], ends: [], refusals: [], faults: [], restarts: [], tree };
}

function openPlane(now: () => Now): FtpPlane {
  const libc = loadLibc();
  if ('unavailable' in libc) throw new Error(libc.because);
  return new FtpPlane({
    libc,
    threads: 1,
    report: (_, error) => now().faults.push(error),
    restarted: (restart) => now().restarts.push(restart),
  });
}

/** Without end, as far as a client can tell; nothing of it is kept. */
const ENDLESS: ByteSource = {
  size: 1e12,
  read: (_, length) => Promise.resolve(new Uint8Array(length)),
  close: () => Promise.resolve(),
};
/** It fails when the client has what could be read: only then can Node tell a reset from an end. */
const BROKEN: ByteSource = {
  size: 600_000,
  read: async (offset, length) => {
    if (offset === 0) return new Uint8Array(length);
    await new Promise((resolve) => setTimeout(resolve, 200));
    throw new Error(GONE.plain);
  },
  close: () => Promise.resolve(),
};
const IN_MEMORY: Plan = {
  'hello.txt': 'hello\nworld\n',
  empty: '',
  big: BIG,
  'in-parts': Buffer.concat([BIG.subarray(MIDDLE), BIG.subarray(0, MIDDLE)]),
  endless: ENDLESS,
  broken: BROKEN,
};

/** The same of one file on a disk: whole, in parts, with the same part again and again, and ending too early. */
function onDisk(): { readonly plan: Plan; close(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'muster-ftp-'));
  const hello = new TextEncoder().encode('hello\nworld\n');
  writeFileSync(join(folder, 'all'), Buffer.concat([BIG, hello]));
  writeFileSync(join(folder, 'big'), BIG);
  writeFileSync(join(folder, 'short'), BIG.subarray(0, 300_000));
  const opened = (name: string): number => openSync(join(folder, name), 'r');
  const [all, big, short] = [opened('all'), opened('big'), opened('short')];
  return {
    plan: {
      'hello.txt': partsOf(all, [
        { offset: BIG.length, length: 5 },
        { offset: BIG.length + 5, length: hello.length - 5 },
      ]),
      empty: partsOf(all, []),
      big: {
        size: BIG.length,
        file: { descriptor: big, identity: 'big' },
        read: partsOf(big, []).read.bind(undefined),
        close: () => Promise.resolve(),
      },
      'in-parts': partsOf(all, [
        { offset: MIDDLE, length: BIG.length - MIDDLE },
        { offset: 0, length: MIDDLE },
      ]),
      endless: partsOf(
        all,
        Array.from({ length: 1000 }, () => ({ offset: 0, length: BIG.length })),
      ),
      broken: partsOf(short, [{ offset: 0, length: 600_000 }]),
    },
    close: () => {
      for (const descriptor of [all, big, short]) closeSync(descriptor);
      rmSync(folder, { recursive: true });
    },
  };
}

/** It can be read, too, for what no thread sends; never more than the first part. */
function partsOf(descriptor: number, extents: readonly Extent[]): ByteSource {
  return {
    size: extents.reduce((sum, { length }) => sum + length, 0),
    parts: { file: { descriptor, identity: String(descriptor) }, extents },
    read: async (offset, length) => {
      const bytes = new Uint8Array(length);
      readSync(descriptor, bytes, 0, length, offset + (extents[0]?.offset ?? 0));
      return bytes;
    },
    close: () => Promise.resolve(),
  };
}
