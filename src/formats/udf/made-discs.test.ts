import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ByteSource, sourceOfBytes } from '../../lib/byte-source.ts';
import { sourceOfFile } from '../suite/file-source.ts';
import { readTree, sha256 } from '../suite/read-tree.ts';
import { openUdf } from './disc.ts';
import { someBytes } from './suite/any-disc.ts';
import { buildUdf } from './suite/build-udf.ts';
import { resealDescriptor } from './suite/descriptor-bytes.ts';
import { readVolumeSequence } from './volume-sequence.ts';

/** Discs that others made: genisoimage fills one of ISO 9660 and UDF 1.02, mkudffs makes empty ones of every kind. */

let folder = '';
const opened: ByteSource[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-udf-'));
});
afterAll(async () => {
  await Promise.all(opened.map((source) => source.close()));
  rmSync(folder, { recursive: true, force: true });
});

async function openFile(path: string): Promise<ByteSource> {
  const source = await sourceOfFile(path);
  opened.push(source);
  return source;
}

const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;

function run(program: string, words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, words, { encoding: 'utf8', timeout: 60_000 });
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`);
  return stdout + stderr;
}

describe.skipIf(!has('genisoimage'))('a disc of genisoimage (skipped where that is not installed)', () => {
  const FILES: Readonly<Record<string, Uint8Array>> = {
    bootmgr: someBytes(400_000, 1),
    'README.TXT': someBytes(3, 2),
    empty: new Uint8Array(),
    'sources/install.wim': someBytes(3_000_001, 3),
    'sources/Größe mit Leerzeichen.txt': someBytes(2048, 4),
    'efi/microsoft/boot/fonts/漢字.ttf': someBytes(2049, 5),
    'a/b/c/d/e/f/g/h/i/j/k/deep': someBytes(10, 6),
    [`long/${'x'.repeat(180)}`]: someBytes(11, 7),
  };

  test('has all files with their bytes, beside ISO 9660', async () => {
    const content = join(folder, 'content');
    for (const [path, bytes] of Object.entries(FILES)) {
      mkdirSync(join(content, path, '..'), { recursive: true });
      writeFileSync(join(content, path), bytes);
    }
    symlinkSync('bootmgr', join(content, 'link'));
    const image = join(folder, 'bridge.iso');
    run('genisoimage', [
      '-quiet',
      '-udf',
      '-allow-limited-size',
      '-R',
      '-input-charset',
      'utf-8',
      '-V',
      'BRIDGE',
      '-o',
      image,
      content,
    ]);
    const disc = await openFile(image);
    const { tree, ...facts } = await openUdf(disc);
    expect(facts).toMatchObject({ label: 'BRIDGE', revision: '1.02', blockBytes: 2048, isBridge: true });
    expect(Math.abs((facts.createdMs ?? 0) - statSync(image).mtimeMs)).toBeLessThan(120_000);
    const found = await readTree(tree, disc);
    const files = new Map([...found].filter(([, what]) => what !== 'folder'));
    // genisoimage makes no links of UDF, but an empty file.
    const expected = { ...FILES, link: new Uint8Array() };
    expect(files).toEqual(new Map(Object.entries(expected).map(([path, bytes]) => [path, sha256(bytes)])));
  });
});

/** As on a hard disk, where every size of a block is allowed. */
const MADE = [
  ['1.01', 512],
  ['1.02', 2048],
  ['1.50', 4096],
  ['2.00', 1024],
  ['2.01', 512],
  ['2.01', 2048],
  ['2.01', 4096],
].map(([revision = '', blockBytes = 0]) => ({
  revision: String(revision),
  media: 'hd',
  options: [`--blocksize=${blockBytes}`],
  blockBytes: Number(blockBytes),
}));
const OPTICAL = [
  ...['1.02', '1.50', '2.01'].map((revision) => ({ revision, media: 'dvd', options: [] })),
  ...['1.50', '2.01'].map((revision) => ({ revision, media: 'dvdram', options: [] })),
  ...['1.50', '2.00', '2.01'].map((revision) => ({ revision, media: 'cdrw', options: [] })),
  ...['1.50', '2.00', '2.01', '2.50', '2.60'].map((revision) => ({ revision, media: 'cdr', options: [] })),
  ...['2.50', '2.60'].map((revision) => ({ revision, media: 'bdr', options: [] })),
  ...['long', 'short'].map((form) => ({ revision: '2.01', media: 'dvd', options: [`--ad=${form}`] })),
  { revision: '2.01', media: 'hd', options: ['--noefe'] },
];

describe.skipIf(!has('mkudffs'))('an empty disc of mkudffs (skipped where that is not installed)', () => {
  const make = (media: string, revision: string, options: readonly string[]): string => {
    const image = join(folder, `${media}-${revision}-${options.join('')}.img`);
    run('mkudffs', [
      '--utf8',
      '--new-file',
      `--media-type=${media}`,
      `--udfrev=${revision}`,
      ...options,
      '--label=Größe',
      image,
      '6000',
    ]);
    return image;
  };

  for (const { revision, media, options, blockBytes } of [
    ...MADE,
    ...OPTICAL.map((disc) => ({ ...disc, blockBytes: disc.media === 'hd' ? 512 : 2048 })),
  ]) {
    test(`${media}, UDF ${revision}, blocks of ${blockBytes}${options.map((option) => `, ${option}`).join('')}`, async () => {
      const disc = await openFile(make(media, revision, options));
      const { tree, ...facts } = await openUdf(disc);
      expect(facts).toMatchObject({ label: 'Größe', revision, blockBytes, isBridge: false });
      expect(facts.createdMs).toBeGreaterThan(Date.UTC(2024, 0, 1));
      const names = (await tree.entries(tree.root, 0, 9)).map(({ name }) => name);
      // What is set aside for packets that go bad is a hidden file of UDF 1.50 (§2.3.13).
      expect(names.filter((name) => name !== 'Non-Allocatable Space')).toEqual([]);
    });
  }

  test('of strategy 4096 is refused with this reason', async () => {
    const disc = await openFile(make('dvd', '2.01', ['--strategy=4096']));
    await expect(openUdf(disc)).rejects.toThrow(/strategy 4096/);
  });

  test('with a packet that went bad is read from where it is now', async () => {
    const disc = await openFile(make('cdrw', '1.50', []));
    const image = (await disc.read(0, disc.size)).slice();
    const { logical, partitions } = await readVolumeSequence(sourceOfBytes(image));
    const map = logical.maps.find((one) => one.kind === 'sparable')!;
    if (map.kind !== 'sparable') throw new Error('There is no sparable map');
    const packet = Math.floor(logical.fileSet.block / map.packetBlocks) * map.packetBlocks;
    const bad = (partitions.get(map.number)!.firstSector + packet) * 2048;
    const view = new DataView(image.buffer);
    for (const table of map.tables) {
      // The first packet that is set aside.
      const entryAt = table * 2048 + 56;
      const spare = view.getUint32(entryAt + 4, true) * 2048;
      image.copyWithin(spare, bad, bad + map.packetBlocks * 2048);
      view.setUint32(entryAt, packet, true);
      resealDescriptor(image, table * 2048);
    }
    image.fill(0xee, bad, bad + map.packetBlocks * 2048);
    expect((await openUdf(sourceOfBytes(image))).tree.root.kind).toBe('folder');
  });
});

describe.skipIf(!has('udfinfo'))(
  'the discs of our own tests (skipped where udfinfo is not installed)',
  () => {
    for (const [revision, blockBytes, metadata] of [
      [0x0102, 2048, 'none'],
      [0x0201, 512, 'none'],
      [0x0250, 2048, 'partition'],
      [0x0260, 2048, 'scattered partition'],
    ] as const) {
      test(`are such in the eyes of udfinfo: ${revision.toString(16)}, ${metadata}`, () => {
        const image = join(folder, `built-${revision}.img`);
        const root = { kind: 'folder', names: [] } as const;
        writeFileSync(image, buildUdf({ revision, blockBytes, entries: 'extended', metadata, root }).image);
        const told = run('udfinfo', ['--utf8', image]);
        expect(told).toContain('label=Gebaut ä');
        expect(told).toContain(`udfrev=${revision >> 8}.${(revision & 0xff).toString(16).padStart(2, '0')}`);
        expect(told).toContain('integrity=closed');
        expect(told).not.toMatch(/error|damaged|wrong|checksum/i);
      });
    }
  },
);
