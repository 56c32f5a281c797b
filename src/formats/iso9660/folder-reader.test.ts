import { describe, expect, test } from 'vitest';
import { openIso9660 } from './iso9660-disc.ts';
import {
  ascii,
  continuation,
  FREE_BLOCK,
  joined,
  linkEntry,
  makeDisc,
  type MadeDisc,
  type MadeEntry,
  type MadePart,
  modeEntry,
  nameEntry,
  ROOT_BLOCK,
  recordBytes,
  rockRidgeRoot,
  susp,
} from './suite/made-disc.ts';
import { bytesOf, nodeAt, openMade, rootOf } from './suite/read-made.ts';

const A_FILE: MadeEntry = { name: 'FILE.TXT;1', data: ascii('text') };
const MORE = 0x80;

/** A disc with Rock Ridge, which its root declares. */
const rockRidge = (root: readonly MadePart[], more: Partial<MadeDisc> = {}): MadeDisc => ({
  root,
  itself: { systemUse: rockRidgeRoot() },
  ...more,
});
const named = (name: string, ...entries: readonly Uint8Array[]): MadeEntry => ({
  name: `${name.toUpperCase().slice(0, 8)}.;1`,
  systemUse: joined(nameEntry(name), ...entries),
});

describe('without Rock Ridge, a folder shows', () => {
  for (const [what, root, names] of [
    [
      'names in small letters, without version and without a dot at the end',
      [{ name: 'README.;1' }, { name: 'A.TXT;12' }],
      ['readme', 'a.txt'],
    ],
    ['a file that hides itself', [{ name: 'HIDDEN.TXT;1', flags: 1 }], ['hidden.txt']],
    ['the first of two versions', [{ name: 'A.TXT;2' }, { name: 'A.TXT;1' }], ['a.txt']],
    [
      'what follows in the next sector',
      Array.from({ length: 60 }, (_, index) => ({ name: `F${index}.;1` })),
      Array.from({ length: 60 }, (_, index) => `f${index}`),
    ],
    ['an empty file, wherever it is said to be', [{ name: 'EMPTY.;1', block: 0xffff_ffff }], ['empty']],
  ] as const satisfies readonly (readonly [string, readonly MadePart[], readonly string[]])[]) {
    test(what, async () => expect((await rootOf({ root })).names).toEqual(names));
  }
});

describe('an entry is left out alone, and it is said why:', () => {
  const cases: readonly (readonly [string, MadeDisc, string])[] = [
    ['an associated file', { root: [{ ...A_FILE, flags: 4 }] }, 'file.txt: it is an associated file'],
    ['units', { root: [{ ...A_FILE, unit: 1, gap: 2 }] }, 'file.txt: its bytes are interleaved with others'],
    [
      'bytes behind the end',
      { root: [{ ...A_FILE, block: 255, bytes: 2049 }] },
      'file.txt: its bytes lie behind the end of the image',
    ],
    [
      'bytes far behind the end',
      { root: [{ ...A_FILE, block: 0xffff_ffff, bytes: 0xffff_ffff }] },
      'file.txt: its bytes lie behind the end of the image',
    ],
    [
      'another disc',
      { root: [{ ...A_FILE, volume: 2 }], volumesInSet: 2 },
      'file.txt: it is on another disc of a set',
    ],
    ['a slash', { root: [{ name: 'A/B' }] }, 'a/b: its name holds "/" or NUL'],
    ['a NUL', { root: [{ name: 'A\0B' }] }, 'a\0b: its name holds "/" or NUL'],
    ['a version alone', { root: [{ name: ';1' }] }, ': it has no name'],
    [
      'the same name twice',
      { root: [{ name: 'A.;1' }, { name: 'A.;1' }] },
      'a: another entry has the same name',
    ],
    ['a record of one byte', { root: [new Uint8Array([1])] }, ': its directory record is broken'],
    [
      'a record that goes into the next sector',
      { root: [new Uint8Array(2048).fill(255)] },
      ': its directory record is broken',
    ],
    [
      'a name longer than its record',
      { root: [recordBytes({ name: 'ABC' }, { block: 0, bytes: 0 }).with(32, 200)] },
      ': its directory record is broken',
    ],
    [
      'a name of no bytes',
      { root: [recordBytes({ name: 'ABC' }, { block: 0, bytes: 0 }).with(32, 0)] },
      ': its directory record is broken',
    ],
    [
      'a file whose last part is missing',
      { root: [{ ...A_FILE, flags: MORE }] },
      'file.txt: its last part is missing',
    ],
    [
      'a folder in parts',
      {
        root: [
          { name: 'A', folder: [], flags: MORE | 2 },
          { name: 'A', flags: 2 },
        ],
      },
      'a: it is a folder in several parts',
    ],
    [
      'a folder that is a file',
      { root: [{ name: 'A', flags: 2, data: ascii('text') }] },
      'a: its own directory is broken',
    ],
    [
      'a folder behind the end',
      { root: [{ name: 'A', flags: 2, block: 0xffff_fff0 }] },
      'a: its own directory is broken',
    ],
    [
      'a folder of 32 MiB and more',
      { root: [{ name: 'A', folder: [], itself: { bytes: 2 ** 25 + 2048 } }] },
      'a: its own directory is broken',
    ],
    [
      'the root in itself',
      { root: [{ name: 'A', flags: 2, block: ROOT_BLOCK }] },
      'a: it says that it is in another folder',
    ],
    [
      'a folder of somewhere else',
      { root: [{ name: 'A', folder: [], parent: { block: 30 } }] },
      'a: it says that it is in another folder',
    ],
    [
      'a compressed file',
      rockRidge([named('packed', susp('ZF', ascii('pz'), [4, 15, 0, 0, 0, 0]))]),
      'packed: it is compressed (zisofs)',
    ],
    [
      'a sparse file',
      rockRidge([named('holes', susp('SF', [0, 0]))]),
      'holes: it is a sparse file of Rock Ridge',
    ],
    [
      'a device',
      rockRidge([named('null', modeEntry(0o020_666))]),
      'null: it is a device, a pipe or a socket',
    ],
    [
      'a folder without one',
      rockRidge([named('dir', modeEntry(0o040_755))]),
      'dir: it says that it is a folder, and has none',
    ],
    [
      'the name of the folder itself',
      rockRidge([{ name: 'X', systemUse: nameEntry('', 2) }]),
      '.: it is named "."',
    ],
    [
      'the name of the folder above',
      rockRidge([{ name: 'X', systemUse: nameEntry('..') }]),
      '..: it is named ".."',
    ],
    ['a name with a slash', rockRidge([named('a/b')]), 'a/b: its name holds "/" or NUL'],
    [
      'a name of which the end is missing',
      rockRidge([{ name: 'X', systemUse: nameEntry('abc', 1) }]),
      'abc: the end of its name is missing',
    ],
    ['a link to nowhere', rockRidge([named('l', modeEntry(0o120_777))]), 'l: it leads nowhere'],
    [
      'a link of no components',
      rockRidge([named('l', modeEntry(0o120_777), linkEntry([]))]),
      'l: it leads nowhere',
    ],
    [
      'a link to another host',
      rockRidge([named('l', linkEntry([[0x20, '']]))]),
      'l: it leads to another host',
    ],
    [
      'a link of which the end is missing',
      rockRidge([named('l', linkEntry([[0, 'a']], 1))]),
      'l: the end of its target is missing',
    ],
    [
      'a component of which the end is missing',
      rockRidge([named('l', linkEntry([[1, 'a']]))]),
      'l: the end of its target is missing',
    ],
    [
      'a component longer than its entry',
      rockRidge([named('l', susp('SL', [0, 0, 9, 65]))]),
      'l: a part of its target is longer than its entry',
    ],
    [
      'a target too long',
      rockRidge([{ name: 'L', systemUse: joined(nameEntry('l'), continuation(FREE_BLOCK, 0, 21 * 210)) }], {
        at: {
          [FREE_BLOCK]: joined(
            ...Array.from({ length: 21 }, (_, index) =>
              linkEntry([[0, 'x'.repeat(203)]], index < 20 ? 1 : 0),
            ),
          ),
        },
      }),
      'l: its target has more than 4095 bytes',
    ],
    [
      'areas that go round in a circle',
      rockRidge([{ name: 'X', systemUse: continuation(FREE_BLOCK, 0, 28) }], {
        at: { [FREE_BLOCK]: continuation(FREE_BLOCK, 0, 28) },
      }),
      'x: its Rock Ridge fields cannot be read',
    ],
    [
      'an area behind the end',
      rockRidge([{ name: 'X', systemUse: continuation(0xffff_ffff, 0xffff_ffff, 10) }]),
      'x: its Rock Ridge fields cannot be read',
    ],
    [
      'an area of megabytes',
      rockRidge([{ name: 'X', systemUse: continuation(0, 0, 400_000) }]),
      'x: its Rock Ridge fields cannot be read',
    ],
    [
      'a name of thousands of bytes',
      rockRidge([{ name: 'X', systemUse: continuation(FREE_BLOCK, 0, 20_000) }], {
        at: { [FREE_BLOCK]: joined(...Array.from({ length: 100 }, () => nameEntry('n'.repeat(195), 1))) },
      }),
      'n'.repeat(195) + ': its name has more than 255 bytes',
    ],
    [
      'a folder elsewhere that is not there',
      rockRidge([named('away', susp('CL', [255, 255, 255, 255, 255, 255, 255, 255]))]),
      'away: its own directory is broken',
    ],
    [
      'a folder elsewhere that does not know of it',
      rockRidge([named('away', susp('CL', [ROOT_BLOCK, 0, 0, 0, 0, 0, 0, ROOT_BLOCK]))]),
      'away: it says that it is in another folder',
    ],
  ];
  for (const [what, disc, because] of cases) {
    test(what, async () => {
      const beside = disc.itself === undefined ? A_FILE : { ...named('beside'), data: ascii('text') };
      // Of a sector with a broken record nothing more is read.
      const isBytes = disc.root.some((part) => part instanceof Uint8Array);
      const other = { ...beside, name: 'BESIDE.;1' };
      const { names, leftOut } = await rootOf({
        ...disc,
        root: isBytes ? [other, ...disc.root] : [...disc.root, other],
      });
      expect(leftOut).toEqual([because]);
      expect(names.at(-1)).toBe('beside');
    });
  }
});

describe('a file in several parts', () => {
  const bytes = (from: number, length: number): Uint8Array =>
    new Uint8Array(length).map((_, at) => (from + at) & 0xff);

  test('has the bytes of all, in their order', async () => {
    const disc = await openMade({
      root: [
        { name: 'A.;1', data: bytes(0, 3000), flags: MORE },
        { name: 'A.;1', data: bytes(7, 2048), flags: MORE },
        { name: 'A.;1', data: bytes(9, 1) },
        { name: 'B.;1' },
      ],
    });
    const file = await nodeAt(disc, 'a');
    expect(file.size).toBe(5049);
    expect(await bytesOf(disc, file)).toEqual(new Uint8Array([...bytes(0, 3000), ...bytes(7, 2048), 9]));
    expect(file.extents).toHaveLength(2);
    expect((await disc.tree.entries(disc.tree.root, 0, 9)).map(({ name }) => name)).toEqual(['a', 'b']);
  });

  test('is one piece where the parts follow each other', async () => {
    const disc = await openMade({
      root: [
        { name: 'A.;1', data: bytes(0, 2048), flags: MORE },
        { name: 'A.;1', data: bytes(7, 10) },
      ],
    });
    expect((await nodeAt(disc, 'a')).extents).toEqual([{ offset: 100 * 2048, length: 2058 }]);
  });

  test('may be larger than 4 GiB', async () => {
    const part = 0xffff_f800;
    const bytes = makeDisc({
      root: [
        { name: 'A.;1', block: 200, bytes: part, flags: MORE },
        { name: 'A.;1', block: 200 + part / 2048 + 1, bytes: part, flags: MORE },
        { name: 'A.;1', block: 201 + (2 * part) / 2048, bytes: 5000 },
      ],
    });
    const size = 2 * part + 300 * 2048;
    // Behind the structures every byte is the number of its MiB.
    const read = (offset: number, length: number): Promise<Uint8Array> =>
      Promise.resolve(
        offset < 200 * 2048
          ? bytes.subarray(offset, offset + length)
          : Uint8Array.from({ length }, (_, at) => Math.floor((offset + at) / 2 ** 20) & 0xff),
      );
    const disc = await openIso9660({ size, read, close: () => Promise.resolve() });
    const file = await nodeAt(disc, 'a');
    expect(file.size).toBe(2 * part + 5000);
    // The first part ends before one block that is not of the file.
    expect(file.extents).toEqual([
      { offset: 200 * 2048, length: part },
      { offset: 201 * 2048 + part, length: part + 5000 },
    ]);
    const source = await disc.tree.open(file);
    const over = await source.read(part - 2, 4);
    expect([...over]).toEqual(
      [part - 2, part - 1, part + 2048, part + 2049].map(
        (at) => Math.floor((at + 200 * 2048) / 2 ** 20) & 0xff,
      ),
    );
    expect(await source.read(file.size - 1, 10)).toHaveLength(1);
  });

  test('is left out as a whole, once, where a part of it is', async () => {
    const root = [
      { name: 'A.;1', bytes: 2048, flags: MORE },
      { name: 'A.;1', bytes: 2048, flags: MORE, block: 0xffff_0000 },
      { name: 'A.;1', data: bytes(7, 10) },
      { name: 'B.;1' },
    ];
    expect(await rootOf({ root })).toEqual({
      names: ['b'],
      leftOut: ['a: its bytes lie behind the end of the image'],
    });
  });
});

test('the bytes of a file stand behind its extended attribute record', async () => {
  const disc = await openMade({ root: [{ ...A_FILE, attributeBlocks: 2 }] });
  expect(await bytesOf(disc, await nodeAt(disc, 'file.txt'))).toEqual(ascii('text'));
});

test('a folder that says it is longer than it is ends where another begins', async () => {
  const root = [
    { name: 'A', folder: [{ name: 'OF_A.;1' }], itself: { bytes: 3 * 2048 } },
    { name: 'B', folder: [{ name: 'OF_B.;1' }] },
  ];
  const disc = await openMade({ root });
  const folder = await nodeAt(disc, 'a');
  expect((await disc.tree.entries(folder, 0, 99)).map(({ name }) => name)).toEqual(['of_a']);
  expect(await disc.tree.leftOut(folder)).toEqual([
    { because: 'the folder goes on into another one', count: 1, first: '' },
  ]);
  expect((await disc.tree.entries(await nodeAt(disc, 'b'), 0, 99)).map(({ name }) => name)).toEqual(['of_b']);
});

test('a folder with too many records is refused, and the others are not', async () => {
  const record = recordBytes({ name: 'A' }, { block: 0, bytes: 0 });
  const sector = new Uint8Array(2048);
  for (let at = 0; at + record.length <= 2048; at += record.length) sector.set(record, at);
  // A folder of 32 MiB, of which every sector is the same.
  const bytes = makeDisc({ root: [{ name: 'MANY', folder: [], itself: { bytes: 2 ** 25 } }, A_FILE] });
  const size = 2 ** 26;
  const whole = {
    size,
    read: (offset: number, length: number) => {
      const piece = new Uint8Array(Math.min(length, size - offset));
      for (let at = 0; at < piece.length; at += 2048) piece.set(sector, at);
      piece.set(bytes.subarray(offset, offset + piece.length).subarray(0, Math.max(0, 60 * 2048 - offset)));
      return Promise.resolve(piece);
    },
    close: () => Promise.resolve(),
  };
  const disc = await openIso9660(whole);
  const names = (await disc.tree.entries(disc.tree.root, 0, 9)).map(({ name }) => name);
  expect(names).toEqual(['many', 'file.txt']);
  await expect(disc.tree.entries(await nodeAt(disc, 'many'), 0, 9)).rejects.toThrow(
    /more than 131072 records/,
  );
});
