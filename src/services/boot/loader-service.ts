import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ByteSource } from '../../lib/byte-source.ts';
import type { LoaderPlace } from '../../core/boot/loader-homes.ts';
import {
  installAdvice,
  loaderHomes,
  type LoaderName,
  LOADERS,
  type LoaderSetName,
  loadersOf,
  setOf,
  systemsOf,
  USUAL_SETS,
} from '../../core/boot/loaders.ts';

export type LoaderFinding = {
  readonly name: LoaderName;
  readonly set: LoaderSetName;
  readonly purpose: string;
  readonly needed: boolean;
} & (
  | { readonly found: true; readonly path: string; readonly bytes: number }
  | { readonly found: false; readonly because: string; readonly advice: string }
);

export type OpenedLoader =
  | { readonly found: true; readonly source: ByteSource; readonly path: string }
  | { readonly found: false; readonly because: string };

/** Opens a file below a folder, and nothing outside it. */
export type OpenInsideFolder = (
  root: string,
  relativePath: string,
) => Promise<
  | { readonly found: true; readonly source: ByteSource; readonly mtimeMs: number }
  | { readonly found: false; readonly because: string }
>;

export interface LoaderServiceNeeds {
  readonly openInsideFolder: OpenInsideFolder;
  /** `/` unless told: where `usr/lib` and `etc/os-release` are. */
  readonly systemRoot?: string;
  /** Where `muster loaders install` puts what it takes out of packages, laid out as below `/`. */
  readonly unpackedFolder?: string;
}

/** Where the loaders of a data folder are. */
export function unpackedLoadersFolder(dataFolder: string): string {
  return join(dataFolder, 'loaders');
}

/** A place below the root that it was found in. */
type RootedPlace = LoaderPlace & { readonly root: string };

/** How long it is taken for true which loaders there are, where every packet of a crowd asks. */
const KNOWN_MS = 2_000;

/** Finds the boot loaders in this system's packages. It looks anew, so an installation is seen at once. */
export class LoaderService {
  readonly #openInsideFolder: OpenInsideFolder;
  readonly #systemRoot: string;
  /** The system's own packages come first: they are updated with it. */
  readonly #roots: readonly string[];
  #known: { readonly findings: Promise<readonly LoaderFinding[]>; readonly atMs: number } | undefined;

  constructor({ openInsideFolder, systemRoot = '/', unpackedFolder }: LoaderServiceNeeds) {
    this.#openInsideFolder = openInsideFolder;
    this.#systemRoot = systemRoot;
    this.#roots = unpackedFolder === undefined ? [systemRoot] : [systemRoot, unpackedFolder];
  }

  /** Every row of the table, found or with what to do. */
  async find(): Promise<readonly LoaderFinding[]> {
    const systems = await readSystems(this.#systemRoot);
    return await Promise.all(
      LOADERS.map(async ({ name, set, purpose, needed: isNeeded }): Promise<LoaderFinding> => {
        const needed = isNeeded && USUAL_SETS.includes(set);
        const place = await this.#choosePlace(systems, set);
        const file = place && (await this.#locate(place, name));
        if (file) return { name, set, purpose, needed, found: true, ...file };
        const because = place ? `it is not in ${place.folders.join(', ')}` : 'no system package has it';
        return { name, set, purpose, needed, found: false, because, advice: installAdvice(systems, set) };
      }),
    );
  }

  /** As `find`, as of at most two seconds ago: dozens of files are looked for, and a page asks for many machines. */
  async known(): Promise<readonly LoaderFinding[]> {
    const nowMs = performance.now();
    if (this.#known === undefined || nowMs - this.#known.atMs > KNOWN_MS)
      this.#known = { findings: this.find(), atMs: nowMs };
    return await this.#known.findings;
  }

  /** The names that can be handed out, as of at most two seconds ago. */
  async available(): Promise<ReadonlySet<LoaderName>> {
    return new Set((await this.known()).filter(({ found }) => found).map(({ name }) => name));
  }

  async has(name: LoaderName): Promise<boolean> {
    const place = await this.#choosePlace(await readSystems(this.#systemRoot), setOf(name));
    return place !== undefined && (await this.#locate(place, name)) !== undefined;
  }

  async open(name: LoaderName): Promise<OpenedLoader> {
    const systems = await readSystems(this.#systemRoot);
    const set = setOf(name);
    const place = await this.#choosePlace(systems, set);
    const file = place && (await this.#locate(place, name));
    if (!file) {
      return {
        found: false,
        because: `the loader ${name} is not installed on this server: ${installAdvice(systems, set)}`,
      };
    }
    const opened = await this.#openInsideFolder(dirname(file.path), basename(file.path));
    return opened.found ? { found: true, source: opened.source, path: file.path } : opened;
  }

  /** The first place with all that the set needs; else this system's own, so that what is missing is said for it. */
  async #choosePlace(systems: readonly string[], set: LoaderSetName): Promise<RootedPlace | undefined> {
    const places = loaderHomes(systems).flatMap((home) =>
      this.#roots.flatMap((root): readonly RootedPlace[] => {
        const place = home.places[set];
        return place === undefined ? [] : [{ ...place, root }];
      }),
    );
    const needed = loadersOf(set).filter((row) => row.needed);
    for (const place of places) {
      const files = await Promise.all(needed.map(({ name }) => this.#locate(place, name)));
      if (
        files.every((file) => file !== undefined) &&
        (needed.length > 0 || (await this.#hasAny(place, set)))
      )
        return place;
    }
    return places[0];
  }

  async #hasAny(place: RootedPlace, set: LoaderSetName): Promise<boolean> {
    const files = await Promise.all(loadersOf(set).map(({ name }) => this.#locate(place, name)));
    return files.some((file) => file !== undefined);
  }

  async #locate(
    { root, folders, called }: RootedPlace,
    name: LoaderName,
  ): Promise<{ path: string; bytes: number } | undefined> {
    for (const folder of folders) {
      const file = await fileAt(join(root, folder, called?.[name] ?? name));
      if (file !== undefined) return file;
    }
    return undefined;
  }
}

/** Without the file (containers, NixOS) nothing is known of the system, which is no error. */
export async function readSystems(systemRoot: string): Promise<readonly string[]> {
  for (const path of ['etc/os-release', 'usr/lib/os-release']) {
    try {
      return systemsOf(await readFile(join(systemRoot, path), 'utf8'));
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  return [];
}

/** The file itself, where the path is a link. */
async function fileAt(path: string): Promise<{ path: string; bytes: number } | undefined> {
  try {
    const found = await stat(path);
    return found.isFile() ? { path: await realpath(path), bytes: found.size } : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'EACCES')
  );
}
