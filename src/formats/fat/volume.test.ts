import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sourceOfBytes } from '../../lib/byte-source.ts';
import { layOutFat16 } from '../fat16/volume.ts';
import { readTree, sha256 } from '../suite/read-tree.ts';
import { hasFatTools, makeVolume, run } from './suite/make-volume.ts';
import { openFat } from './volume.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-fat-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const someBytes = (length: number, seed: number): Uint8Array =>
  new Uint8Array(length).map((_, index) => (index * 5 + seed * 17 + (index >> 8)) & 0xff);

const FILES: ReadonlyMap<string, Uint8Array> = new Map([
  ['EFI/BOOT/BOOTX64.EFI', someBytes(150_000, 1)],
  ['EFI/BOOT/grubx64.efi', someBytes(70_001, 2)],
  ['EFI/debian/grub.cfg', someBytes(300, 3)],
  ['empty', new Uint8Array()],
  ['lower.txt', someBytes(1, 4)],
  ['UPPER.txt', someBytes(2, 5)],
  ['Mixed Name with blanks.and.dots', someBytes(512, 6)],
  ['Größe 漢字.bin', someBytes(513, 7)],
  ['x'.repeat(200), someBytes(4096, 8)],
  ['exactly thirt', someBytes(9, 9)],
  ['a/b/c/d/e/f/g', someBytes(33, 10)],
  // More than one cluster of names.
  ...Array.from(
    { length: 150 },
    (_, index) => [`many/a long name, number ${index}`, someBytes(index, 11)] as const,
  ),
]);

describe.skipIf(!hasFatTools())(
  'a volume of mkfs.vfat and mtools (skipped where they are not installed)',
  () => {
    for (const [kind, kibibytes, options] of [
      [12, 1440, []],
      [12, 4000, ['-s', '8']],
      [12, 2880, ['-S', '2048', '-r', '256']],
      [16, 17_000, []],
      [16, 20_000, ['-s', '4', '-f', '1']],
      [16, 33_000, ['-S', '4096', '-s', '1', '-r', '1024']],
      [32, 36_000, ['-s', '1', '-R', '64']],
    ] as const) {
      test(`FAT${kind} of ${kibibytes} KiB ${options.join(' ')}`, async () => {
        const bytes = makeVolume({ folder, kind, kibibytes, options, files: FILES });
        const image = sourceOfBytes(bytes);
        const { tree, ...facts } = await openFat(image);
        expect(facts).toEqual({ bytes: expect.any(Number), kind: `FAT${kind}`, label: 'MADE' });
        // Some sectors at the end are too few for a cluster, or a track, and are left over.
        expect(facts.bytes).toBeLessThanOrEqual(bytes.length);
        expect(facts.bytes).toBeGreaterThan(bytes.length * 0.99);
        const found = new Map([...(await readTree(tree, image))].filter(([, what]) => what !== 'folder'));
        expect(found).toEqual(new Map([...FILES].map(([path, content]) => [path, sha256(content)])));
      });
    }

    test('of FAT32 with few clusters is one by the place of its tables, as Linux and EDK2 have it', async () => {
      // mtools takes it for another FAT, so it stays empty; its label is in the root, which is a chain.
      const bytes = makeVolume({ folder, kind: 32, kibibytes: 4000, options: [], files: new Map() });
      const { tree, kind, label } = await openFat(sourceOfBytes(bytes));
      expect({ kind, label, entries: await tree.entries(tree.root, 0, 9) }).toEqual({
        kind: 'FAT32',
        label: 'MADE',
        entries: [],
      });
    });

    test('has the size that it says, however much lies behind it', async () => {
      const bytes = makeVolume({ folder, kind: 12, kibibytes: 1440, options: [], files: FILES });
      const longer = new Uint8Array(bytes.length * 2);
      longer.set(bytes);
      expect((await openFat(sourceOfBytes(longer))).bytes).toBe(1440 * 1024);
    });

    test('in pieces, after files were deleted, is read whole', async () => {
      const small = new Map(Array.from({ length: 40 }, (_, index) => [`s${index}`, someBytes(4096, index)]));
      makeVolume({ folder, kind: 16, kibibytes: 9000, options: ['-s', '1'], files: small });
      const image = join(folder, 'volume.img');
      const every = Array.from({ length: 20 }, (_, index) => `::/s${index * 2}`);
      run('mdel', ['-i', image, ...every]);
      const big = someBytes(100_000, 99);
      writeFileSync(join(folder, 'big file'), big);
      run('mcopy', ['-i', image, join(folder, 'big file'), '::/']);
      const source = sourceOfBytes(readFileSync(image));
      const { tree } = await openFat(source);
      const found = await readTree(tree, source);
      expect(found.get('big file')).toBe(sha256(big));
      expect(found.size).toBe(21);
      expect(found.get('s1')).toBe(sha256(small.get('s1')!));
    });
  },
);

test('what fat16/ lays out is read back', async () => {
  const files = [...FILES].filter(([path]) => /^[\w/.]+$/.test(path));
  const { size, head, offsets } = layOutFat16(
    files.map(([path, bytes]) => ({ path, size: bytes.length })),
    'LAID OUT',
  );
  const bytes = new Uint8Array(size);
  bytes.set(head);
  for (const [index, [, content]] of files.entries())
    if (content.length > 0) bytes.set(content, offsets[index]);
  const image = sourceOfBytes(bytes);
  const { tree, ...facts } = await openFat(image);
  expect(facts).toEqual({ bytes: size, kind: 'FAT16', label: 'LAID OUT' });
  const found = new Map([...(await readTree(tree, image))].filter(([, what]) => what !== 'folder'));
  expect(found).toEqual(new Map(files.map(([path, content]) => [path, sha256(content)])));
});
