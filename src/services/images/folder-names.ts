import { opendir, stat } from 'node:fs/promises';
import { editDistance } from '../../lib/edit-distance.ts';
import type { Clock } from '../../lib/clock.ts';
import { realFolderInside } from './folder-tree.ts';

/** Names of one folder that are looked at; of a larger one, those that the system lists first. */
const MAX_NAMES = 10_000;
/** Folders whose names are remembered; the one not asked for longest is forgotten. */
const MAX_FOLDERS = 64;
/** A folder that changed more recently than this may change again without showing another time. */
const SETTLED_MS = 2_000;
/** Names that are compared to find the nearest one. */
const MAX_COMPARED = 2_000;
/** Letters by which the nearest name may differ. */
const NEAR = 2;

/** Whether a folder has a file whose name differs from the wanted one only by upper and lower case. */
export type LikeName =
  | { readonly like: 'one'; readonly path: string }
  /** Nobody can tell which is meant. */
  | { readonly like: 'several'; readonly because: string }
  /** `nearest` is a path that is there and looks alike. */
  | { readonly like: 'none'; readonly nearest?: string };

interface Listing {
  /** Of the folder, as it was when its names were read. */
  readonly identity: string;
  readonly names: readonly string[];
  /** Names by their lower-case form. */
  readonly folded: ReadonlyMap<string, readonly string[]>;
}

/** Finds names that are like those that are not there. Folders are read again only when they have changed. */
export class FolderNames {
  readonly #clock: Clock;
  readonly #listings = new Map<string, Listing>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * @param path with `/` between names, none of them empty or `..`.
   * @param wanted `like and nearest` also compares all names when none is like it.
   */
  async find(root: string, path: string, wanted: 'like' | 'like and nearest'): Promise<LikeName> {
    const taken: string[] = [];
    for (const part of path.split('/')) {
      const listing = await this.#list(root, taken.join('/'));
      if (!listing) return { like: 'none' };
      const alike = listing.folded.get(part.toLowerCase()) ?? [];
      const exact = alike.includes(part) ? part : undefined;
      const [first, second] = alike;
      if (exact === undefined && first !== undefined && second !== undefined) {
        const both = [first, second].map((name) => `"${[...taken, name].join('/')}"`).join(' and ');
        return {
          like: 'several',
          because: `${both} differ from it only by case: nobody can tell which is meant`,
        };
      }
      const name = exact ?? first;
      if (name === undefined) {
        const nearest = wanted === 'like' ? undefined : nearestOf(part, listing.names);
        return { like: 'none', ...(nearest === undefined ? {} : { nearest: [...taken, nearest].join('/') }) };
      }
      taken.push(name);
    }
    return { like: 'one', path: taken.join('/') };
  }

  async #list(root: string, relativePath: string): Promise<Listing | undefined> {
    const folder = await realFolderInside(root, relativePath);
    if (folder === undefined) return undefined;
    try {
      const { dev, ino, mtimeNs, mtimeMs } = await stat(folder, { bigint: true });
      const identity = `${dev} ${ino} ${mtimeNs}`;
      const known = this.#listings.get(folder);
      this.#listings.delete(folder);
      const listing = known?.identity === identity ? known : await readListing(folder, identity);
      if (this.#clock.nowMs() - Number(mtimeMs) > SETTLED_MS) this.#remember(folder, listing);
      return listing;
    } catch {
      // It went away, or may not be read: then nothing in it is like anything.
      return undefined;
    }
  }

  #remember(folder: string, listing: Listing): void {
    this.#listings.set(folder, listing);
    if (this.#listings.size <= MAX_FOLDERS) return;
    const [oldest] = this.#listings.keys();
    if (oldest !== undefined) this.#listings.delete(oldest);
  }
}

async function readListing(folder: string, identity: string): Promise<Listing> {
  const names: string[] = [];
  for await (const { name } of await opendir(folder)) {
    names.push(name);
    if (names.length === MAX_NAMES) break;
  }
  const folded = new Map<string, string[]>();
  for (const name of names.sort()) {
    const alike = folded.get(name.toLowerCase());
    if (alike) alike.push(name);
    else folded.set(name.toLowerCase(), [name]);
  }
  return { identity, names, folded };
}

function nearestOf(wanted: string, names: readonly string[]): string | undefined {
  let nearest: { name: string; distance: number } | undefined;
  for (const name of names.slice(0, MAX_COMPARED)) {
    const distance = editDistance(wanted.toLowerCase(), name.toLowerCase(), NEAR);
    // Of a short name, two letters are all of it.
    if (distance === undefined || distance * 2 >= wanted.length) continue;
    if (!nearest || distance < nearest.distance) nearest = { name, distance };
  }
  return nearest?.name;
}
