/**
 * An NFS server that shows a folder of this computer as `/images/debian`, for tests with real clients in a namespace. Its
 * only argument is a task as JSON; it prints a line for all that it is told, and `serving` first.
 */
import { createHmac } from 'node:crypto';
import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { ByteSource } from '../../src/lib/byte-source.ts';
import { parseIp } from '../../src/lib/ipv6-address.ts';
import { loadLibc } from '../../src/os/libc.ts';
import { NfsPlane } from '../../src/protocols/nfs/plane.ts';
import type { NfsPorts } from '../../src/protocols/nfs/server-options.ts';
import { serveNfs } from '../../src/protocols/nfs/server.ts';
import { exportOf, TestExports } from '../../src/protocols/nfs/suite/asked-engine.ts';
import {
  BytesElsewhere,
  type Content,
  type FolderContent,
  LinkTo,
  MemoryTree,
} from '../../src/protocols/nfs/suite/memory-tree.ts';

export interface NfsServerTask {
  readonly address: string;
  readonly folder: string;
  readonly ports: NfsPorts;
  /** How files go out over TCP. */
  readonly way: 'plane' | 'plain';
}

function contentOf(path: string): Content {
  const stats = lstatSync(path);
  if (stats.isSymbolicLink()) return new LinkTo(readlinkSync(path));
  if (!stats.isDirectory()) return new BytesElsewhere(stats.size, () => openFile(path, stats.size));
  return folderOf(path);
}

function folderOf(path: string): FolderContent {
  return Object.fromEntries(readdirSync(path).map((name) => [name, contentOf(join(path, name))]));
}

async function openFile(path: string, size: number): Promise<ByteSource> {
  const handle = await open(path);
  return {
    size,
    file: { descriptor: handle.fd, identity: path },
    readInto: async (offset, into) => (await handle.read(into, 0, into.length, offset)).bytesRead,
    read: async (offset, length) => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    },
    close: () => handle.close(),
  };
}

function openPlane(): NfsPlane {
  const libc = loadLibc();
  if ('unavailable' in libc) throw new Error(libc.because);
  const say = (what: unknown): void => console.log('the plane', what);
  return new NfsPlane({ libc, report: (_, error) => say(error), restarted: say });
}

const task = JSON.parse(process.argv[2] ?? '{}') as NfsServerTask;
const plane = task.way === 'plane' ? openPlane() : undefined;
const server = await serveNfs({
  plane,
  address: parseIp(task.address),
  ports: task.ports,
  exports: new TestExports(exportOf(new MemoryTree(folderOf(task.folder)))),
  // The same after a restart, so that handles are too.
  mac: (bytes) => createHmac('sha256', 'of tests').update(bytes).digest(),
  told: {
    mounted: ({ path, client }) => console.log(`mounted ${path} over ${client.transport}`),
    refused: ({ path, because }) => console.log(`refused ${path}: ${because}`),
    unmounted: ({ path }) => console.log(`unmounted ${path}`),
    read: ({ bytes, reads }) => console.log(`read ${bytes} in ${reads}`),
  },
  report: (what, error) => console.log(what, error),
});
process.once('SIGTERM', () => void server.close({ drainMs: 1000 }).then(() => plane?.close()));
console.log(`serving ${server.ports.nfs}`);
