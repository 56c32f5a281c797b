import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ByteSource } from '../../lib/byte-source.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import type { FileTree, TreeNode } from '../../lib/file-tree.ts';
import { openIso9660 } from './iso9660-disc.ts';
import {
  ascii,
  both32,
  continuation,
  FREE_BLOCK,
  joined,
  linkEntry,
  type MadeEntry,
  makeDisc,
  modeEntry,
  nameEntry,
  ROOT_BLOCK,
  rockRidgeRoot,
  susp,
} from './suite/made-disc.ts';

/**
 * Discs of which bytes were changed, at random and in places that matter: whatever is asked of them ends soon, and
 * nothing but a DecodeError comes out.
 */
const SECTOR = 2048;
const FILES: readonly MadeEntry[] = [
  { name: 'A.;1', data: ascii('a'), systemUse: joined(nameEntry('a'), modeEntry(0o100_644)) },
  {
    name: 'LINK.;1',
    systemUse: joined(
      nameEntry('link'),
      modeEntry(0o120_777),
      linkEntry([
        [4, ''],
        [0, 'a'],
      ]),
    ),
  },
  { name: 'LONG.;1', systemUse: continuation(FREE_BLOCK, 100, 400) },
  { name: 'PARTS.;1', data: new Uint8Array(2048), flags: 0x80 },
  { name: 'PARTS.;1', data: new Uint8Array(2048), flags: 0x80 },
  { name: 'PARTS.;1', data: new Uint8Array(5) },
];
const folder = (name: string, ...parts: readonly MadeEntry[]): MadeEntry => ({ name, folder: parts });
/** The folder of relocated ones is the first behind the root, what is in it the next, and its home the third. */
const [RELOCATED, HOME] = [ROOT_BLOCK + 2, ROOT_BLOCK + 3];
const ROOT: readonly MadeEntry[] = [
  {
    name: 'RR_MOVED',
    folder: [
      {
        ...folder('AWAY', ...FILES),
        systemUse: joined(nameEntry('away'), susp('RE')),
        parent: { systemUse: susp('PL', both32(HOME)) },
      },
    ],
  },
  folder(
    'HOME',
    { name: 'HERE', systemUse: joined(nameEntry('here'), susp('CL', both32(RELOCATED))) },
    ...FILES,
  ),
  folder('MANY', ...Array.from({ length: 60 }, (_, index) => ({ name: `F${index}.;1`, data: ascii('f') }))),
  folder('ONE', folder('TWO', folder('THREE', ...FILES))),
  ...FILES,
];
const letters = (name: string | Uint8Array): number[] => [...(typeof name === 'string' ? ascii(name) : name)];
const inUcs2 = (entry: MadeEntry): MadeEntry => ({
  name: Uint8Array.from(letters(entry.name).flatMap((letter) => [0, letter])),
  ...(entry.data && { data: entry.data }),
  ...(entry.flags && { flags: entry.flags }),
  ...(entry.folder && { folder: entry.folder.map((part) => inUcs2(part as MadeEntry)) }),
});
const DISCS = {
  'with Rock Ridge': makeDisc({
    root: ROOT,
    itself: { systemUse: rockRidgeRoot() },
    at: {
      [FREE_BLOCK]: joined(
        new Uint8Array(100),
        nameEntry('l'.repeat(100), 1),
        nameEntry('m'.repeat(100)),
        continuation(FREE_BLOCK + 1, 0, 200),
      ),
    },
  }),
  'with Joliet': makeDisc({ root: [], joliet: ROOT.slice(1).map(inUcs2) }),
  'with blocks of 512 bytes': makeDisc({ root: ROOT.slice(1), blockBytes: 512 }),
};

/** Of each disc; twenty thousand were run when the reader was written. */
const RUNS = 200;
const FIRST = 16 * SECTOR;
const STRUCTURES = 30 * SECTOR;

type Change = (bytes: Uint8Array) => void;

/** Where structures are; most of them in the first bytes of a sector. */
const place = fc.oneof(
  fc.nat(STRUCTURES).map((at) => FIRST + at),
  fc.tuple(fc.nat(29), fc.nat(500)).map(([sector, at]) => FIRST + sector * SECTOR + at),
  fc.nat(SECTOR).map((at) => FREE_BLOCK * SECTOR + at),
);
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(place, fc.nat(255)).map(
    ([at, value]) =>
      (bytes: Uint8Array) =>
        void (bytes[at] = value),
  ),
  fc.tuple(place, fc.constantFrom(0, 1, 2, 0x80, 0xff)).map(
    ([at, value]) =>
      (bytes: Uint8Array) =>
        void (bytes[at] = value),
  ),
  // A number that names a block.
  fc.tuple(place, fc.nat(60)).map(
    ([at, block]) =>
      (bytes: Uint8Array) =>
        bytes.set(both32(block), at),
  ),
  fc.tuple(place, fc.uint8Array({ maxLength: 40 })).map(
    ([at, part]) =>
      (bytes: Uint8Array) =>
        bytes.set(part, at),
  ),
  // One sector in the place of another.
  fc.tuple(fc.nat(29), fc.nat(29)).map(
    ([from, to]) =>
      (bytes: Uint8Array) =>
        void bytes.copyWithin(FIRST + to * SECTOR, FIRST + from * SECTOR, FIRST + (from + 1) * SECTOR),
  ),
  // An entry of SUSP or a record where none was.
  fc.tuple(place, fc.constantFrom('CE', 'NM', 'SL', 'PL', 'CL', 'RE', 'PX', 'TF', 'ER', 'ST')).map(
    ([at, letters]) =>
      (bytes: Uint8Array) =>
        bytes.set(ascii(letters), at),
  ),
);

describe('discs with wrong bytes', () => {
  for (const [what, disc] of Object.entries(DISCS)) {
    test(`${what}: everything that is asked ends, and is read or refused`, async () => {
      expect(await readAll(counted(disc))).toBeGreaterThan(60);
      await fc.assert(
        fc.asyncProperty(
          fc.array(change, { minLength: 1, maxLength: 12 }),
          fc.boolean(),
          async (changes, isCut) => {
            const bytes = disc.slice(0, isCut ? 110 * SECTOR : disc.length);
            for (const apply of changes) {
              try {
                apply(bytes);
              } catch (error) {
                // It would go over the end.
                expect(error).toBeInstanceOf(RangeError);
              }
            }
            const source = counted(bytes);
            try {
              await readAll(source);
            } catch (error) {
              if (!(error instanceof DecodeError)) throw error;
            }
            expect(source.reads).toBeLessThan(1000);
          },
        ),
        { numRuns: RUNS },
      );
    });
  }

  test('bytes without any order are no disc', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 0, maxLength: 300 }), fc.nat(20), async (part, sectors) => {
        const bytes = new Uint8Array(FIRST + sectors * SECTOR).map(
          (_, at) => part[at % (part.length || 1)] ?? 0,
        );
        await expect(openIso9660(counted(bytes))).rejects.toThrow(DecodeError);
      }),
      { numRuns: 200 },
    );
  });
});

/** Everything there is, by all ways: gives how many nodes. */
async function readAll(source: ByteSource): Promise<number> {
  const { tree } = await openIso9660(source);
  const seen = new Set<number>([tree.root.id]);
  const folders: TreeNode[] = [tree.root];
  // The list grows while it is gone through.
  for (const node of folders) {
    const entries = await refusedOr(tree.entries(node, 0, 10_000), []);
    for (const entry of entries) {
      if (seen.has(entry.node.id)) throw new Error(`Two nodes have the id ${entry.node.id}`);
      seen.add(entry.node.id);
      expectName(entry.name);
      await readNode(tree, node, entry.name, entry.node);
      if (entry.node.kind === 'folder') folders.push(entry.node);
    }
    await refusedOr(tree.leftOut(node), []);
  }
  return seen.size;
}

async function readNode(tree: FileTree, parent: TreeNode, name: string, node: TreeNode): Promise<void> {
  if ((await tree.byId(node.id))?.id !== node.id) throw new Error(`${name} is not found by its id`);
  if ((await tree.child(parent, name))?.id !== node.id) throw new Error(`${name} is not found by its name`);
  if ((await tree.parent(node)).id !== parent.id) throw new Error(`${name} is in another folder`);
  if (node.kind === 'link') {
    if ((await tree.target(node)) === '') throw new Error(`${name} leads nowhere`);
  }
  if (node.kind !== 'file') return;
  const file = await tree.open(node);
  let length = 0;
  for (let part = 1; part > 0; length += part) part = (await file.read(length, 100_000)).length;
  if (length !== node.size || file.size !== node.size) throw new Error(`${name} has ${length} bytes`);
}

function expectName(name: string): void {
  if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name))
    throw new Error(`A name is "${name}"`);
}

async function refusedOr<T>(asked: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof DecodeError) return otherwise;
    throw error;
  }
}

function counted(bytes: Uint8Array): ByteSource & { readonly reads: number } {
  return {
    size: bytes.length,
    reads: 0,
    read(offset, length) {
      (this as { reads: number }).reads += 1;
      return Promise.resolve(bytes.subarray(offset, offset + length));
    },
    close: () => Promise.resolve(),
  };
}
