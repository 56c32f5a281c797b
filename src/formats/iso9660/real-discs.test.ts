import { chmodSync, lstatSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openIso9660 } from './iso9660-disc.ts';
import type { Naming } from './recorded-name.ts';
import {
  extracted,
  isInstalled,
  run,
  type SeenFile,
  seenIn,
  sourceOfFile,
  writeTree,
} from './suite/real-discs.ts';

const MISSING = ['xorriso', 'genisoimage', 'mkzftree'].filter((program) => !isInstalled(program));
const REASON = MISSING.length === 0 ? '' : ` (skipped: ${MISSING.join(', ')} not installed)`;

const numbered = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`many/file-${index}.txt`, `${index}`]));
const bytes = (length: number): Uint8Array =>
  new Uint8Array(length).map((_, at) => (at * 7 + (at >> 8)) & 0xff);

/** Names that every naming can hold, and files that end at, before and behind a block. */
const SMALL = {
  'EMPTY.TXT': '',
  'ONE.BIN': bytes(1),
  'ALMOST.BIN': bytes(2047),
  'BLOCK.BIN': bytes(2048),
  'MORE.BIN': bytes(2049),
  NOENDING: 'x',
  'LARGE.BIN': bytes(300_001),
  'FOLDER/BELOW/FILE.TXT': 'below',
  'NOTHING/': '',
};
const ASCII = {
  ...SMALL,
  ...numbered(300),
  '.hidden': 'h',
  '.disk/info': 'Some System 1.0',
  'Some longer name with spaces.tar.gz': 'x',
  'a+b~c:d_1.2-3.x86_64.rpm': 'x',
};
const MIXED = {
  ...ASCII,
  'ünïcödé/жук/漢字.txt': 'x',
  'beyond-𝄞-😀.txt': 'x',
};
const DEEP = `deep/${Array.from({ length: 14 }, (_, index) => `level-${index}`).join('/')}`;
const POSIX = {
  ...MIXED,
  ['n'.repeat(255)]: 'the longest name',
  ['é'.repeat(127)]: 'the longest name of two bytes a letter',
  [`${DEEP}/file.txt`]: 'deep',
  [`${DEEP}/other/last/file.txt`]: 'deeper',
  'links/plain': '-> ../ONE.BIN',
  'links/dots': '-> ./../.',
  'links/absolute': '-> /some/where',
  'links/root': '-> /',
  'links/slashes': '-> a//b',
};
/** genisoimage breaks such links. */
const LONG_LINKS = {
  'links/long': `-> ${'folder-of-some-length/'.repeat(38)}end`,
  'links/longPart': `-> ${'p'.repeat(250)}/${'q'.repeat(250)}/${'ü'.repeat(120)}`,
};

interface Made {
  readonly title: string;
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly tool: 'xorriso' | 'genisoimage';
  readonly args: readonly string[];
  readonly naming: Naming;
  /** How xorriso has to look at it. */
  readonly reads?: readonly string[];
}

const LOWER = ['-read_fs', 'nojoliet', '-ecma119_map', 'lowercase'];
const NO_ROCK_RIDGE = ['-as', 'mkisofs', '--norock'];

const DISCS: readonly Made[] = [
  ...(['xorriso', 'genisoimage'] as const).flatMap((tool): readonly Made[] => {
    const plain = tool === 'xorriso' ? NO_ROCK_RIDGE : [];
    const rock = tool === 'xorriso' ? ['-as', 'mkisofs', '-R'] : ['-R'];
    return [
      ...(tool === 'xorriso' ? ['1', '3'] : ['1', '2', '3']).map(
        (level): Made => ({
          title: `${tool}, level ${level}`,
          files: SMALL,
          tool,
          args: [...plain, '-iso-level', level],
          naming: 'plain',
          reads: LOWER,
        }),
      ),
      {
        title: `${tool}, Joliet`,
        files: MIXED,
        tool,
        args: [...plain, '-J'],
        naming: 'joliet',
        reads: ['-read_fs', 'norock'],
      },
      {
        title: `${tool}, Rock Ridge`,
        files: tool === 'xorriso' ? { ...POSIX, ...LONG_LINKS } : POSIX,
        tool,
        args: rock,
        naming: 'rock ridge',
      },
      {
        title: `${tool}, Rock Ridge of 1.10 or 1.12 and Joliet`,
        files: { ...MIXED, 'links/plain': '-> ../ONE.BIN' },
        tool,
        args: [...rock, '-J'],
        naming: 'rock ridge',
      },
    ];
  }),
  {
    title: 'genisoimage, level 4',
    files: ASCII,
    tool: 'genisoimage',
    args: ['-iso-level', '4'],
    naming: 'enhanced',
    reads: ['-read_fs', 'nojoliet', '-ecma119_map', 'stripped'],
  },
  {
    title: 'genisoimage, names as they are',
    files: ASCII,
    tool: 'genisoimage',
    args: ['-U'],
    naming: 'plain',
    reads: LOWER,
  },
  {
    title: 'genisoimage, deep folders left where they are',
    files: POSIX,
    tool: 'genisoimage',
    args: ['-R', '-D'],
    naming: 'rock ridge',
  },
  {
    title: 'xorriso, deep folders relocated into a folder',
    files: POSIX,
    tool: 'xorriso',
    args: ['-compliance', 'deep_paths_off', '-as', 'mkisofs', '-R', '-rr_reloc_dir', 'elsewhere'],
    naming: 'rock ridge',
  },
  {
    title: 'xorriso, a second volume descriptor for a partition',
    files: MIXED,
    tool: 'xorriso',
    args: ['-as', 'mkisofs', '-R', '-partition_offset', '16'],
    naming: 'rock ridge',
  },
  {
    title: 'xorriso, HFS+ beside it',
    files: MIXED,
    tool: 'xorriso',
    args: ['-as', 'mkisofs', '-R', '-J', '-hfsplus'],
    naming: 'rock ridge',
  },
];

describe.runIf(MISSING.length === 0)(`discs of real programs${REASON}`, () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'muster-iso9660-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  let made = 0;
  const makeDisc = (
    files: Made['files'],
    tool: string,
    args: readonly string[],
  ): { readonly disc: string; readonly source: string } => {
    made += 1;
    const source = join(folder, `source-${made}`);
    writeTree(source, files);
    const first = Object.keys(files)[1];
    if (first !== undefined) chmodSync(join(source, first), 0o750);
    const disc = join(folder, `${made}.iso`);
    run(tool, [...args, '-quiet', '-V', 'THE_LABEL', '-o', disc, source]);
    return { disc, source };
  };

  for (const { title, files, tool, args, naming, reads } of DISCS) {
    test(`${title}: the same files as xorriso extracts`, async () => {
      const { disc, source } = makeDisc(files, tool, args);
      const { tree, volume } = await openIso9660(sourceOfFile(disc));
      expect(volume).toMatchObject({ naming, identifier: 'THE_LABEL', blockBytes: 2048, missingBytes: 0 });
      const theirs = extracted(disc, join(folder, `out-${made}`), reads);
      theirs.delete('rr_moved');
      // It leaves links the time at which it makes them.
      for (const [path, file] of theirs) {
        if (file.kind === 'link')
          theirs.set(path, { ...file, mtimeMs: lstatSync(join(source, path)).mtimeMs });
      }
      const ours = await seenIn(tree);
      expect([...ours.keys()].toSorted()).toEqual([...theirs.keys()].toSorted());
      for (const [path, file] of theirs)
        expect([path, seen(ours.get(path), naming)]).toEqual([path, seen(file, naming)]);
    });
  }

  describe('boot entries are those that xorriso tells:', () => {
    const bios = ['-b', 'boot/bios.img', '-no-emul-boot', '-c', 'boot/boot.cat'];
    const efi = ['-eltorito-alt-boot', '-e', 'boot/efi.img', '-no-emul-boot'];
    const rock = ['-as', 'mkisofs', '-R'];
    for (const [what, tool, args] of [
      ['genisoimage, BIOS and EFI', 'genisoimage', ['-R', ...bios, ...efi]],
      ['genisoimage, a floppy', 'genisoimage', ['-R', '-b', 'boot/floppy.img', '-c', 'boot/boot.cat']],
      ['genisoimage, EFI alone', 'genisoimage', ['-R', '-c', 'boot/boot.cat', ...efi.slice(1)]],
      [
        'xorriso, BIOS and EFI',
        'xorriso',
        [...rock, ...bios, '-boot-load-size', '4', '-boot-info-table', ...efi],
      ],
      [
        'xorriso, an EFI image too large for the catalogue',
        'xorriso',
        [...rock, '-e', 'boot/large.img', '-no-emul-boot'],
      ],
      [
        'xorriso, isohybrid with the EFI image in a partition behind the disc',
        'xorriso',
        [
          ...rock,
          ...bios,
          ...'-boot-load-size 4 --grub2-mbr MBR -partition_offset 16'.split(' '),
          ...'-append_partition 2 0xef PARTITION -appended_part_as_gpt -eltorito-alt-boot'.split(' '),
          ...'-e --interval:appended_partition_2:all:: -no-emul-boot -isohybrid-gpt-basdat'.split(' '),
        ],
      ],
    ] as const) {
      test(what, async () => {
        const files = {
          'boot/bios.img': bytes(40_000),
          'boot/efi.img': bytes(300_000),
          'boot/floppy.img': new Uint8Array(1_474_560),
          ...(what.includes('large') ? { 'boot/large.img': new Uint8Array(34 * 2 ** 20) } : {}),
        };
        const beside = { MBR: join(folder, 'mbr.img'), PARTITION: join(folder, 'partition.img') };
        writeFileSync(beside.MBR, new Uint8Array(512));
        writeFileSync(beside.PARTITION, bytes(300_000));
        const { disc } = makeDisc(
          files,
          tool,
          args.map((arg) => beside[arg as keyof typeof beside] ?? arg),
        );
        const { boot, volume } = await openIso9660(sourceOfFile(disc));
        const ours = boot.entries.map(({ platform, bootable, media, sectors, offset }) =>
          [platform, bootable, media, sectors, offset / 2048].join(),
        );
        expect(ours).toEqual(bootEntries(disc));
        expect(ours.length).toBeGreaterThan(0);
        expect(boot.because).toBeUndefined();
        expect(volume.missingBytes).toBe(0);
      });
    }
  });

  test('compressed files are left out, since the tree would have to lie about their size', async () => {
    const source = join(folder, 'unpacked');
    writeTree(source, { 'zeros.bin': new Uint8Array(100_000), 'short.txt': 'x' });
    run('mkzftree', [source, join(folder, 'packed')]);
    const disc = join(folder, 'packed.iso');
    run('genisoimage', ['-quiet', '-R', '-z', '-o', disc, join(folder, 'packed')]);
    const { tree } = await openIso9660(sourceOfFile(disc));
    expect([...(await seenIn(tree)).keys()]).toEqual(['short.txt']);
    expect(await tree.leftOut(tree.root)).toEqual([
      { because: 'it is compressed (zisofs)', count: 1, first: 'zeros.bin' },
    ]);
  });
});

/** Without Rock Ridge xorriso makes up permissions, and other ones than we do. */
function seen(file: SeenFile | undefined, naming: Naming): Partial<SeenFile> {
  return naming === 'rock ridge' ? { ...file } : { ...file, mode: 0 };
}

/** As `xorriso -report_el_torito plain` has them, in our words. */
function bootEntries(disc: string): readonly string[] {
  const platforms: Readonly<Record<string, string>> = { BIOS: 'x86', UEFI: 'EFI' };
  const report = run('xorriso', ['-indev', disc, '-report_el_torito', 'plain']);
  return [
    ...report.matchAll(/^El Torito boot img : +\d+ +(\w+) +([yn]) +(\S+) +\S+ +\S+ +(\d+) +(\d+)$/gm),
  ].map(([, platform = '', bootable, emulation, sectors, block]) =>
    [
      platforms[platform],
      bootable === 'y',
      emulation === 'none' ? 'no emulation' : 'floppy',
      sectors,
      block,
    ].join(),
  );
}
