import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DISC_VARIANTS, type LargeFile, makeLargeDisc, sha256 } from './disc-variants.ts';
import { MusterInNamespace, Segment, SERVER_ADDRESS } from './muster-in-namespace.ts';
import { describeInNamespace, type NetworkNamespace } from './namespace.ts';

/** Discs of every variant through every door: what real clients fetch is what xorriso extracts. */

const MAC = '52:54:00:00:00:92';
const NEEDED = ['xorriso', 'genisoimage', 'curl', 'wget', 'busybox', 'lftp', 'nfs-cp', 'nfs-cat'].filter(
  (program) => spawnSync('which', [program]).status !== 0,
);
const describeWithClients =
  NEEDED.length === 0
    ? describeInNamespace
    : (title: string, suite: () => void): void =>
        describeInNamespace(`${title} (skipped: ${NEEDED.join(', ')} missing)`, () =>
          test.skip(title, suite),
        );

const encoded = (path: string): string => path.split('/').map(encodeURIComponent).join('/');
const plain = (path: string): string => path;

/** Files larger than this take TFTP too long. */
const MOST_OVER_TFTP = 100_000;

interface Client {
  readonly name: string;
  /** Its words for one file, into `$1` from `$2`. */
  readonly command: string;
  readonly url: string;
  readonly path: (path: string) => string;
  readonly mostBytes?: number;
  readonly leastBytes?: number;
}

const HTTP = `http://${SERVER_ADDRESS}:8080/images/`;
const FTP = `ftp://${SERVER_ADDRESS}/images/`;

const CLIENTS: readonly Client[] = [
  { name: 'curl over HTTP', command: 'curl -sSfg -o "$1" "$2"', url: HTTP, path: encoded },
  { name: 'wget over HTTP', command: 'wget -q --no-iri -O "$1" "$2"', url: HTTP, path: encoded },
  { name: 'busybox wget over HTTP', command: 'busybox wget -q -O "$1" "$2"', url: HTTP, path: encoded },
  { name: 'curl over FTP', command: 'curl -sSfg -o "$1" "$2"', url: FTP, path: encoded },
  { name: 'wget over FTP', command: 'wget -q --no-iri -O "$1" "$2"', url: FTP, path: encoded },
  // It sends the path as it stands in the URL.
  { name: 'busybox wget over FTP', command: 'busybox wget -q -O "$1" "$2"', url: FTP, path: plain },
  {
    name: 'nfs-cp',
    command: 'nfs-cp "$2" "$1" >/dev/null',
    url: `nfs://${SERVER_ADDRESS}/images/`,
    path: plain,
  },
  {
    name: 'curl over TFTP',
    command: 'curl -sSfg -o "$1" "$2"',
    url: `tftp://${SERVER_ADDRESS}/images/`,
    path: encoded,
    mostBytes: MOST_OVER_TFTP,
    // curl 7.88 takes a file without bytes for an error of TFTP (`tsize` 0).
    leastBytes: 1,
  },
];

/** One program after another, for files by twos: where it goes, where it comes from. */
const each = (command: string): string => `while [ $# -gt 0 ]; do ${command} || exit 1; shift 2; done`;

describeWithClients('discs of every variant, through every door', () => {
  let segment: Segment;
  let muster: MusterInNamespace;
  let machine: NetworkNamespace;
  let home = '';
  let large: LargeFile;
  /** SHA-256 by path, by image. */
  const expected = new Map<string, ReadonlyMap<string, string>>();

  beforeAll(async () => {
    segment = await Segment.make();
    machine = await segment.plugIn(MAC);
    await machine.ip('address add 192.168.122.77/24 dev eth0');
    muster = new MusterInNamespace(segment.server);
    home = join(muster.folder, 'here');
    const up = muster.up();
    for (const { name, make } of DISC_VARIANTS) {
      const folder = join(home, name);
      mkdirSync(folder, { recursive: true });
      const files = new Map(make(folder, join(home, `${name}.iso`)));
      files.delete('rr_moved');
      expected.set(name, files);
    }
    large = makeLargeDisc(join(home, 'large.iso'));
    await up;
    for (const name of [...expected.keys(), 'large'])
      await muster.run('image', 'add', join(home, `${name}.iso`), '--as', 'files', '--name', name);
  });
  afterAll(async () => {
    await muster.close();
    await segment.close();
  });

  for (const { name, title } of DISC_VARIANTS)
    describe(title, () => {
      for (const client of CLIENTS)
        test(`by ${client.name}`, async () => {
          const into = join(home, 'got');
          rmSync(into, { recursive: true, force: true });
          mkdirSync(into);
          const { mostBytes = Number.POSITIVE_INFINITY, leastBytes = 0 } = client;
          const files = [...(expected.get(name) ?? [])].filter(([path]) => {
            const size = sizeOf(join(home, name), path);
            return size <= mostBytes && size >= leastBytes;
          });
          const words = files.flatMap(([path], at) => [
            join(into, `${at}`),
            `${client.url}${name}/${client.path(path)}`,
          ]);
          await machine.run('sh', ['-c', each(client.command), 'sh', ...words]);
          expect(files.length).toBeGreaterThan(3);
          for (const [at, [path, hash]] of files.entries())
            expect([path, sha256(readFileSync(join(into, `${at}`)))]).toEqual([path, hash]);
        });

      test('by lftp, as a whole', async () => {
        const into = join(home, `mirror-${name}`);
        const script = `set ftp:passive-mode on; set ftp:charset utf8; set file:charset utf8; mirror --no-perms /images/${name} ${into}; bye`;
        await machine.run('lftp', ['-e', script, `ftp://${SERVER_ADDRESS}`], { env: { LC_ALL: 'C.UTF-8' } });
        const got = new Map(filesBelow(into).map((path) => [path, sha256(readFileSync(join(into, path)))]));
        expect(Object.fromEntries(got)).toEqual(Object.fromEntries(expected.get(name) ?? []));
      });
    });

  describe('a file of more than 4 GiB, in three extents', () => {
    for (const [door, url] of [
      ['HTTP', HTTP],
      ['FTP', FTP],
    ] as const) {
      test(`over ${door}: its size, its ends and what is around the borders of its extents`, async () => {
        const { stdout } = await machine.run('curl', ['-sSfI', `${url}large/${large.path}`]);
        expect(Number(/^content-length: (\d+)/im.exec(stdout)?.[1])).toBe(large.size);
        for (const { first, bytes } of large.ranges) {
          const target = join(home, 'range');
          rmSync(target, { force: true });
          const range = `${first}-${first + bytes.length - 1}`;
          await machine.run('curl', ['-sSf', '-r', range, '-o', target, `${url}large/${large.path}`]);
          expect([range, sha256(readFileSync(target))]).toEqual([range, sha256(bytes)]);
        }
      });
    }

    test('over NFS: the same', async () => {
      const parts = large.ranges.map(({ first, bytes }) => `${first}-${bytes.length}`);
      const program = machine.startScript('test/clients/nfs-range-child.ts', [
        SERVER_ADDRESS,
        '/images/large',
        large.path,
        ...parts,
      ]);
      const { stdout } = await program.finished;
      const hashes = large.ranges.map(({ bytes }) => sha256(bytes));
      expect(stdout.trim().split('\n')).toEqual([String(large.size), ...hashes]);
    });

    test('by nfs-cat: its beginning', async () => {
      const [beginning] = large.ranges;
      const count = beginning?.bytes.length ?? 0;
      const url = `nfs://${SERVER_ADDRESS}/images/large/${large.path}`;
      const { stdout } = await machine.run('sh', [
        '-c',
        'nfs-cat "$0" | head -c "$1" | sha256sum',
        url,
        `${count}`,
      ]);
      expect(stdout).toContain(sha256(beginning?.bytes ?? ''));
    });
  });

  test('ends in order', async () => {
    expect(await muster.program.stop('SIGTERM')).toMatchObject({ code: 0, signal: undefined });
  });
});

/** Where it was extracted, or made from. */
function sizeOf(folder: string, path: string): number {
  const place = ['extracted', 'source']
    .map((name) => join(folder, name, path))
    .find((one) => existsSync(one));
  // Of a disc that was made byte by byte there is no folder.
  return place === undefined
    ? path === 'LARGE.BIN'
      ? MOST_OVER_TFTP + 1
      : path === 'EMPTY.TXT'
        ? 0
        : 1
    : readFileSync(place).length;
}

function filesBelow(folder: string, before = ''): readonly string[] {
  return readdirSync(join(folder, before), { withFileTypes: true }).flatMap((entry) => {
    const path = `${before}${entry.name}`;
    if (entry.isDirectory()) return filesBelow(folder, `${path}/`);
    return entry.isFile() ? [path] : [];
  });
}
