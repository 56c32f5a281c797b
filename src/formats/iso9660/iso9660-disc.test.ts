import { describe, expect, test } from 'vitest';
import { sourceOfBytes } from '../../lib/byte-source.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import { openIso9660 } from './iso9660-disc.ts';
import {
  ascii,
  both32,
  joined,
  type MadeDisc,
  makeDisc,
  modeEntry,
  nameEntry,
  rockRidgeRoot,
  susp,
} from './suite/made-disc.ts';
import { bytesOf, nodeAt, openMade, rootOf } from './suite/read-made.ts';

const PLAIN: MadeDisc = { root: [{ name: 'FILE.TXT;1', data: ascii('text') }] };
const SECTOR = 2048;
const ucs2 = (text: string): Uint8Array =>
  Uint8Array.from(
    Array.from({ length: text.length }, (_, at) => text.charCodeAt(at)).flatMap((unit) => [
      unit >> 8,
      unit & 0xff,
    ]),
  );

test('a disc tells its label, when it was made, and how large it should be', async () => {
  const bytes = makeDisc(PLAIN);
  const { volume, boot } = await openIso9660(sourceOfBytes(bytes));
  expect(volume).toEqual({
    identifier: 'A_LABEL',
    blockBytes: SECTOR,
    naming: 'plain',
    createdMs: Date.UTC(2021, 1, 3, 4, 5, 6),
    bytes: bytes.length,
    missingBytes: 0,
  });
  expect(boot).toEqual({ entries: [], because: undefined });
});

test('an image that was not loaded as a whole says so, and shows what is there', async () => {
  const bytes = makeDisc({
    root: [
      { name: 'FIRST.TXT;1', data: ascii('text') },
      { name: 'LAST.TXT;1', data: new Uint8Array(3000) },
    ],
  });
  const disc = await openIso9660(sourceOfBytes(bytes.subarray(0, 102 * SECTOR)));
  expect(disc.volume.missingBytes).toBe(154 * SECTOR);
  expect((await disc.tree.entries(disc.tree.root, 0, 9)).map(({ name }) => name)).toEqual(['first.txt']);
  expect(await disc.tree.leftOut(disc.tree.root)).toEqual([
    { because: 'its bytes lie behind the end of the image', count: 1, first: 'last.txt' },
  ]);
});

for (const blockBytes of [512, 1024]) {
  test(`blocks may have ${blockBytes} bytes`, async () => {
    const files = Array.from({ length: 100 }, (_, index) => ({
      name: `F${index}.;1`,
      data: ascii(`${index}`),
    }));
    const disc = await openMade({ blockBytes, root: [{ name: 'FOLDER', folder: files }] });
    expect(disc.volume).toMatchObject({ blockBytes, missingBytes: 0 });
    expect(await disc.tree.entries(await nodeAt(disc, 'folder'), 0, 999)).toHaveLength(100);
    expect(await bytesOf(disc, await nodeAt(disc, 'folder/f99'))).toEqual(ascii('99'));
  });
}

describe('which names are taken:', () => {
  const joliet = [{ name: ucs2('Joliet 𝄞.txt;1') }, { name: new Uint8Array([0xd8, 0, 0, 0x41]) }];
  const rockRidge = { itself: { systemUse: rockRidgeRoot() } };
  const root = [
    { name: 'PLAIN.TXT;1', systemUse: joined(nameEntry('rock ridge.txt'), modeEntry(0o100_640)) },
  ];
  for (const [what, disc, naming, names] of [
    ['Rock Ridge before Joliet', { root, joliet, ...rockRidge }, 'rock ridge', ['rock ridge.txt']],
    ['Joliet before those of the records', { root, joliet }, 'joliet', ['Joliet 𝄞.txt', '\uFFFDA']],
    ['those of the records where there is nothing else', { root }, 'plain', ['plain.txt']],
    [
      'a record without a name of Rock Ridge has its own',
      { root: [{ name: 'PLAIN.TXT;1' }], ...rockRidge },
      'rock ridge',
      ['plain.txt'],
    ],
    [
      'Rock Ridge behind the bytes of another system',
      {
        root: [
          { ...root[0], name: 'A', systemUse: joined(new Uint8Array(14), root[0]?.systemUse ?? ascii('')) },
        ],
        itself: { systemUse: joined(new Uint8Array(14), rockRidgeRoot(14)) },
      },
      'rock ridge',
      ['rock ridge.txt'],
    ],
    [
      'Rock Ridge that is declared in an area of its own',
      {
        root,
        itself: {
          systemUse: joined(susp('SP', [0xbe, 0xef, 0]), susp('CE', both32(200), both32(10), both32(22))),
        },
        at: { 200: joined(new Uint8Array(10), susp('ER', [10, 0, 0, 1], ascii('IEEE_P1282'))) },
      },
      'rock ridge',
      ['rock ridge.txt'],
    ],
    [
      'a protocol that is not Rock Ridge',
      { root, itself: { systemUse: susp('SP', [0xbe, 0xef, 0]) } },
      'plain',
      ['plain.txt'],
    ],
    [
      'Joliet where the other root is broken',
      { root, joliet, itself: { block: 99, systemUse: rockRidgeRoot() } },
      'joliet',
      ['Joliet 𝄞.txt', '\uFFFDA'],
    ],
  ] as const satisfies readonly (readonly [string, MadeDisc, string, readonly string[]])[]) {
    test(what, async () => {
      expect((await openMade(disc)).volume.naming).toBe(naming);
      expect((await rootOf(disc)).names).toEqual(names);
    });
  }
});

describe('a disc is refused as a whole', () => {
  const changed = (at: number, ...values: readonly number[]): Uint8Array => {
    const bytes = makeDisc(PLAIN);
    bytes.set(values, at);
    return bytes;
  };
  for (const [what, bytes, words] of [
    ['where there is nothing', new Uint8Array(), /no primary volume descriptor/],
    ['where it is no disc', new Uint8Array(300_000).fill(1), /no primary volume descriptor/],
    ['where it ends behind its descriptors', makeDisc(PLAIN).subarray(0, 20 * SECTOR), /ends before/],
    ['for blocks of 3 bytes', changed(16 * SECTOR + 128, 3, 0), /blocks of 3 bytes \(2048 in the other/],
    ['for a root that is no folder', changed(24 * SECTOR + 25, 0), /no folder/],
    ['for a root that begins elsewhere', changed(24 * SECTOR + 2, 25), /No folder begins here/],
    ['for a root of no bytes', changed(24 * SECTOR + 10, 0, 0, 0, 0), /A folder has 0 bytes/],
    [
      'for a root that the disc ends before',
      changed(16 * SECTOR + 158, 0xff, 0xff, 0xff, 0x0f),
      /begins at block|ends before/,
    ],
  ] as const) {
    test(what, async () => {
      const opening = openIso9660(sourceOfBytes(bytes));
      await expect(opening).rejects.toThrow(DecodeError);
      await expect(opening).rejects.toThrow(words);
    });
  }
});

test('that a disc cannot be read is not said to be a fault of the disc', async () => {
  const bytes = makeDisc(PLAIN);
  let fails = true;
  const source = {
    ...sourceOfBytes(bytes),
    read: (offset: number, length: number) =>
      fails ? Promise.reject(new Error('EIO')) : Promise.resolve(bytes.subarray(offset, offset + length)),
  };
  await expect(openIso9660(source)).rejects.toThrow('EIO');
  fails = false;
  expect((await openIso9660(source)).volume.identifier).toBe('A_LABEL');
});
