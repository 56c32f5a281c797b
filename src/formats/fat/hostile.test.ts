import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sourceOfBytes } from '../../lib/byte-source.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import { layOutFat16 } from '../fat16/volume.ts';
import { watchedSource } from '../suite/watched-source.ts';
import { type FatVolume, openFat } from './volume.ts';

/** Clusters of 512 bytes: 2 is the folder D, 3 the folder E in it, then come the files in their order. */
function volume(): {
  readonly bytes: Uint8Array;
  readonly entry: (name: string) => number;
  readonly fat: DataView;
} {
  const files = [
    { path: 'D/E/INNER', size: 600 },
    { path: 'ONE', size: 1500 },
    { path: 'TWO', size: 1500 },
  ];
  const { size, head, offsets } = layOutFat16(files, 'HOSTILE');
  const bytes = new Uint8Array(size);
  bytes.set(head);
  for (const [index, file] of files.entries())
    bytes.fill(index + 1, offsets[index], (offsets[index] ?? 0) + file.size);
  const entry = (name: string): number => Buffer.from(bytes).indexOf(name.padEnd(11));
  return { bytes, entry, fat: new DataView(bytes.buffer, 512, 16_384) };
}

async function namesOf({ tree }: FatVolume): Promise<readonly string[]> {
  return (await tree.entries(tree.root, 0, 99)).map(({ name }) => name);
}

/** The first of its three clusters: 4 and 5 are of INNER. */
const ONE = 6;

describe('a file that cannot be is left out, and the others are there', () => {
  for (const [what, change, because] of [
    [
      'whose chain leads back to itself',
      ({ fat }) => fat.setUint16((ONE + 1) * 2, ONE, true),
      /in a chain already/,
    ],
    ['whose chain stays where it is', ({ fat }) => fat.setUint16(ONE * 2, ONE, true), /in a chain already/],
    [
      'whose chain ends too soon',
      ({ fat }) => fat.setUint16(ONE * 2, 0xffff, true),
      /1500 bytes has 1 clusters of 512/,
    ],
    [
      'whose chain leads to a free cluster',
      ({ fat }) => fat.setUint16(ONE * 2, 0, true),
      /cluster 0, which is none/,
    ],
    [
      'whose chain leads to cluster 1',
      ({ fat }) => fat.setUint16(ONE * 2, 1, true),
      /cluster 1, which is none/,
    ],
    [
      'whose chain leads out of the volume',
      ({ fat }) => fat.setUint16(ONE * 2, 0xfff0, true),
      /65520, which is none/,
    ],
    [
      'whose chain has a bad cluster',
      ({ fat }) => fat.setUint16(ONE * 2, 0xfff7, true),
      /65527, which is none/,
    ],
    [
      'that begins nowhere',
      ({ bytes, entry }) => bytes.fill(0, entry('ONE') + 26, entry('ONE') + 28),
      /cluster 0/,
    ],
    [
      'that is larger than all',
      ({ bytes, entry }) => bytes.fill(0xff, entry('ONE') + 28, entry('ONE') + 32),
      /larger than its volume/,
    ],
  ] as const satisfies readonly (readonly [
    string,
    (made: ReturnType<typeof volume>) => void,
    RegExp | undefined,
  ])[]) {
    test(what, async () => {
      const made = volume();
      change(made);
      const opened = await openFat(watchedSource(made.bytes, 1000, 2 ** 24));
      expect(await namesOf(opened)).toEqual(['D', 'TWO']);
      const refused = opened.tree.child(opened.tree.root, 'ONE');
      await expect(refused).rejects.toThrow(DecodeError);
      await expect(refused).rejects.toThrow(because);
    });
  }

  test('the second of two that share a cluster', async () => {
    const { bytes, fat } = volume();
    fat.setUint16((ONE + 3) * 2, ONE + 1, true);
    const opened = await openFat(sourceOfBytes(bytes));
    expect(await namesOf(opened)).toEqual(['D', 'ONE']);
    await expect(opened.tree.child(opened.tree.root, 'TWO')).rejects.toThrow(/in a chain already/);
  });

  test('one behind the end of a volume that was cut off', async () => {
    const { bytes } = volume();
    const end = Buffer.from(bytes).lastIndexOf(3) + 1;
    const opened = await openFat(sourceOfBytes(bytes.subarray(0, end - 1)));
    expect(await namesOf(opened)).toEqual(['D', 'ONE']);
    expect(opened.bytes).toBe(end - 1);
    await expect(opened.tree.child(opened.tree.root, 'TWO')).rejects.toThrow(/behind the end of the volume/);
  });
});

describe('a folder', () => {
  for (const [what, cluster] of [
    ['that is in itself', 3],
    ['that is one above it', 2],
    ['that is the root', 0],
  ] as const) {
    test(`${what} is left out`, async () => {
      const { bytes } = volume();
      // INNER becomes a folder that begins elsewhere.
      const at = Buffer.from(bytes).indexOf('INNER'.padEnd(11));
      bytes[at + 11] = 0x10;
      bytes[at + 26] = cluster;
      const { tree } = await openFat(watchedSource(bytes, 1000, 2 ** 24));
      const outer = (await tree.child(tree.root, 'D'))!;
      const inner = (await tree.child(outer, 'E'))!;
      expect(await tree.entries(inner, 0, 9)).toEqual([]);
      await expect(tree.child(inner, 'INNER')).rejects.toThrow(DecodeError);
    });
  }

  test('whose chain has no end is left out', async () => {
    const { bytes, fat } = volume();
    fat.setUint16(2 * 2, 2, true);
    const { tree } = await openFat(watchedSource(bytes, 1000, 2 ** 24));
    await expect(tree.child(tree.root, 'D')).rejects.toThrow(/in a chain already/);
  });
});

describe('a boot sector is refused', () => {
  for (const [what, at, value, because] of [
    ['without its signature', 510, 0, /no signature/],
    ['with sectors of 600 bytes', 11, 600, /sectors of 600 bytes/],
    ['with no sectors in a cluster, or three', 13, 3, /clusters of 3 sectors/],
    ['with no sectors before the tables', 14, 0, /2 tables/],
    ['with no tables', 16, 0, /0 tables/],
    ['with a volume of no clusters', 19, 20, /volume of 20 sectors/],
  ] as const) {
    test(what, async () => {
      const { bytes } = volume();
      const view = new DataView(bytes.buffer);
      if (at === 13 || at === 16) view.setUint8(at, value);
      else view.setUint16(at, value, true);
      await expect(openFat(sourceOfBytes(bytes))).rejects.toThrow(because);
      await expect(openFat(sourceOfBytes(bytes))).rejects.toThrow(DecodeError);
    });
  }

  test('of a source that is no volume at all', async () => {
    for (const size of [0, 511, 512, 100_000])
      await expect(openFat(sourceOfBytes(new Uint8Array(size)))).rejects.toThrow(DecodeError);
  });

  test('with more clusters than memory has bits for, when the volume is short', async () => {
    const { bytes } = volume();
    const view = new DataView(bytes.buffer);
    view.setUint16(19, 0, true);
    view.setUint32(32, 0xffff_ffff, true);
    view.setUint16(22, 0, true);
    view.setUint32(36, 0x0200_0000, true);
    await expect(openFat(watchedSource(bytes, 1000, 2 ** 24))).rejects.toThrow(DecodeError);
  });
});

test('whatever is changed on a volume, it is read or refused with a reason, in few reads', async () => {
  const { bytes, entry } = volume();
  // The boot sector, the first entries of the first table, and the directories.
  const places = [
    ...Array.from({ length: 64 }, (_, index) => index),
    ...Array.from({ length: 24 }, (_, index) => 512 + index),
    ...['D', 'ONE', 'TWO', 'E', 'INNER'].flatMap((name) =>
      Array.from({ length: 32 }, (_, index) => entry(name) + index),
    ),
  ];
  const change = fc.record({ place: fc.constantFrom(...places), value: fc.nat(255) });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
      const before = changes.map(({ place }) => [place, bytes[place]!] as const);
      for (const { place, value } of changes) bytes[place] = value;
      await readAll(bytes);
      for (const [place, value] of before) bytes[place] = value;
    }),
    { numRuns: 200 },
  );
});

async function readAll(bytes: Uint8Array): Promise<void> {
  try {
    const { tree } = await openFat(watchedSource(bytes, 5000, 2 ** 26));
    const folders = [tree.root];
    for (const folder of folders) {
      for (const { node } of await tree.entries(folder, 0, 1e6)) {
        if (node.kind === 'folder') folders.push(node);
        else await (await tree.open(node)).read(0, 4096);
        expect((await tree.byId(node.id))?.id).toBe(node.id);
        await tree.parent(node);
      }
    }
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
  }
}
