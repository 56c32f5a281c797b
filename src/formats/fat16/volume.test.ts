import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readFat16 } from './suite/read-fat16.ts';
import { layOutFat16, type VolumeFile } from './volume.ts';

/** The volume as a whole, with the files' own bytes: each of a number of its own. */
function volumeOf(files: readonly VolumeFile[]): Uint8Array {
  const { size, head, offsets } = layOutFat16(files, 'TEST');
  const bytes = new Uint8Array(size);
  bytes.set(head);
  for (const [index, file] of files.entries()) {
    if (file.size > 0) bytes.fill((index % 255) + 1, offsets[index], (offsets[index] ?? 0) + file.size);
  }
  return bytes;
}

function expectRead(files: readonly VolumeFile[]): void {
  const read = readFat16(volumeOf(files));
  expect([...read.keys()].toSorted()).toEqual(files.map(({ path }) => path).toSorted());
  for (const [index, { path, size }] of files.entries()) {
    const bytes = read.get(path) ?? new Uint8Array();
    expect(bytes.length).toBe(size);
    expect(Buffer.alloc(size, (index % 255) + 1).equals(bytes)).toBe(true);
  }
}

test('what is put in is read by the rules of the format', () => {
  expectRead([
    { path: 'EFI/BOOT/BOOTX64.EFI', size: 950_000 },
    { path: 'EFI/BOOT/grubx64.efi', size: 2_600_001 },
    { path: 'debian-installer/amd64/grub/grub.cfg', size: 300 },
    { path: 'grub/grub.cfg', size: 300 },
    { path: 'empty', size: 0 },
    { path: 'initrd0', size: 1 },
  ]);
});

test('clusters grow with what is in it', () => {
  expect(layOutFat16([{ path: 'A', size: 512 }], 'TEST').head[13]).toBe(1);
  expect(layOutFat16([{ path: 'A', size: 200_000_000 }], 'TEST').head[13]).toBe(8);
  expect(layOutFat16([{ path: 'A', size: 2_000_000_000 }], 'TEST').head[13]).toBe(64);
});

describe('what it cannot hold is refused', () => {
  for (const [what, files, words] of [
    ['too much', [{ path: 'A', size: 2_200_000_000 }], /more than 2046 MiB/],
    [
      'two files of one name',
      [
        { path: 'a/b', size: 1 },
        { path: 'a/b', size: 1 },
      ],
      /another file has this name/,
    ],
    ['a name of another alphabet', [{ path: 'ä', size: 1 }], /the name "ä"/],
    ['a name that means a folder', [{ path: 'a/..', size: 1 }], /the name "\.\."/],
    ['an empty name', [{ path: 'a//b', size: 1 }], /the name ""/],
    ['a name that is too long', [{ path: 'x'.repeat(256), size: 1 }], /256 letters/],
  ] as const) {
    test(what, () => {
      expect(() => layOutFat16(files, 'TEST')).toThrow(RangeError);
      expect(() => layOutFat16(files, 'TEST')).toThrow(words);
    });
  }
});

test('any names and sizes are read as they were put in', () => {
  const name = fc.stringMatching(/^[A-Za-z0-9_.~ -]{1,40}$/).filter((text) => !/ |^\.+$|\.$/.test(text));
  const file = fc.record({
    path: fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/')),
    size: fc.nat(70_000),
  });
  fc.assert(
    fc.property(fc.uniqueArray(file, { maxLength: 20, selector: ({ path }) => path }), (files) => {
      // Case does not tell names apart in FAT, and a name is a file or a folder.
      const paths = files.map(({ path }) => path.toLowerCase());
      fc.pre(new Set(paths).size === paths.length);
      fc.pre(!paths.some((one) => paths.some((other) => other.startsWith(`${one}/`))));
      fc.pre(sameFoldersSpelledAlike(files.map(({ path }) => path)));
      expectRead(files);
    }),
    { numRuns: 300 },
  );
});

function sameFoldersSpelledAlike(paths: readonly string[]): boolean {
  const folders = paths.flatMap((path) => {
    const names = path.split('/').slice(0, -1);
    return names.map((_, index) => names.slice(0, index + 1).join('/'));
  });
  const spelled = new Set(folders);
  return new Set([...spelled].map((folder) => folder.toLowerCase())).size === spelled.size;
}
