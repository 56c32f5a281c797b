import { truncateSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseIpv4 } from '../../lib/addresses.ts';
import type { DoorsRestart } from '../../os/doors/kept-doors.ts';
import { loadLibc } from '../../os/libc.ts';
import { NfsPlane } from './plane.ts';
import type { NfsServer } from './server-options.ts';
import { serveNfs } from './server.ts';
import { exportOf, TestExports, testMac } from './suite/asked-engine.ts';
import { MemoryTree } from './suite/memory-tree.ts';
import { Client, nfsServerContract, readData } from './suite/nfs-server-contract.ts';
import { TestFiles } from './suite/test-files.ts';

nfsServerContract('plane');

const NFS3ERR_IO = 5;
const content = Uint8Array.from({ length: 2_000_000 }, (_, at) => (at * 7) % 251);

describe('the plane', () => {
  const files = new TestFiles();
  let restarts: DoorsRestart[] = [];
  let faults: string[] = [];
  let plane: NfsPlane;
  let server: NfsServer;
  let told: string[] = [];

  beforeAll(() => {
    const libc = loadLibc();
    if ('unavailable' in libc) throw new Error(libc.because);
    plane = new NfsPlane({
      libc,
      report: (_, error) => faults.push(String(error)),
      restarted: (restart) => restarts.push(restart),
    });
  });
  beforeEach(async () => {
    [restarts, faults, told] = [[], [], []];
    const tree = new MemoryTree({
      whole: files.whole('whole', content),
      cut: files.whole('cut', content),
      'cut disc': files.parts('cut disc', content, [
        { offset: 0, length: 1_000_000 },
        { offset: 3_000_000, length: 1_000_000 },
      ]),
    });
    server = await serveNfs({
      address: parseIpv4('127.0.0.1'),
      ports: { nfs: 0 },
      exports: new TestExports(exportOf(tree)),
      mac: testMac,
      told: {
        mounted: () => undefined,
        refused: () => undefined,
        unmounted: () => undefined,
        read: ({ bytes, reads, client }) => told.push(`read ${bytes} in ${reads} by ${client.machineName}`),
      },
      report: (what, error) => faults.push(`${what}: ${String(error)}`),
      plane,
    });
  });
  afterEach(async () => {
    await server.close({ drainMs: 0 });
  });
  afterAll(async () => {
    await plane.close();
    expect([plane.files, files.open]).toEqual([0, 0]);
    files.remove();
  });

  test('costs its connections when its thread dies, and clients that come again are served', async () => {
    const client = new Client(server.ports.nfs);
    const handle = await client.lookup('whole');
    expect(readData(await client.nfs(6, handle, 0n, 1000))).toHaveLength(1000);
    await expect.poll(() => server.connections).toBe(1);
    await plane.killThread();
    await expect.poll(() => client.closed).toBe(true);
    expect(restarts).toMatchObject([{ connectionsLost: 1, restarts: 1 }]);
    expect([server.connections, plane.files]).toEqual([0, 0]);
    const again = new Client(server.ports.nfs);
    expect(readData(await again.nfs(6, handle, 0n, 1000))).toHaveLength(1000);
    await server.close({ drainMs: 1000 });
    expect(faults).toEqual([]);
  });

  test('closes while its thread is dead', async () => {
    await plane.killThread();
    await server.close({ drainMs: 60_000 });
  });

  test('tells once what a client read, by the name that it has', async () => {
    const client = new Client(server.ports.nfs);
    const handle = await client.lookup('whole');
    for (let at = 0; at < 5; at += 1) readData(await client.nfs(6, handle, BigInt(at), 1000));
    await server.close({ drainMs: 1000 });
    expect(told).toEqual(['read 5000 in 5 by web01']);
  });

  test('ends a connection whose file was cut off meanwhile, and then tells of an error', async () => {
    const client = new Client(server.ports.nfs);
    const handle = await client.lookup('cut');
    expect(readData(await client.nfs(6, handle, 0n, 1000))).toHaveLength(1000);
    truncateSync(files.path('cut'), 500_000);
    await expect(client.nfs(6, handle, 0n, 1_000_000)).rejects.toThrow('has ended');
    const again = new Client(server.ports.nfs);
    expect((await again.nfs(6, handle, 0n, 1_000_000)).uint32()).toBe(NFS3ERR_IO);
    // What is there still is given.
    expect(readData(await again.nfs(6, handle, 0n, 1000))).toHaveLength(1000);
    expect(faults.some((fault) => fault.includes('has less than its 2000000 bytes'))).toBe(true);
  });

  test('tells of an error where a disc image was not loaded as a whole, and the connection stays', async () => {
    truncateSync(files.path('cut disc'), 3_500_000);
    const client = new Client(server.ports.nfs);
    const handle = await client.lookup('cut disc');
    expect((await client.nfs(6, handle, 1_900_000n, 1000)).uint32()).toBe(NFS3ERR_IO);
    expect(readData(await client.nfs(6, handle, 0n, 1000))).toEqual(Buffer.from(content.subarray(0, 1000)));
  });

  test('takes no port that another one has', async () => {
    const { nfs } = server.ports;
    const options = { address: parseIpv4('127.0.0.1'), exports: new TestExports(), mac: testMac, plane };
    const silent = {
      mounted: () => undefined,
      refused: () => undefined,
      unmounted: () => undefined,
      read: () => undefined,
    };
    await expect(
      serveNfs({ ...options, ports: { nfs }, told: silent, report: () => undefined }),
    ).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
