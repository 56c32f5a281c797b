/**
 * `index-load.ts DISC.iso`: opens a disc image, walks all of it, and finds each of its files again by its number as NFS
 * asks for them; prints how long that took and what memory it kept. A process of its own, with `--expose-gc`.
 */
import { openDisc } from '../../src/services/images/open-disc.ts';
import type { FileTree, TreeNode } from '../../src/lib/file-tree.ts';

export interface IndexReport {
  readonly nodes: number;
  readonly foundAgain: number;
  readonly openSeconds: number;
  readonly walkSeconds: number;
  readonly findSeconds: number;
  readonly keptMib: number;
  readonly highestMib: number;
}

const MIB = 2 ** 20;
const PAGE = 1_000;

const [, , path] = process.argv;
if (path === undefined) throw new Error('The path of a disc image is missing');
const collect = (globalThis as { readonly gc?: () => void }).gc ?? (() => undefined);

collect();
const before = memory();
const startMs = performance.now();
const opened = await openDisc(path);
if (!opened.opened) throw new Error(opened.because);
const { tree, source } = opened.disc;
const openedMs = performance.now();
const ids = await walk(tree);
const walkedMs = performance.now();
let foundAgain = 0;
for (const id of ids) if ((await tree.byId(id)) !== undefined) foundAgain += 1;
const foundMs = performance.now();
const nodes = ids.length;
ids.length = 0;
collect();
const report: IndexReport = {
  nodes,
  foundAgain,
  openSeconds: (openedMs - startMs) / 1000,
  walkSeconds: (walkedMs - openedMs) / 1000,
  findSeconds: (foundMs - walkedMs) / 1000,
  keptMib: (memory() - before) / MIB,
  highestMib: process.resourceUsage().maxRSS / 1024,
};
process.stdout.write(`${JSON.stringify(report)}\n`);
await source.close();

function memory(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

async function walk(disc: FileTree): Promise<TreeNode['id'][]> {
  const found: TreeNode['id'][] = [];
  const folders: TreeNode[] = [disc.root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (let after = 0; ; ) {
      const entries = await disc.entries(folder, after, PAGE);
      for (const { node } of entries) {
        found.push(node.id);
        if (node.kind === 'folder') folders.push(node);
      }
      const last = entries.at(-1);
      if (last === undefined) break;
      after = last.cookie;
    }
  }
  return found;
}
