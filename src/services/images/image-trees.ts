import { createHash } from 'node:crypto';
import type { Image } from '../../core/images/image.ts';
import type { ImageStore } from '../../core/images/image-store.ts';
import type { Clock } from '../../lib/clock.ts';
import type { FileTree } from '../../lib/file-tree.ts';
import { mountedTrees } from '../../lib/mounted-trees.ts';
import type { TreeRoots } from './tree-roots.ts';

/** An image with its tree. */
export interface ImageTree {
  readonly image: Image;
  readonly tree: FileTree;
  /** Of 32 bits; made of its name, so that it is the same after a restart, and on another server with the same image. */
  readonly number: number;
}

export interface ImageTreesNeeds {
  readonly images: Pick<ImageStore, 'list'>;
  readonly roots: Pick<TreeRoots, 'tree'>;
  readonly clock: Clock;
}

/** The folder that all images are in, over FTP as over HTTP. */
export const IMAGES_FOLDER = 'images';
/** An image that was added or taken away is there or gone after this; NFS asks for each call. */
const LISTED_MS = 1_000;

/** All images, for the doors that show whole trees. */
export class ImageTrees {
  /** `/images/NAME/…` */
  readonly all: FileTree;
  readonly #needs: ImageTreesNeeds;
  #listed: { readonly trees: Promise<readonly ImageTree[]>; readonly atMs: number } | undefined;

  constructor(needs: ImageTreesNeeds) {
    this.#needs = needs;
    this.all = mountedTrees(IMAGES_FOLDER, async () =>
      (await this.list()).map(({ image, tree }) => ({ name: image.name, open: async () => tree })),
    );
  }

  /** Those that can be read now, by name. */
  async list(): Promise<readonly ImageTree[]> {
    const nowMs = this.#needs.clock.nowMs();
    const listed = this.#listed;
    if (listed && Math.abs(nowMs - listed.atMs) < LISTED_MS) return await listed.trees;
    const trees = this.#read();
    this.#listed = { trees, atMs: nowMs };
    try {
      return await trees;
    } catch (error) {
      this.#listed = undefined;
      throw error;
    }
  }

  async byName(name: string): Promise<ImageTree | undefined> {
    return (await this.list()).find(({ image }) => image.name === name);
  }

  async byNumber(number: number): Promise<ImageTree | undefined> {
    return (await this.list()).find((one) => one.number === number);
  }

  async #read(): Promise<readonly ImageTree[]> {
    const { images, roots } = this.#needs;
    const found = await Promise.all(
      (await images.list()).map(async (image) => ({ image, opened: await roots.tree(image.folder) })),
    );
    return found.flatMap(({ image, opened }) =>
      opened.found ? [{ image, tree: opened.tree, number: numberOf(image.name) }] : [],
    );
  }
}

function numberOf(name: string): number {
  return createHash('sha256').update(name).digest().readUInt32BE();
}
