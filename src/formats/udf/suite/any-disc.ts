import { bytesOf, type FilePlan, type FolderPlan, type UdfPlan } from './udf-plan.ts';

/** Bytes that differ from place to place, so that pieces in a wrong order are seen. */
export function someBytes(length: number, seed: number): Uint8Array {
  return new Uint8Array(length).map((_, index) => (index * 7 + seed * 31 + (index >> 8) * 3) & 0xff);
}

const shared: FilePlan = { kind: 'file', placed: 'long', parts: [someBytes(5000, 1)] };

/** One of each way in which a file may lie on a disc. */
function filesOfEveryKind({
  blockBytes,
  metadata,
}: Pick<UdfPlan, 'blockBytes' | 'metadata'>): Readonly<Record<string, FilePlan>> {
  const block = (count: number, seed: number): Uint8Array => someBytes(count * blockBytes, seed);
  return {
    'in its entry': { kind: 'file', placed: 'embedded', parts: [someBytes(100, 2)] },
    empty: { kind: 'file', placed: 'embedded', parts: [] },
    'Größe.bin': shared,
    '漢字 😀': shared,
    'with holes': {
      kind: 'file',
      placed: 'long',
      parts: [block(3, 3), blockBytes * 2, someBytes(77, 4), 500],
    },
    'in many lists': {
      kind: 'file',
      placed: 'long',
      parts: [block(1, 5), block(2, 6), block(1, 7), block(3, 8), someBytes(9, 9)],
      listed: 2,
    },
    extended: { kind: 'file', placed: 'extended', parts: [block(2, 10), someBytes(11, 11)] },
    'real time': { kind: 'file', placed: 'long', parts: [someBytes(3000, 12)], type: 249 },
    // Short places are in the partition of the entry, where no bytes of files may be.
    short: { kind: 'file', placed: metadata === 'none' ? 'short' : 'long', parts: [block(1, 13)] },
  };
}

/** A disc with one of everything, and what is on it by path: the bytes, or the target of a link. */
export function discOfEverything(plan: Omit<UdfPlan, 'root'>): {
  readonly plan: UdfPlan;
  readonly expected: ReadonlyMap<string, Uint8Array | 'folder' | { readonly target: string }>;
} {
  const { blockBytes } = plan;
  const files = filesOfEveryKind(plan);
  const inside: FilePlan = { kind: 'file', placed: 'long', parts: [someBytes(blockBytes + 1, 14)] };
  const deep: FolderPlan = {
    kind: 'folder',
    embedded: true,
    names: [{ name: 'file', node: inside, extra: 8 }],
  };
  const many = Array.from({ length: 60 }, (_, index) => ({ name: `number ${index}`, node: shared }));
  const root: FolderPlan = {
    kind: 'folder',
    names: [
      ...Object.entries(files).map(([name, node]) => ({ name, node })),
      { name: 'hidden', node: shared, characteristics: 1 },
      { name: 'deleted', node: shared, characteristics: 4 },
      { name: 'folder', node: { kind: 'folder', names: [{ name: 'deep', node: deep }] } },
      { name: 'many', node: { kind: 'folder', names: many } },
      {
        name: 'link',
        node: {
          kind: 'link',
          components: [
            [3, ''],
            [5, 'ä b'],
            [4, ''],
            [5, 'c'],
          ],
        },
      },
      {
        name: 'to the root',
        node: {
          kind: 'link',
          components: [
            [2, ''],
            [5, 'etc'],
          ],
        },
      },
    ],
  };
  const expected = new Map<string, Uint8Array | 'folder' | { readonly target: string }>([
    ...Object.entries(files).map(([name, node]) => [name, bytesOf(node)] as const),
    ['hidden', bytesOf(shared)],
    ['folder', 'folder'],
    ['folder/deep', 'folder'],
    ['folder/deep/file', bytesOf(inside)],
    ['many', 'folder'],
    ...many.map(({ name }) => [`many/${name}`, bytesOf(shared)] as const),
    ['link', { target: '../ä b/./c' }],
    ['to the root', { target: '/etc' }],
  ]);
  return { plan: { ...plan, root }, expected };
}
