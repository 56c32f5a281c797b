import { createCipheriv, createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cacheFolder } from './cache-folder.ts';
import { fetchKernel, type KernelFiles, type KernelPackage, wantedKernel } from './debian-kernel.ts';
import { TINY_INIT } from './tiny-init.ts';
import { buildInitrd, type ProgramFiles } from './tiny-initrd.ts';
import { type TinyFirmware, tinyKind, type TinyKind } from './tiny-kinds.ts';
import { renderTreeInfo } from './tree-info.ts';
import { fetchUnpacked, requireUnpacked } from './unpacked-packages.ts';

/** A Linux distribution of a few megabytes with an installer, made of Debian's own packages. */
export interface TinyDistribution {
  /** Its install tree. */
  readonly folder: string;
  readonly kernel: string;
  readonly initrd: string;
}

const KERNEL = 'images/pxeboot/vmlinuz';
const INITRD = 'images/pxeboot/initrd.img';
/** Change it when the tree changes otherwise than through the files it is made of. */
const TREE_FORMAT = 1;
/** Older trees are deleted from the cache when a new one is built. */
const TREES_KEPT = 8;
const PAYLOAD_BYTES = 1024 * 1024;
const PAYLOADS = ['Packages/base-1.0-1.x86_64.rpm', 'Packages/tools-1.0-1.x86_64.rpm'] as const;

/** What the tree is made of, besides the kernel. */
interface Ingredients {
  readonly kind: TinyKind;
  readonly programs: ProgramFiles;
  /** By path in the tree. */
  readonly loaders: ReadonlyMap<string, Buffer>;
}

/**
 * The tiny distribution, from the cache or built now.
 *
 * @param say told in sentences what is downloaded and built.
 * @throws LabRefusal when something it is made of cannot be had.
 */
export async function tinyDistribution(
  say: (sentence: string) => void,
  firmware: TinyFirmware = 'BIOS',
): Promise<TinyDistribution> {
  const cache = cacheFolder();
  const kind = tinyKind(firmware);
  await fetchUnpacked([...kind.unpacked, ...kind.loaders.map(({ from }) => from)], say);
  const ingredients = { kind, programs: kind.programs(), loaders: await readLoaders(kind) };
  const recipe = await recipeDigest(ingredients);
  // Any kernel does: fetching a newer one would only make a demo wait, and this works without apt.
  const [newest] = (await cachedTrees(cache)).filter((name) => name.endsWith(recipe));
  if (newest !== undefined) return distributionIn(join(cache, newest));
  return build(cache, recipe, ingredients, await wantedKernel(kind.packages, say), say);
}

async function readLoaders({ loaders }: TinyKind): Promise<ReadonlyMap<string, Buffer>> {
  const files = loaders.map(async ({ path, from }) => [path, await readFile(requireUnpacked(from))] as const);
  return new Map(await Promise.all(files));
}

async function build(
  cache: string,
  recipe: string,
  ingredients: Ingredients,
  kernelPackage: KernelPackage,
  say: (sentence: string) => void,
): Promise<TinyDistribution> {
  await mkdir(cache, { recursive: true });
  // Built beside its place and moved there whole: two that build at once do not meet.
  const work = await mkdtemp(join(cache, 'building-'));
  try {
    say(
      `Downloading ${kernelPackage.name} ${kernelPackage.version} (about 30 MB) from this computer's package archive`,
    );
    const kernel = await fetchKernel(kernelPackage, work);
    const tree = join(work, 'tree');
    await writeTree(tree, kernel, ingredients);
    const place = join(cache, treeName(kernelPackage, recipe));
    await rename(tree, place).catch((error: unknown) => {
      if (!existsSync(place)) throw error;
    });
    say(`Built the tiny distribution with kernel ${kernel.release} in ${place}`);
    for (const old of (await cachedTrees(cache)).slice(TREES_KEPT)) {
      await rm(join(cache, old), { recursive: true, force: true });
    }
    return distributionIn(place);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function writeTree(tree: string, kernel: KernelFiles, ingredients: Ingredients): Promise<void> {
  const { kind, programs, loaders } = ingredients;
  const files = new Map<string, Uint8Array>([
    [KERNEL, kernel.vmlinuz],
    [INITRD, await buildInitrd(kernel, programs, kind.modules)],
    ...loaders,
    ...PAYLOADS.map((path, index) => [path, payload(index)] as const),
    ['repodata/repomd.xml', Buffer.from('<?xml version="1.0" encoding="UTF-8"?>\n<repomd/>\n')],
  ]);
  const sha256 = [...files].map(([path, bytes]) => ({
    path,
    digest: createHash('sha256').update(bytes).digest('hex'),
  }));
  const treeInfo = renderTreeInfo({
    name: 'Tiny Linux',
    short: 'Tiny',
    version: '1',
    architecture: kind.architecture,
    kernel: KERNEL,
    initrd: INITRD,
    builtAtSeconds: Math.floor(Date.now() / 1000),
    sha256,
  });
  for (const [path, bytes] of [...files, ['.treeinfo', Buffer.from(treeInfo)] as const]) {
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await writeFile(join(tree, path), bytes);
  }
}

/** Bytes no compression makes smaller, the same every time: what packages look like on the wire. */
function payload(index: number): Buffer {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, index), Buffer.alloc(16));
  return cipher.update(Buffer.alloc(PAYLOAD_BYTES));
}

function distributionIn(folder: string): TinyDistribution {
  return { folder, kernel: join(folder, KERNEL), initrd: join(folder, INITRD) };
}

function treeName(kernel: KernelPackage, recipe: string): string {
  return `tiny-${kernel.name.replaceAll(':', '-')}-${kernel.version.replaceAll(/[^\w.+-]/g, '_')}-${recipe}`;
}

/** Newest first. */
async function cachedTrees(cache: string): Promise<readonly string[]> {
  const names = await readdir(cache).catch(() => []);
  const trees = names.filter((name) => name.startsWith('tiny-'));
  const dated = await Promise.all(
    trees.map(async (name) => ({ name, builtAtMs: (await stat(join(cache, name))).mtimeMs })),
  );
  return dated.sort((a, b) => b.builtAtMs - a.builtAtMs).map(({ name }) => name);
}

/** Over everything but the kernel that the tree is made of: another init or busybox makes another tree. */
async function recipeDigest({ kind, programs: { busybox, bios }, loaders }: Ingredients): Promise<string> {
  const digest = createHash('sha256').update(JSON.stringify([TREE_FORMAT, kind.modules, TINY_INIT]));
  for (const path of [busybox, ...(bios ? [bios.extlinux, bios.bootCode] : [])])
    digest.update(await readFile(path));
  for (const [path, bytes] of loaders) digest.update(path).update(bytes);
  return digest.digest('hex').slice(0, 12);
}
