import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sourceOfBytes } from '../../lib/byte-source.ts';
import type { FileTree, TreeNode } from '../../lib/file-tree.ts';
import { openIso9660 } from './iso9660-disc.ts';
import { nodeId } from './node-id.ts';
import {
  ascii,
  both32,
  FREE_BLOCK,
  joined,
  linkEntry,
  type MadeDisc,
  type MadeEntry,
  makeDisc,
  modeEntry,
  nameEntry,
  ROOT_BLOCK,
  recordBytes,
  rockRidgeRoot,
  susp,
} from './suite/made-disc.ts';
import { nodeAt, openMade } from './suite/read-made.ts';

const folder = (name: string, ...parts: readonly MadeEntry[]): MadeEntry => ({ name, folder: parts });
const TREE: MadeDisc = {
  root: [
    folder('A', folder('B', folder('C', { name: 'DEEP.TXT;1', data: ascii('deep') }), { name: 'X.;1' })),
    folder('EMPTY'),
    { name: 'FILE.TXT;1', data: ascii('text') },
  ],
};

interface Walked {
  readonly path: string;
  readonly node: TreeNode;
  readonly parent: TreeNode;
}

async function walk(tree: FileTree): Promise<readonly Walked[]> {
  const found: Walked[] = [{ path: '', node: tree.root, parent: tree.root }];
  // The list grows while it is gone through.
  for (const { path, node } of found) {
    if (node.kind !== 'folder') continue;
    const entries = await tree.entries(node, 0, 1000);
    found.push(
      ...entries.map(({ name, node: below }) => ({ path: `${path}/${name}`, node: below, parent: node })),
    );
  }
  return found;
}

test('every node is found by its id, by its name and from below, also after a restart', async () => {
  const nodes = await walk((await openMade(TREE)).tree);
  expect(nodes.map(({ path }) => path)).toEqual([
    '',
    '/a',
    '/empty',
    '/file.txt',
    '/a/b',
    '/a/b/c',
    '/a/b/x',
    '/a/b/c/deep.txt',
  ]);
  expect(new Set(nodes.map(({ node }) => node.id)).size).toBe(nodes.length);
  for (const { path, node, parent } of nodes) {
    // Each time a tree that has read nothing yet.
    const { tree } = await openMade(TREE);
    expect(await tree.byId(node.id)).toEqual(node);
    expect(await (await openMade(TREE)).tree.parent(node)).toEqual(parent);
    const name = path.split('/').at(-1) ?? '';
    if (path !== '') expect(await (await openMade(TREE)).tree.child(parent, name)).toEqual(node);
    expect(await tree.child(tree.root, 'not there')).toBeUndefined();
  }
});

test('an id that somebody made up gives nothing', async () => {
  // A file that looks like a folder of the root, with a file in it.
  const inside = joined(
    recordBytes({ name: '\0', flags: 2 }, { block: 100, bytes: 2048 }),
    recordBytes({ name: '\u0001', flags: 2 }, { block: ROOT_BLOCK, bytes: 2048 }),
    recordBytes({ name: 'SECRET.;1' }, { block: 0, bytes: 2048 }),
  );
  const { tree } = await openMade({ root: [{ name: 'FILE.;1', data: inside }] });
  const right = new Set((await walk(tree)).map(({ node }) => node.id));
  const near = [100, ROOT_BLOCK, 16, 255, 256, 2 ** 28 - 1].flatMap((block) =>
    Array.from({ length: 300 }, (_, position) => nodeId(block, position)),
  );
  const odd = [0, -1, 0.5, Number.NaN, Number.MAX_SAFE_INTEGER, 2 ** 60, Infinity];
  for (const id of [...near, ...odd]) {
    if (!right.has(id)) expect(await tree.byId(id)).toBeUndefined();
  }
  await fc.assert(
    fc.asyncProperty(fc.maxSafeNat(), async (id) => {
      fc.pre(!right.has(id));
      expect(await tree.byId(id)).toBeUndefined();
    }),
  );
});

test('folders that say of each other that they are in the other lead nowhere', async () => {
  const circle = (block: number, other: number): Uint8Array =>
    joined(
      recordBytes({ name: '\0', flags: 2 }, { block, bytes: 2048 }),
      recordBytes({ name: '\u0001', flags: 2 }, { block: other, bytes: 2048 }),
      recordBytes({ name: 'OTHER', flags: 2 }, { block: other, bytes: 2048 }),
    );
  const { tree } = await openMade({
    root: [{ name: 'IN', flags: 2, block: FREE_BLOCK }],
    at: {
      [FREE_BLOCK]: circle(FREE_BLOCK, FREE_BLOCK + 1),
      [FREE_BLOCK + 1]: circle(FREE_BLOCK + 1, FREE_BLOCK),
    },
  });
  expect(await tree.entries(tree.root, 0, 9)).toEqual([]);
  expect(await tree.byId(nodeId(FREE_BLOCK, 0))).toBeUndefined();
  expect(await tree.byId(nodeId(FREE_BLOCK + 1, 0))).toBeUndefined();
});

test('a folder that lies elsewhere is shown where it belongs, and the place where it lies is not', async () => {
  // The folder of relocated ones is the first directory behind the root, and what is in it the second.
  const [moved, relocated, home] = [ROOT_BLOCK + 1, ROOT_BLOCK + 2, ROOT_BLOCK + 3];
  const away = folder('AWAY', { name: 'INSIDE.;1', systemUse: nameEntry('inside') });
  const disc: MadeDisc = {
    itself: { systemUse: rockRidgeRoot() },
    root: [
      {
        name: 'RR_MOVED',
        folder: [
          {
            ...away,
            systemUse: joined(nameEntry('away'), susp('RE')),
            itself: { systemUse: modeEntry(0o040_710) },
            parent: { systemUse: susp('PL', both32(home)) },
          },
        ],
      },
      folder('HOME', { name: 'AWAY', systemUse: joined(nameEntry('here'), susp('CL', both32(relocated))) }),
    ],
  };
  const { tree } = await openMade(disc);
  const nodes = await walk(tree);
  expect(nodes.map(({ path }) => path)).toEqual(['', '/home', '/home/here', '/home/here/inside']);
  const here = nodes[2]!.node;
  expect(here).toMatchObject({ kind: 'folder', mode: 0o710, id: nodeId(relocated, 0) });
  expect(await (await openMade(disc)).tree.byId(here.id)).toEqual(here);
  expect(await tree.parent(here)).toEqual(nodes[1]!.node);
  expect(await tree.byId(nodeId(moved, 0))).toBeUndefined();
  expect(await tree.leftOut(tree.root)).toEqual([]);
});

test('a folder with the name of those is shown where something else is in it', async () => {
  const { tree } = await openMade({
    itself: { systemUse: rockRidgeRoot() },
    root: [folder('RR_MOVED', { name: 'FILE.;1' }), folder('.RR_MOVED')],
  });
  expect((await walk(tree)).map(({ path }) => path)).toEqual([
    '',
    '/rr_moved',
    '/.rr_moved',
    '/rr_moved/file',
  ]);
});

test('entries go on behind any of them', async () => {
  const root = Array.from({ length: 100 }, (_, index) => ({ name: `F${index}.;1` }));
  const { tree } = await openMade({ root });
  const all = await tree.entries(tree.root, 0, 1000);
  for (const [index, { cookie }] of all.entries()) {
    expect(await tree.entries(tree.root, cookie, 2)).toEqual(all.slice(index + 1, index + 3));
    expect(await tree.entries(tree.root, cookie - 1, 1)).toEqual(all.slice(index, index + 1));
  }
  expect(await tree.entries(tree.root, 0, 0)).toEqual([]);
  expect(await tree.entries(tree.root, Number.MAX_SAFE_INTEGER, 5)).toEqual([]);
});

test('links are read again when somebody asks where they lead', async () => {
  const disc = await openMade({
    itself: { systemUse: rockRidgeRoot() },
    root: [
      {
        name: 'L.;1',
        systemUse: joined(
          nameEntry('l'),
          modeEntry(0o120_777),
          linkEntry([
            [4, ''],
            [0, 'é'],
          ]),
        ),
      },
    ],
  });
  const link = await nodeAt(disc, 'l');
  expect(link).toMatchObject({ kind: 'link', size: '../\uFFFD'.length + 2, mode: 0o777 });
  expect(await disc.tree.target(link)).toBe('../\uFFFD');
});

test('what is asked of the wrong kind of node is an error of the caller', async () => {
  const disc = await openMade(TREE);
  const [{ tree }, file] = [disc, await nodeAt(disc, 'file.txt')];
  for (const asking of [
    tree.entries(file, 0, 9),
    tree.child(file, 'x'),
    tree.target(file),
    tree.open(tree.root),
  ])
    await expect(asking).rejects.toThrow(RangeError);
});

test('whoever asks for the same folders at once has the disc read once', async () => {
  const bytes = makeDisc(TREE);
  let reads = 0;
  const disc = await openIso9660({
    ...sourceOfBytes(bytes),
    async read(offset, length) {
      reads += 1;
      await new Promise((resolve) => setImmediate(resolve));
      return bytes.subarray(offset, offset + length);
    },
  });
  const ids = (await walk((await openMade(TREE)).tree)).map(({ node }) => node.id);
  const found = await Promise.all([...ids, ...ids, ...ids].map((id) => disc.tree.byId(id)));
  expect(found.map((node) => node?.id)).toEqual([...ids, ...ids, ...ids]);
  expect(reads).toBeLessThanOrEqual(2);
});

test('a folder 300 levels deep is cut off, in the same place whoever asks', async () => {
  // Directories of one sector each, one in the other.
  const levels = 300;
  const at: Record<number, Uint8Array> = {};
  const first = 300;
  for (let level = 0; level < levels; level += 1) {
    const block = first + level;
    at[block] = joined(
      recordBytes({ name: '\0', flags: 2 }, { block, bytes: 2048 }),
      recordBytes({ name: '\u0001', flags: 2 }, { block: level === 0 ? ROOT_BLOCK : block - 1, bytes: 2048 }),
      recordBytes({ name: 'D', flags: 2 }, { block: block + 1, bytes: 2048 }),
    );
  }
  const bytes = new Uint8Array((first + levels + 1) * 2048);
  bytes.set(makeDisc({ root: [{ name: 'D', flags: 2, block: first }] }));
  for (const [block, piece] of Object.entries(at)) bytes.set(piece, Number(block) * 2048);
  const open = async (): Promise<FileTree> => (await openIso9660(sourceOfBytes(bytes))).tree;
  const nodes = await walk(await open());
  expect(nodes).toHaveLength(257);
  const last = nodes.at(-1)!.node;
  expect(await (await open()).byId(last.id)).toEqual(last);
  expect(await (await open()).entries(last, 0, 9)).toEqual([]);
  expect(await (await open()).byId(nodeId(first + 256, 0))).toBeUndefined();
});
