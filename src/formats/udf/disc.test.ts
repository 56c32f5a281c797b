import { describe, expect, test } from 'vitest';
import { type ByteSource, sourceOfBytes } from '../../lib/byte-source.ts';
import { readTree, sha256 } from '../suite/read-tree.ts';
import { watchedSource } from '../suite/watched-source.ts';
import { openUdf } from './disc.ts';
import { discOfEverything, someBytes } from './suite/any-disc.ts';
import { buildUdf } from './suite/build-udf.ts';
import { resealDescriptor, TIMESTAMP_MS } from './suite/descriptor-bytes.ts';
import type { FilePlan, FolderPlan, UdfPlan } from './suite/udf-plan.ts';

const DISCS = [
  { revision: 0x0102, blockBytes: 2048, entries: 'plain', metadata: 'none' },
  { revision: 0x0102, blockBytes: 512, entries: 'plain', metadata: 'none' },
  { revision: 0x0150, blockBytes: 4096, entries: 'plain', metadata: 'none' },
  { revision: 0x0201, blockBytes: 1024, entries: 'extended', metadata: 'none' },
  { revision: 0x0250, blockBytes: 2048, entries: 'extended', metadata: 'partition' },
  { revision: 0x0250, blockBytes: 512, entries: 'extended', metadata: 'scattered partition' },
  { revision: 0x0260, blockBytes: 2048, entries: 'plain', metadata: 'scattered partition' },
] as const satisfies readonly Omit<UdfPlan, 'root'>[];

describe('everything a disc may have is read as it was put there', () => {
  for (const disc of DISCS) {
    const revision = `${disc.revision >> 8}.${(disc.revision & 0xff).toString(16).padStart(2, '0')}`;
    test(`UDF ${revision}, blocks of ${disc.blockBytes}, metadata: ${disc.metadata}`, async () => {
      const { plan, expected } = discOfEverything(disc);
      const image = sourceOfBytes(buildUdf(plan).image);
      const opened = await openUdf(image);
      expect({ ...opened, tree: undefined }).toEqual({
        tree: undefined,
        label: 'Gebaut ä',
        revision,
        blockBytes: disc.blockBytes,
        createdMs: TIMESTAMP_MS,
        isBridge: false,
      });
      const wanted = new Map(
        [...expected].map(([path, what]) => [
          path,
          what === 'folder' ? what : 'target' in what ? `-> ${what.target}` : sha256(what),
        ]),
      );
      expect(await readTree(opened.tree, image)).toEqual(wanted);
    });
  }
});

const PLAIN = DISCS[0];
const METADATA = DISCS[4];
const file: FilePlan = { kind: 'file', placed: 'long', parts: [someBytes(3000, 1)] };
const folder = (names: FolderPlan['names']): FolderPlan => ({ kind: 'folder', names });

async function openPlan(plan: UdfPlan): Promise<Awaited<ReturnType<typeof openUdf>>> {
  return openUdf(sourceOfBytes(buildUdf(plan).image));
}

describe('what a node tells', () => {
  test('times, permissions and places of a file', async () => {
    const { tree } = await openPlan({ ...PLAIN, root: folder([{ name: 'a', node: file }]) });
    const node = await tree.child(tree.root, 'a');
    expect(node).toMatchObject({ kind: 'file', size: 3000, mode: 0o555, mtimeMs: TIMESTAMP_MS });
    expect(node?.extents).toHaveLength(1);
  });

  test('a file with holes has no places to tell', async () => {
    const holed: FilePlan = { ...file, parts: [someBytes(2048, 1), 2048] };
    const { tree } = await openPlan({ ...PLAIN, root: folder([{ name: 'a', node: holed }]) });
    expect(await tree.child(tree.root, 'a')).not.toHaveProperty('extents');
  });

  test('two names of one file have one id', async () => {
    const names = [
      { name: 'a', node: file },
      { name: 'b', node: file },
    ];
    const { tree } = await openPlan({ ...PLAIN, root: folder(names) });
    const [a, b] = await tree.entries(tree.root, 0, 9);
    expect(a?.node).toEqual(b?.node);
  });

  test('the folder of a file is found also when nobody came from there', async () => {
    const below = folder([{ name: 'file', node: file }]);
    const plan = { ...METADATA, root: folder([{ name: 'x', node: folder([{ name: 'y', node: below }]) }]) };
    const built = buildUdf(plan);
    const { partition, block } = built.addressOf(file);
    const { tree } = await openUdf(sourceOfBytes(built.image));
    const node = await tree.byId(partition * 2 ** 32 + block + 1);
    const parent = await tree.parent(node!);
    expect(await tree.child(parent, 'file')).toEqual(node);
    expect((await tree.parent(await tree.parent(parent))).id).toBe(tree.root.id);
    expect(await tree.parent(tree.root)).toBe(tree.root);
  });

  test('ids that lead to no entry are of no node', async () => {
    const { tree } = await openPlan({ ...METADATA, root: folder([{ name: 'a', node: file }]) });
    for (const id of [0, -1, 1.5, NaN, 1, 2, 900, 2 ** 32, 2 ** 33 + 1, 2 ** 48, Number.MAX_SAFE_INTEGER])
      expect(await tree.byId(id)).toBeUndefined();
  });
});

test('a disc of many files is opened, and its root listed, in few reads', async () => {
  const names = Array.from({ length: 3000 }, (_, index) => ({ name: `${index}`, node: { ...file } }));
  const { image } = buildUdf({ ...METADATA, root: folder([{ name: 'many', node: folder(names) }]) });
  const { tree } = await openUdf(watchedSource(image, 60, 2 ** 18));
  expect((await tree.entries(tree.root, 0, 9)).map(({ name }) => name)).toEqual(['many']);
});

test('more than 4 GiB lie in several places, and are read from any', async () => {
  const GIB = 2 ** 30;
  const blocks = Array.from({ length: 5 }, () => someBytes(2048, 1));
  const big: FilePlan = { kind: 'file', placed: 'long', parts: blocks };
  const built = buildUdf({ ...PLAIN, root: folder([{ name: 'install.wim', node: big }]) });
  const view = new DataView(built.image.buffer);
  const at = built.entryAt(big);
  const firstBlock = view.getUint32(at + 176 + 4, true);
  // Each place is as long as one can be, a GiB less a block, and behind the one before it.
  const length = GIB - 2048;
  for (let index = 0; index < 5; index += 1) {
    view.setUint32(at + 176 + index * 16, length, true);
    view.setUint32(at + 176 + index * 16 + 4, firstBlock + (index * length) / 2048, true);
  }
  view.setBigUint64(at + 56, BigInt(5 * length), true);
  resealDescriptor(built.image, at);
  const partitionAt = 97 * 2048;
  for (const sequence of [0, 16 * 2048]) {
    view.setUint32(partitionAt + sequence + 192, 3_000_000, true);
    resealDescriptor(built.image, partitionAt + sequence);
  }
  const disc = onLargeDisc(built.image, 6 * GIB);
  const { tree } = await openUdf(disc);
  const node = (await tree.child(tree.root, 'install.wim'))!;
  const offset = (272 + firstBlock) * 2048;
  expect(node.extents).toEqual([{ offset, length: 5 * length }]);
  const source = await tree.open(node);
  for (const from of [0, length - 8, 4 * GIB - 8, 5 * length - 16]) {
    const wanted = await disc.read(offset + from, 16);
    expect(await source.read(from, 16)).toEqual(wanted);
  }
  expect(await source.read(5 * length, 16)).toHaveLength(0);
});

/** The bytes at the beginning of a disc, whose other bytes are made from their place. */
function onLargeDisc(bytes: Uint8Array, size: number): ByteSource {
  return {
    size,
    read: (offset, length) =>
      Promise.resolve(
        Uint8Array.from({ length: Math.max(0, Math.min(length, size - offset)) }, (_, index) => {
          const at = offset + index;
          return at < bytes.length ? bytes[at]! : Math.floor(at / 256) & 0xff;
        }),
      ),
    close: () => Promise.resolve(),
  };
}

describe('what is there twice is read from the other copy', () => {
  const plan: UdfPlan = { ...METADATA, root: folder([{ name: 'a', node: file }]) };
  const wipe = (image: Uint8Array, sector: number): Uint8Array =>
    image.fill(0xff, sector * 2048, (sector + 1) * 2048);
  for (const [what, sectors] of [
    ['the first anchor', [256]],
    ['the main volume descriptors', [96]],
    ['the logical volume of the main sequence', [98]],
    ['the entry of the metadata file', [272]],
    ['the entry of the mirror, which is not needed', [273]],
    ['all of those but the last', [256, 96, 272]],
  ] as const) {
    test(what, async () => {
      const { image } = buildUdf(plan);
      for (const sector of sectors) wipe(image, sector);
      const { tree } = await openUdf(sourceOfBytes(image));
      expect((await tree.entries(tree.root, 0, 9)).map(({ name }) => name)).toEqual(['a']);
    });
  }

  for (const [what, sectors, words] of [
    ['both anchors', [256, -1], /no anchor of UDF/],
    ['both sequences', [96, 112], /descriptor/],
    ['both entries of the metadata', [272, 273], /descriptor/],
  ] as const) {
    test(`but not ${what}`, async () => {
      const { image } = buildUdf(plan);
      for (const sector of sectors) wipe(image, sector === -1 ? image.length / 2048 - 1 : sector);
      await expect(openUdf(sourceOfBytes(image))).rejects.toThrow(words);
    });
  }
});
