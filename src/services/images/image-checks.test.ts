import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Checksum } from '../../core/images/image-condition.ts';
import type { Stores } from '../../core/stores.ts';
import { openEmptyStores } from '../../store/sqlite/suite/open-sqlite.ts';
import { image } from '../../store/suite/samples.ts';
import type { Happening } from '../event-log.ts';
import { hashHere, type HashJob } from './hash-files.ts';
import { ImageChecks } from './image-checks.ts';
import { TreeRoots } from './tree-roots.ts';

const DISC = Buffer.from('what a disc holds');
const sumOf = (text: string | Buffer, kind = 'sha256'): string => createHash(kind).update(text).digest('hex');
const FACTS = { form: 'ISO 9660', label: 'X', bytes: DISC.length, missingBytes: 0 };

let folder: string;
let stores: Stores;
let told: Happening[];
let checks: ImageChecks;
let hashed: (readonly HashJob[])[];
/** What is written before an image is looked at: whoever reads does not wait for it. */
let changed: Promise<unknown>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'muster-checks-'));
  stores = await openEmptyStores();
  told = [];
  hashed = [];
  changed = Promise.resolve();
  const roots = new TreeRoots({ clock: { nowMs: () => 1 } });
  checks = new ImageChecks({
    images: {
      ...stores.images,
      byName: async (name) => {
        await changed;
        return await stores.images.byName(name);
      },
    },
    // What is on a disc is for the tests of discs; here it holds nothing.
    roots: {
      reader: async (root) =>
        root.endsWith('.iso')
          ? {
              text: async () => undefined,
              isFile: async () => false,
              size: async () => undefined,
              folders: async () => [],
              files: async () => [],
            }
          : await roots.reader(root),
      node: (root, path) => roots.node(root, path),
    },
    events: { note: (happening) => void told.push(happening) },
    hash: async (jobs, soFar) => {
      hashed.push(jobs);
      return hashHere(jobs, soFar, () => undefined);
    },
    failed: (error) => {
      throw error;
    },
    startMs: 0,
  });
});

afterEach(async () => {
  await checks.close();
  await stores.close();
  rmSync(folder, { recursive: true });
});

function write(files: Readonly<Record<string, string | Buffer>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

async function checked(): Promise<Checksum | undefined> {
  await checks.start();
  await checks.settled();
  return (await stores.images.byName('x'))?.condition?.checksum;
}

describe('a disc image', () => {
  for (const [name, files, expected, checksum, kind] of [
    [
      'with nothing beside it is alone',
      {},
      undefined,
      { state: 'alone', sha256: sumOf(DISC) },
      'image.checked',
    ],
    [
      'matches the list beside it',
      { SHA256SUMS: `${sumOf('y')}  y.iso\n${sumOf(DISC)}  x.iso\n` },
      undefined,
      { state: 'matches', sha256: sumOf(DISC), from: 'SHA256SUMS' },
      'image.checked',
    ],
    [
      'matches a list with the release in its name',
      { 'Fedora-42-CHECKSUM': `SHA256 (x.iso) = ${sumOf(DISC)}\n` },
      undefined,
      { state: 'matches', sha256: sumOf(DISC), from: 'Fedora-42-CHECKSUM' },
      'image.checked',
    ],
    [
      'differs from its own file of digits',
      { 'x.iso.sha256': sumOf('y'), SHA256SUMS: `${sumOf(DISC)}  x.iso\n` },
      undefined,
      {
        state: 'differs',
        sha256: sumOf(DISC),
        from: 'x.iso.sha256',
        because: `its sha256 is ${sumOf(DISC)}, and x.iso.sha256 says ${sumOf('y')}`,
      },
      'image.damaged',
    ],
    [
      'is what its user said, whatever a list says',
      { SHA256SUMS: `${sumOf('y')}  x.iso\n` },
      { sha256: sumOf(DISC), from: '--sha256' },
      { state: 'matches', sha256: sumOf(DISC), from: '--sha256' },
      'image.checked',
    ],
  ] as const) {
    test(name, async () => {
      write({ 'x.iso': DISC, ...files });
      const condition = { identity: '1', disc: FACTS, checksum: { state: 'waiting' } } as const;
      await stores.images.add(
        image({
          name: 'x',
          folder: join(folder, 'x.iso'),
          condition: { ...condition, ...(expected === undefined ? {} : { expected }) },
        }),
      );
      expect(await checked()).toEqual(checksum);
      expect(told).toMatchObject([{ kind, data: { image: 'x' } }]);
    });
  }

  test('that went is not told to be damaged', async () => {
    const condition = { identity: '1', disc: FACTS, checksum: { state: 'waiting' } } as const;
    await stores.images.add(image({ name: 'x', folder: join(folder, 'x.iso'), condition }));
    expect(await checked()).toMatchObject({ state: 'unreadable', because: expect.stringMatching(/ENOENT/) });
  });
});

describe('a folder', () => {
  const TREEINFO = `[general]\nfamily = CentOS\n[checksums]\nimages/vmlinuz = sha256:${sumOf('kernel')}\nimages/boot.iso = sha256:${sumOf('not copied')}\nrepodata/repomd.xml = sha256:${sumOf('older')}\n`;
  for (const [name, files, checksum] of [
    [
      'matches its .treeinfo, of which a copy may lack files',
      { '.treeinfo': TREEINFO, 'images/vmlinuz': 'kernel', 'repodata/repomd.xml': 'newer' },
      { state: 'matches', from: '.treeinfo (1 files)' },
    ],
    [
      'differs from its .treeinfo',
      { '.treeinfo': TREEINFO, 'images/vmlinuz': 'damaged' },
      { state: 'differs', from: '.treeinfo', because: expect.stringMatching(/of its images\/vmlinuz is/) },
    ],
    [
      "matches Debian's list",
      {
        'md5sum.txt': `${sumOf('kernel', 'md5')}  ./install/vmlinuz\n${sumOf('z', 'md5')}  ./pool/z.deb\n`,
        'install/vmlinuz': 'kernel',
        'pool/z.deb': 'damaged, and left to the installer',
      },
      { state: 'matches', from: 'md5sum.txt (1 files)' },
    ],
    ['without any list is alone', { 'install/vmlinuz': 'kernel' }, { state: 'alone' }],
  ] as const) {
    test(name, async () => {
      write(files);
      const condition = { identity: '1', checksum: { state: 'waiting' } } as const;
      await stores.images.add(image({ name: 'x', folder, kernel: 'install/vmlinuz', condition }));
      expect(await checked()).toEqual(checksum);
    });
  }
});

test('what was changed meanwhile keeps what is known of it now', async () => {
  write({ 'x.iso': DISC });
  const waiting = { identity: '1', disc: FACTS, checksum: { state: 'waiting' } } as const;
  const old = image({ name: 'x', folder: join(folder, 'x.iso'), condition: waiting });
  await stores.images.add(old);
  checks.check('x');
  changed = stores.images.change({
    ...old,
    condition: { ...waiting, trouble: { kind: 'changed', because: 'y' } },
  });
  await checks.settled();
  expect((await stores.images.byName('x'))?.condition?.checksum).toEqual({ state: 'waiting' });
  expect(hashed).toEqual([]);
});

test('parts of a file are hashed as one, and the bytes are told on the way', () => {
  const large = Buffer.alloc(70 * 1024 * 1024, 7);
  write({ large });
  const job = { path: join(folder, 'large'), algorithm: 'sha256' } as const;
  const soFar: number[] = [];
  const extents = [
    { offset: 5, length: 10 },
    { offset: 100, length: 3 },
  ];
  const result = hashHere(
    [job, { ...job, extents }],
    (bytes) => soFar.push(bytes),
    () => undefined,
  );
  expect(result).toEqual({ hashed: true, digits: [sumOf(large), sumOf(large.subarray(0, 13))] });
  expect(soFar).toEqual([64 * 1024 * 1024]);
  const beyond = hashHere(
    [{ ...job, extents: [{ offset: large.length, length: 1 }] }],
    () => undefined,
    () => undefined,
  );
  expect(beyond).toMatchObject({ hashed: false, because: expect.stringMatching(/ends at byte/) });
});
