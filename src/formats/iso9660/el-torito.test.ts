import { describe, expect, test } from 'vitest';
import { sourceOfBytes } from '../../lib/byte-source.ts';
import { DiscPieces } from './disc-pieces.ts';
import { type BootCatalog, readBootCatalog } from './el-torito.ts';
import { ascii, joined } from './suite/made-disc.ts';

const DISC_BYTES = 300_000;

function validation(platform = 0): Uint8Array {
  const entry = new Uint8Array(32);
  entry.set([1, platform, 0, 0, ...ascii('somebody')]);
  entry.set([0x55, 0xaa], 30);
  const view = new DataView(entry.buffer);
  let sum = 0;
  for (let at = 0; at < 32; at += 2) sum += view.getUint16(at, true);
  view.setUint16(28, -sum & 0xffff, true);
  return entry;
}

function image(sector: number, sectors: number, media = 0, bootable = 0x88): Uint8Array {
  const entry = new Uint8Array(32);
  entry.set([bootable, media, 0, 0, 0, 0, sectors & 0xff, sectors >> 8, sector, 0, 0, 0]);
  return entry;
}

function section(header: number, platform: number, count: number): Uint8Array {
  const entry = new Uint8Array(32);
  entry.set([header, platform, count & 0xff, count >> 8]);
  return entry;
}

function read(catalog: Uint8Array, at = 4096): Promise<BootCatalog> {
  const bytes = new Uint8Array(DISC_BYTES);
  bytes.set(catalog, at);
  return readBootCatalog(new DiscPieces(sourceOfBytes(bytes)), at);
}

const extension = (more: number): Uint8Array => new Uint8Array(32).with(0, 0x44).with(1, more);
const short = ({ entries }: BootCatalog): readonly string[] =>
  entries.map(
    ({ platform, bootable, media, offset, sectors, bytes }) =>
      `${platform}${bootable ? '' : ' (not bootable)'}, ${media}, at ${offset / 2048}: ${sectors} = ${bytes}`,
  );

describe('a boot catalogue tells of', () => {
  for (const [what, catalog, entries] of [
    ['the default image', [validation(), image(20, 4)], ['x86, no emulation, at 20: 4 = 2048']],
    ['one of EFI alone', [validation(0xef), image(20, 100)], ['EFI, no emulation, at 20: 100 = 51200']],
    [
      'one that must not be booted',
      [validation(), image(20, 4, 0, 0)],
      ['x86 (not bootable), no emulation, at 20: 4 = 2048'],
    ],
    [
      'one that does not say its size',
      [validation(0xef), image(20, 0)],
      ['EFI, no emulation, at 20: 0 = undefined'],
    ],
    ['one with a wrong size', [validation(0xef), image(20, 1)], ['EFI, no emulation, at 20: 1 = undefined']],
    ['a hard disk', [validation(), image(20, 1, 4)], ['x86, hard disk, at 20: 1 = undefined']],
    ['a kind of medium nobody knows', [validation(9), image(20, 1, 7)], ['unknown, unknown, at 20: 1 = 512']],
    [
      'sections',
      [
        validation(),
        image(20, 4),
        section(0x90, 0xef, 2),
        image(21, 9),
        image(22, 10),
        section(0x91, 1, 1),
        image(23, 2),
      ],
      [
        'x86, no emulation, at 20: 4 = 2048',
        'EFI, no emulation, at 21: 9 = 4608',
        'EFI, no emulation, at 22: 10 = 5120',
        'PowerPC, no emulation, at 23: 2 = 1024',
      ],
    ],
    [
      'sections of which none is said to be the last',
      [validation(), image(20, 4), section(0x90, 0xef, 1), image(21, 9)],
      ['x86, no emulation, at 20: 4 = 2048', 'EFI, no emulation, at 21: 9 = 4608'],
    ],
    [
      'nothing behind the last section',
      [
        validation(),
        image(20, 4),
        section(0x91, 0xef, 1),
        image(21, 9),
        section(0x91, 0xef, 1),
        image(22, 9),
      ],
      ['x86, no emulation, at 20: 4 = 2048', 'EFI, no emulation, at 21: 9 = 4608'],
    ],
    [
      'what follows extensions',
      [
        validation(),
        image(20, 4),
        section(0x91, 0xef, 2),
        image(21, 9, 0x20),
        extension(0x20),
        extension(0),
        image(22, 9),
      ],
      [
        'x86, no emulation, at 20: 4 = 2048',
        'EFI, no emulation, at 21: 9 = 4608',
        'EFI, no emulation, at 22: 9 = 4608',
      ],
    ],
  ] as const) {
    test(what, async () => {
      const found = await read(joined(...catalog));
      expect(short(found)).toEqual(entries);
      expect(found.because).toBeUndefined();
    });
  }
});

test('a floppy has the size of its kind', async () => {
  const floppy = { entries: [{ media: 'floppy', bytes: 1_474_560, sectors: 1 }], because: undefined };
  const bytes = new Uint8Array(2_000_000);
  bytes.set(joined(validation(), image(20, 1, 2)), 4096);
  expect(await readBootCatalog(new DiscPieces(sourceOfBytes(bytes)), 4096)).toMatchObject(floppy);
});

describe('what is wrong with one is said:', () => {
  for (const [what, catalog, because, count] of [
    ['no catalogue', new Uint8Array(64), /no validation entry/, 0],
    ['a wrong checksum', joined(validation().with(8, 1), image(20, 4)), /checksum/, 0],
    [
      'an image behind the end',
      joined(validation(), image(20, 60_000), section(0x91, 0xef, 1), image(21, 9)),
      /behind the end/,
      1,
    ],
    ['an image nowhere', joined(validation(), image(0, 4)), /names no place/, 0],
    [
      'more entries than there are',
      joined(validation(), image(20, 4), section(0x91, 0xef, 65_535), image(21, 9)),
      /names no place/,
      2,
    ],
    [
      'more entries than are read',
      joined(
        validation(),
        image(20, 4),
        section(0x91, 0xef, 300),
        ...Array.from({ length: 300 }, () => image(21, 9)),
      ),
      /more entries than are read/,
      254,
    ],
  ] as const) {
    test(what, async () => {
      const found = await read(catalog);
      expect(found.because).toMatch(because);
      expect(found.entries).toHaveLength(count);
    });
  }

  test('one behind the end of the image', async () => {
    const pieces = new DiscPieces(sourceOfBytes(new Uint8Array(4096)));
    for (const at of [4090, 4096, 10_000, 2 ** 43]) {
      expect(await readBootCatalog(pieces, at)).toMatchObject({
        entries: [],
        because: expect.stringMatching(/ends before/),
      });
    }
  });
});
