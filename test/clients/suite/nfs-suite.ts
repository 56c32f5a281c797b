import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AUTH_SYS, callBytes } from '../../../src/protocols/nfs/suite/rpc-messages.ts';
import { describeInNamespace, makeNamespace, type NetworkNamespace } from '../namespace.ts';
import type { NfsServerTask } from '../nfs-server-child.ts';
import type { Finished, RunningProgram } from '../running-program.ts';

/** Real clients mount, list and read: libnfs everywhere, the kernel where it has NFS, what asks the port mapper. */

const CHILD = 'test/clients/nfs-server-child.ts';
const SHARE = '/images/debian';
const SERVER = '10.77.0.1';
const FILES = {
  empty: new Uint8Array(0),
  one: randomBytes(1),
  // Around the sizes that clients read at a time, and more than one of them.
  'four-pages': randomBytes(16_384),
  'a-mebibyte': randomBytes(1024 * 1024),
  large: randomBytes(20_000_003),
  '.disk-info': randomBytes(77),
  'ünï cödé+~:name': randomBytes(300),
} as const satisfies Record<string, Uint8Array>;
const MANY = Array.from({ length: 3000 }, (_, number) => `package-${number}_${'x'.repeat(number % 90)}.deb`);

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const lacks = (program: string): boolean => spawnSync('which', [program]).status !== 0;
const kernelHasNfs = /\bnfs\n/.test(readFileSync('/proc/filesystems', 'utf8'));

function fill(folder: string): void {
  for (const [name, bytes] of Object.entries(FILES)) writeFileSync(join(folder, name), bytes);
  mkdirSync(join(folder, 'pool'));
  for (const name of MANY) writeFileSync(join(folder, 'pool', name), name);
  mkdirSync(join(folder, 'dists/bookworm/main'), { recursive: true });
  writeFileSync(join(folder, 'dists/bookworm/Release'), 'bookworm\n');
  symlinkSync('bookworm', join(folder, 'dists/stable'));
}

/** @param way how files go out over TCP. */
export function nfsSuite(way: 'plane' | 'plain'): void {
  describeInNamespace('NFS and real clients', () => nfsTests(way));
}

function nfsTests(way: 'plane' | 'plain'): void {
  let folder: string;
  let network: NetworkNamespace;
  let server: RunningProgram;

  async function serve(ports: NfsServerTask['ports']): Promise<void> {
    const task: NfsServerTask = { address: SERVER, folder: join(folder, 'share'), ports, way };
    server = network.startScript(CHILD, [JSON.stringify(task)]);
    await server.waitFor(/^serving/m);
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'muster-nfs-'));
    mkdirSync(join(folder, 'share'));
    fill(join(folder, 'share'));
    network = await makeNamespace();
    await network.ip(`address add ${SERVER}/32 dev lo`);
    await serve({ nfs: 2049, mount: 20_048, portmap: 111 });
  });
  afterAll(async () => {
    await network.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Where it is written, `URL` is the share, with what finds its ports behind the path. */
  const ways = [
    ['by the port mapper', ''],
    ['by the ports in its URL', '?nfsport=2049&mountport=20048'],
  ] as const;
  const libnfs = (
    program: string,
    path: string,
    query: string,
    ...more: readonly string[]
  ): Promise<Finished> => network.run(program, [`nfs://${SERVER}${SHARE}/${path}${query}`, ...more]);

  for (const [way, query] of ways) {
    describe.skipIf(lacks('nfs-ls'))(`libnfs, ${way} (skipped without libnfs-utils)`, () => {
      for (const [name, bytes] of Object.entries(FILES)) {
        test(`copies "${name}" byte for byte`, async () => {
          const target = join(folder, 'got');
          rmSync(target, { force: true }); // it writes over nothing
          await libnfs('nfs-cp', name, query, target);
          expect(sha256(readFileSync(target))).toBe(sha256(bytes));
        });
      }

      test('prints a file', async () =>
        expect((await libnfs('nfs-cat', 'dists/bookworm/Release', query)).stdout).toBe('bookworm\n'));

      test('lists a folder with all that is in it', async () => {
        const { stdout } = await libnfs('nfs-ls', 'pool', query);
        const lines = stdout.trimEnd().split('\n');
        expect(lines.map((line) => line.slice(line.lastIndexOf(' ') + 1)).sort()).toEqual([...MANY].sort());
        const longest = MANY.reduce((best, name) => (name.length > best.length ? name : best));
        expect(lines.find((line) => line.endsWith(` ${longest}`))).toMatch(
          new RegExp(`^-r--r--r--|^-r-xr-xr-x +1 +0 +0 +${longest.length} `),
        );
      });

      test('mounts a folder inside by a link, and is told what it may not mount', async () => {
        const { stdout } = await network.run('nfs-ls', [`nfs://${SERVER}${SHARE}/dists/stable${query}`]);
        expect(stdout).toContain('Release');
        const refused = await network.tryRun('nfs-ls', [`nfs://${SERVER}${SHARE}/large/${query}`]);
        expect(refused.code).not.toBe(0);
        expect(server.stdout).toContain(`refused ${SHARE}/large`);
      });
    });
  }

  test.skipIf(lacks('nfs-ls'))(
    'libnfs lists the names of all that is shared (skipped without libnfs-utils)',
    async () => {
      const { stdout } = await network.run('nfs-ls', ['-D', `nfs://${SERVER}`]);
      expect(stdout).toContain(`nfs://${SERVER}${SHARE}`);
    },
  );

  test.skipIf(lacks('rpcinfo'))(
    'rpcinfo finds all programs, and each answers (skipped without rpcbind)',
    async () => {
      const { stdout } = await network.run('rpcinfo', ['-p', SERVER]);
      for (const line of [/100003 +3 +tcp +2049/, /100003 +3 +udp +2049/, /100005 +3 +tcp +20048/])
        expect(stdout).toMatch(line);
      for (const way of ['-t', '-u'])
        expect((await network.run('rpcinfo', [way, SERVER, '100003', '3'])).stdout).toMatch(
          /ready and waiting/,
        );
    },
  );

  test.skipIf(lacks('showmount'))('showmount lists what is shared (skipped without nfs-common)', async () => {
    const { stdout } = await network.run('showmount', ['-e', SERVER]);
    expect(stdout).toContain(`${SHARE} (everyone)`);
  });

  test.skipIf(!kernelHasNfs || lacks('busybox'))(
    'Linux mounts it (skipped where the kernel has no NFS)',
    async () => {
      const place = join(folder, 'mounted');
      mkdirSync(place);
      const options = `ro,nolock,vers=3,proto=tcp,addr=${SERVER}`;
      await network.run('busybox', ['mount', '-t', 'nfs', '-o', options, `${SERVER}:${SHARE}`, place]);
      const { stdout } = await network.run('sha256sum', [join(place, 'large')]);
      expect(stdout).toContain(sha256(FILES.large));
      const listed = await network.run('ls', [join(place, 'pool')]);
      expect(listed.stdout.trimEnd().split('\n')).toHaveLength(MANY.length);
      await network.run('umount', [place]);
    },
  );

  test.skipIf(lacks('nfs-cp'))(
    'a client reads on when the server was started anew (skipped without libnfs-utils)',
    async () => {
      // It stands still in the midst of the file until it is told to go on.
      const reading = `exec 3<&0; nfs-cat nfs://${SERVER}${SHARE}/large | { head -c 1000; echo begun >&2; read line <&3; cat; } | sha256sum`;
      const slow = network.start('bash', ['-c', reading]);
      await slow.waitFor(/begun/);
      expect(await server.stop()).toMatchObject({ code: 0 });
      await serve({ nfs: 2049, mount: 20_048, portmap: 111 });
      slow.endInput('go on\n');
      expect((await slow.finished).stdout).toContain(sha256(FILES.large));
    },
  );

  test('one port is enough for a firewall', async () => {
    expect(await server.stop()).toMatchObject({ code: 0 });
    await serve({ nfs: 2049 });
    if (lacks('nfs-cat')) return;
    const { stdout } = await libnfs('nfs-cat', 'dists/bookworm/Release', '?nfsport=2049&mountport=2049');
    expect(stdout).toBe('bookworm\n');
  });

  test('a call over UDP by hand is answered from the address that was asked', async () => {
    const call = callBytes({ program: 100_003, version: 3, procedure: 0, credential: AUTH_SYS });
    const script = `
      const socket = require('node:dgram').createSocket('udp4');
      socket.connect(2049, '${SERVER}', () => socket.send(Buffer.from('${Buffer.from(call).toString('hex')}', 'hex')));
      socket.on('message', (reply) => { console.log(reply.length); socket.close(); });
      setTimeout(() => process.exit(1), 5000).unref();`;
    const { stdout } = await network.run(process.execPath, ['-e', script]);
    expect(stdout.trim()).toBe('24');
  });
}
