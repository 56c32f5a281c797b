/** Discs of every variant, made by real programs or byte by byte where none makes such, and what is on them. */
import { createHash } from 'node:crypto';
import { closeSync, ftruncateSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { extracted, run, writeTree } from '../../src/formats/iso9660/suite/real-discs.ts';
import { makeDisc } from '../../src/formats/iso9660/suite/made-disc.ts';
import { buildUdf } from '../../src/formats/udf/suite/build-udf.ts';
import type { FolderPlan, NamePlan } from '../../src/formats/udf/suite/udf-plan.ts';

type Files = Readonly<Record<string, string | Uint8Array>>;

export interface DiscVariant {
  /** The name of its image. */
  readonly name: string;
  readonly title: string;
  /** @returns what is in its files, by path. @param folder of its own. @param disc where it is to be. */
  readonly make: (folder: string, disc: string) => ReadonlyMap<string, string>;
}

const bytes = (length: number): Uint8Array =>
  new Uint8Array(length).map((_, at) => (at * 7 + (at >> 8)) & 0xff);
export const sha256 = (content: Uint8Array | string): string =>
  createHash('sha256').update(content).digest('hex');

/** Names that every naming can hold, and files that end at, before and behind a block. */
const SMALL: Files = {
  'EMPTY.TXT': '',
  'ONE.BIN': bytes(1),
  'ALMOST.BIN': bytes(2047),
  'BLOCK.BIN': bytes(2048),
  'LARGE.BIN': bytes(1_300_001),
  'FOLDER/BELOW/FILE.TXT': 'below',
};
const LONG: Files = {
  ...SMALL,
  '.disk/info': 'Some System 1.0',
  'Some longer name with spaces.tar.gz': bytes(70_000),
  'a+b~c_1.2-3.x86_64.rpm': bytes(3000),
};
const UNICODE: Files = { ...LONG, 'ünïcödé/жук/漢字.txt': 'letters' };
const DEEP: Files = {
  ...UNICODE,
  [`deep/${Array.from({ length: 14 }, (_, level) => `level-${level}`).join('/')}/file.txt`]: 'deep',
};
const BOOTABLE: Files = { ...LONG, 'boot/bios.img': bytes(40_000), 'boot/efi.img': bytes(300_000) };

const BIOS = ['-b', 'boot/bios.img', '-no-emul-boot', '-c', 'boot/boot.cat', '-boot-load-size', '4'];
const EFI = ['-eltorito-alt-boot', '-e', 'boot/efi.img', '-no-emul-boot'];
const XORRISO = ['-as', 'mkisofs'];
const LOWER_CASE = ['-read_fs', 'nojoliet', '-ecma119_map', 'lowercase'];

/** A disc of a program, compared with what xorriso extracts from it. */
function made(
  name: string,
  title: string,
  [tool, ...args]: readonly [tool: 'xorriso' | 'genisoimage', ...args: string[]],
  files: Files,
  reads: readonly string[] = [],
): DiscVariant {
  return {
    name,
    title,
    make: (folder, disc) => {
      makeWith(folder, disc, [tool, ...args], files);
      const theirs = extracted(disc, join(folder, 'extracted'), reads);
      return new Map(
        [...theirs].flatMap(([path, { sha256: hash }]) => (hash === undefined ? [] : [[path, hash]])),
      );
    },
  };
}

/** The same, compared with the files it was made from: xorriso reads no UDF. */
function madeOfSources(
  name: string,
  title: string,
  tool: readonly [string, ...string[]],
  files: Files,
): DiscVariant {
  return {
    name,
    title,
    make: (folder, disc) => {
      makeWith(folder, disc, tool, files);
      return new Map(Object.entries(files).map(([path, content]) => [path, sha256(content)]));
    },
  };
}

function makeWith(
  folder: string,
  disc: string,
  [tool, ...args]: readonly [string, ...string[]],
  files: Files,
): void {
  const source = join(folder, 'source');
  mkdirSync(source, { recursive: true });
  writeTree(source, files);
  writeFileSync(join(folder, 'mbr.img'), new Uint8Array(512));
  run(tool, [...args, '-quiet', '-o', disc, source], folder);
}

/** No program at hand fills a disc of UDF 2.50. */
const UDF_250: DiscVariant = {
  name: 'udf250',
  title: 'UDF 2.50 with a metadata partition',
  make: (_, disc) => {
    const plan = { revision: 0x0250, blockBytes: 2048, entries: 'extended', metadata: 'partition' } as const;
    writeFileSync(disc, buildUdf({ ...plan, root: planOf(Object.entries(UNICODE)) }).image);
    return new Map(Object.entries(UNICODE).map(([path, content]) => [path, sha256(content)]));
  },
};

function planOf(files: readonly (readonly [path: string, content: string | Uint8Array])[]): FolderPlan {
  const names = [...new Set(files.map(([path]) => path.split('/')[0] ?? ''))].map((name): NamePlan => {
    const below = files.filter(([path]) => path.startsWith(`${name}/`));
    if (below.length > 0)
      return { name, node: planOf(below.map(([path, content]) => [path.slice(name.length + 1), content])) };
    const content = files.find(([path]) => path === name)?.[1] ?? '';
    const data = Buffer.from(content);
    const placed = data.length < 500 ? 'embedded' : 'long';
    // Two places for what is larger, so that a READ goes across.
    const half = placed === 'embedded' ? data.length : 2048 * Math.ceil(data.length / 4096);
    const parts = [data.subarray(0, half), data.subarray(half)].filter(
      (part, at) => at === 0 || part.length > 0,
    );
    return { name, node: { kind: 'file', placed, parts } };
  });
  return { kind: 'folder', names };
}

export const DISC_VARIANTS: readonly DiscVariant[] = [
  made('rock-ridge', 'xorriso, Rock Ridge', ['xorriso', ...XORRISO, '-R'], UNICODE),
  made('rock-joliet', 'xorriso, Rock Ridge and Joliet', ['xorriso', ...XORRISO, '-R', '-J'], UNICODE),
  made(
    'deep',
    'xorriso, deep folders relocated',
    ['xorriso', '-compliance', 'deep_paths_off', ...XORRISO, '-R', '-rr_reloc_dir', 'elsewhere'],
    DEEP,
  ),
  made('deep-left', 'genisoimage, deep folders left where they are', ['genisoimage', '-R', '-D'], DEEP),
  made('joliet', 'xorriso, Joliet alone', ['xorriso', ...XORRISO, '--norock', '-J'], UNICODE, [
    '-read_fs',
    'norock',
  ]),
  made('level-4', 'genisoimage, level 4', ['genisoimage', '-iso-level', '4'], LONG, [
    '-read_fs',
    'nojoliet',
    '-ecma119_map',
    'stripped',
  ]),
  made('level-1', 'genisoimage, names of 8.3', ['genisoimage', '-iso-level', '1'], SMALL, LOWER_CASE),
  madeOfSources(
    'bridge',
    'genisoimage, UDF 1.02 and Joliet',
    ['genisoimage', '-udf', '-J', '-allow-limited-size', '-input-charset', 'utf-8'],
    UNICODE,
  ),
  made(
    'bridge-rock',
    'genisoimage, UDF 1.02 and Rock Ridge',
    ['genisoimage', '-udf', '-R', '-allow-limited-size', '-input-charset', 'utf-8'],
    UNICODE,
  ),
  UDF_250,
  made(
    'el-torito',
    'genisoimage, El Torito for BIOS and EFI',
    ['genisoimage', '-R', ...BIOS, ...EFI],
    BOOTABLE,
  ),
  made(
    'isohybrid',
    'xorriso, isohybrid',
    [
      'xorriso',
      ...XORRISO,
      '-R',
      ...BIOS,
      '--grub2-mbr',
      'mbr.img',
      '-partition_offset',
      '16',
      ...EFI,
      '-isohybrid-gpt-basdat',
    ],
    BOOTABLE,
  ),
];

/** A file of several extents. */
export interface LargeFile {
  readonly path: string;
  readonly size: number;
  /** Parts of it, and what is there. */
  readonly ranges: readonly { readonly first: number; readonly bytes: Uint8Array }[];
}

const SECTOR = 2048;
/** The most that one extent of ISO 9660 has in whole blocks. */
const FULL_EXTENT = 2 ** 32 - SECTOR;
const EXTENTS = [
  { block: 1_000, bytes: FULL_EXTENT },
  { block: 3_000_000, bytes: 64 * SECTOR },
  { block: 2_500_000, bytes: 300_007 },
];
/** Around each border, and at both ends. */
const AROUND = 1500;

/**
 * A disc with a file of more than 4 GiB in three extents, of which the last lies before the second. Most of it was never
 * written, so that it takes no room.
 */
export function makeLargeDisc(disc: string): LargeFile {
  const records = EXTENTS.map(({ block, bytes: length }, at) => ({
    name: 'BIG.BIN;1',
    block,
    bytes: length,
    flags: at < EXTENTS.length - 1 ? 0x80 : 0,
  }));
  const blocks = 3_000_100;
  const fd = openSync(disc, 'w');
  writeSync(fd, makeDisc({ root: records, blocks }), 0);
  ftruncateSync(fd, blocks * SECTOR);
  const size = EXTENTS.reduce((sum, extent) => sum + extent.bytes, 0);
  const content = new Map<number, number>();
  let start = 0;
  for (const [number, { block, bytes: length }] of EXTENTS.entries()) {
    const mark = bytes(AROUND).map((byte) => byte ^ (number * 85 + 1));
    for (const inside of [0, length - AROUND]) {
      writeSync(fd, mark, 0, AROUND, block * SECTOR + inside);
      for (const [at, byte] of mark.entries()) content.set(start + inside + at, byte);
    }
    start += length;
  }
  closeSync(fd);
  const borders = [0, FULL_EXTENT, FULL_EXTENT + 64 * SECTOR, size];
  const ranges = borders.map((border) => {
    const first = Math.max(0, border - AROUND);
    const last = Math.min(size, border + AROUND);
    return {
      first,
      bytes: Uint8Array.from({ length: last - first }, (_, at) => content.get(first + at) ?? 0),
    };
  });
  return { path: 'big.bin', size, ranges };
}
