/** Disc images of which anything may have been changed: whatever is asked of them ends soon. */
import type { SeededRandom } from '../../bench/seeded-random.ts';
import { DecodeError } from '../../src/lib/decode-error.ts';
import type { ByteSource } from '../../src/lib/byte-source.ts';
import type { FileTree, TreeNode } from '../../src/lib/file-tree.ts';
import { openFat } from '../../src/formats/fat/volume.ts';
import { layOutFat16 } from '../../src/formats/fat16/volume.ts';
import { openIso9660 } from '../../src/formats/iso9660/iso9660-disc.ts';
import {
  ascii,
  joined,
  linkEntry,
  makeDisc,
  modeEntry,
  nameEntry,
  rockRidgeRoot,
} from '../../src/formats/iso9660/suite/made-disc.ts';
import { watchedSource } from '../../src/formats/suite/watched-source.ts';
import { openUdf } from '../../src/formats/udf/disc.ts';
import { discOfEverything } from '../../src/formats/udf/suite/any-disc.ts';
import { buildUdf } from '../../src/formats/udf/suite/build-udf.ts';
import { must } from './must.ts';

const MAX_READS = 20_000;
const MAX_READ_BYTES = 2 ** 26;
const MAX_CHANGES = 12;
/** Folders that are looked into: a disc whose folders hold each other has no end of them. */
const MAX_FOLDERS = 100;
const MAX_ENTRIES = 200;

const ISO = makeDisc({
  root: [
    { name: 'A.;1', data: ascii('a'), systemUse: joined(nameEntry('a'), modeEntry(0o100_644)) },
    { name: 'L.;1', systemUse: joined(nameEntry('l'), modeEntry(0o120_777), linkEntry([[0, 'a']])) },
    { name: 'PARTS.;1', data: new Uint8Array(2048), flags: 0x80 },
    { name: 'PARTS.;1', data: new Uint8Array(5) },
    { name: 'F', folder: [{ name: 'G', folder: [{ name: 'B.;1', data: ascii('b') }] }] },
  ],
  itself: { systemUse: rockRidgeRoot() },
});
const UDF = buildUdf(
  discOfEverything({ revision: 0x0250, blockBytes: 512, entries: 'extended', metadata: 'partition' }).plan,
).image;
const FAT = fatVolume();

export const DISC_TARGETS = {
  'ISO 9660 disc': discTarget(ISO, openIso9660),
  'UDF disc': discTarget(UDF, openUdf),
  'FAT volume': discTarget(FAT, openFat),
};

function fatVolume(): Uint8Array {
  const files = [
    { path: 'EFI/BOOT/BOOTX64.EFI', size: 5000 },
    { path: 'a-long-name-of-a-file', size: 1 },
  ];
  const { size, head } = layOutFat16(files, 'FUZZ');
  const volume = new Uint8Array(size);
  volume.set(head);
  return volume;
}

/** @param image a disc that can be read. */
function discTarget(
  image: Uint8Array,
  open: (source: ByteSource) => Promise<{ readonly tree: FileTree }>,
): (random: SeededRandom) => Promise<void> {
  const used = Array.from(image.keys()).filter((at) => image[at] !== 0);
  return async (random) => {
    const changed = image.slice();
    for (let left = random.below(MAX_CHANGES); left > 0; left -= 1) change(changed, used, random);
    const { tree } = await open(watchedSource(changed, MAX_READS, MAX_READ_BYTES));
    await walk(tree);
  };
}

/** Mostly where something stands: a disc is nearly all zeros. */
function change(image: Uint8Array, used: readonly number[], random: SeededRandom): void {
  const at = (random.pick(used) ?? 0) + (random.chance(0.7) ? 0 : random.below(16));
  if (random.chance(0.1)) image.copyWithin(at, random.pick(used) ?? 0, (random.pick(used) ?? 0) + 64);
  else image[at] = random.pick([0, 1, 2, 0x7f, 0x80, 0xff, random.below(256)]);
}

/** What cannot be read of a disc that could be opened is left out, as the doors do. */
async function walk(tree: FileTree): Promise<void> {
  const folders: TreeNode[] = [tree.root];
  for (const folder of folders) {
    await unlessRefused(async () => {
      for (const { name, node } of await tree.entries(folder, 0, MAX_ENTRIES)) {
        must(
          name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name),
          'a name stays in its folder',
        );
        if (node.kind === 'folder' && folders.length < MAX_FOLDERS) folders.push(node);
        await unlessRefused(() => read(tree, node));
      }
    });
  }
}

async function read(tree: FileTree, node: TreeNode): Promise<void> {
  if (node.kind === 'link') await tree.target(node);
  if (node.kind === 'file') {
    const source = await tree.open(node);
    must(source.size === node.size, 'a file is as large as it says');
    await source.read(0, 4096);
    await source.close();
  }
  await tree.parent(node);
  await tree.byId(node.id);
}

async function unlessRefused(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
  }
}
