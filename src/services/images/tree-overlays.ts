import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageStore } from '../../core/images/image-store.ts';
import type { Clock } from '../../lib/clock.ts';

export interface TreeOverlaysNeeds {
  readonly images: Pick<ImageStore, 'list'>;
  /** `DATA/overlays`: a folder for each image that has some, with `tree` in it. */
  readonly folder: string;
  readonly clock: Clock;
}

/** How often it is looked whether there is one. */
const LOOK_AGAIN_MS = 1_000;
const MAX_REMEMBERED = 256;

/** Folders whose files take the place of an image's own, or are added to them: `DATA/overlays/IMAGE/tree`. */
export class TreeOverlays {
  readonly #needs: TreeOverlaysNeeds;
  /** By the root of an image. */
  readonly #known = new Map<
    string,
    { readonly folder: Promise<string | undefined>; readonly atMs: number }
  >();

  constructor(needs: TreeOverlaysNeeds) {
    this.#needs = needs;
  }

  /** Undefined for an image without one. @param root its folder or disc image; of images that share it, the first by name. */
  readonly of = async (root: string): Promise<string | undefined> => {
    const nowMs = this.#needs.clock.nowMs();
    const known = this.#known.get(root);
    if (known && Math.abs(nowMs - known.atMs) < LOOK_AGAIN_MS) return await known.folder;
    if (this.#known.size >= MAX_REMEMBERED) this.#known.clear();
    const folder = this.#look(root);
    this.#known.set(root, { folder, atMs: nowMs });
    return await folder;
  };

  async #look(root: string): Promise<string | undefined> {
    const { images, folder } = this.#needs;
    const image = (await images.list()).find((one) => one.folder === root);
    if (!image) return undefined;
    const own = join(folder, image.name, 'tree');
    try {
      return (await stat(own)).isDirectory() ? own : undefined;
    } catch {
      return undefined; // Most images have none.
    }
  }
}
