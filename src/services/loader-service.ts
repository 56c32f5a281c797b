import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ByteSource } from '../lib/byte-source.ts';
import {
  installAdvice,
  type LoaderHome,
  loaderHomeOf,
  loaderHomes,
  type LoaderName,
  LOADERS,
  systemsOf,
} from '../core/boot/loaders.ts';

export type LoaderFinding = {
  readonly name: LoaderName;
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
}

/** Finds the boot loaders in this system's packages. It looks anew each time, so an installation is seen at once. */
export class LoaderService {
  readonly #openInsideFolder: OpenInsideFolder;
  readonly #systemRoot: string;

  constructor({ openInsideFolder, systemRoot = '/' }: LoaderServiceNeeds) {
    this.#openInsideFolder = openInsideFolder;
    this.#systemRoot = systemRoot;
  }

  /** Every row of the table, found or with what to do. */
  async find(): Promise<readonly LoaderFinding[]> {
    const systems = await readSystems(this.#systemRoot);
    const home = await this.#chooseHome(systems);
    return await Promise.all(
      LOADERS.map(async ({ name, purpose, needed }): Promise<LoaderFinding> => {
        const place = await this.#locate(home, name);
        if (place) return { name, purpose, needed, found: true, ...place };
        const because = `it is not in ${home.folders.join(', ')}`;
        return { name, purpose, needed, found: false, because, advice: installAdvice(systems) };
      }),
    );
  }

  async has(name: LoaderName): Promise<boolean> {
    const home = await this.#chooseHome(await readSystems(this.#systemRoot));
    return (await this.#locate(home, name)) !== undefined;
  }

  async open(name: LoaderName): Promise<OpenedLoader> {
    const systems = await readSystems(this.#systemRoot);
    const place = await this.#locate(await this.#chooseHome(systems), name);
    if (!place) {
      return {
        found: false,
        because: `the loader ${name} is not installed on this server: ${installAdvice(systems)}`,
      };
    }
    const opened = await this.#openInsideFolder(dirname(place.path), basename(place.path));
    return opened.found ? { found: true, source: opened.source, path: place.path } : opened;
  }

  /** The first home with all that is needed; else this system's own, so that what is missing is said for it. */
  async #chooseHome(systems: readonly string[]): Promise<LoaderHome> {
    const homes = loaderHomes(systems);
    const needed = LOADERS.filter((row) => row.needed);
    for (const home of homes) {
      const places = await Promise.all(needed.map(({ name }) => this.#locate(home, name)));
      if (places.every((place) => place !== undefined)) return home;
    }
    const [own] = homes;
    if (!own) throw new Error('The table of loader homes is empty');
    return own;
  }

  async #locate(home: LoaderHome, name: string): Promise<{ path: string; bytes: number } | undefined> {
    for (const folder of home.folders) {
      const path = join(this.#systemRoot, folder, name);
      const bytes = await fileSize(path);
      if (bytes !== undefined) return { path, bytes };
    }
    return undefined;
  }
}

export interface InstallLoadersNeeds {
  /** Runs a program to its end; `output` is what it printed, for the case that it fails. */
  readonly run: (
    program: string,
    parameters: readonly string[],
    environment: Readonly<Record<string, string>>,
  ) => Promise<{ readonly exitCode: number; readonly output: string }>;
  readonly isRoot: boolean;
  /** Is told each step before it is done. */
  readonly say: (sentence: string) => void;
  readonly systemRoot?: string;
}

export type LoadersInstalled =
  | { readonly installed: true }
  | { readonly installed: false; readonly because: string };

/** Installs the packages with apt where that is possible; elsewhere says what to type. */
export async function installLoaders(needs: InstallLoadersNeeds): Promise<LoadersInstalled> {
  const systems = await readSystems(needs.systemRoot ?? '/');
  const home = loaderHomeOf(systems);
  const advice = installAdvice(systems);
  if (home?.family !== 'Debian') {
    return { installed: false, because: `on this system the loaders are installed by hand: ${advice}` };
  }
  if (!needs.isRoot) return { installed: false, because: `only root may install packages: ${advice}` };
  const first = await runApt(needs, home.installCommand);
  if (first.exitCode === 0) return { installed: true };
  // A fresh system or container has no package lists yet.
  await runApt(needs, ['apt-get', 'update']);
  const second = await runApt(needs, home.installCommand);
  if (second.exitCode === 0) return { installed: true };
  const lastLines = second.output.trim().split('\n').slice(-3).join('; ');
  return { installed: false, because: `${home.installCommand.join(' ')} failed: ${lastLines}` };
}

function runApt(
  { run, say }: InstallLoadersNeeds,
  command: readonly string[],
): Promise<{ readonly exitCode: number; readonly output: string }> {
  say(`Running ${command.join(' ')}`);
  const [program = '', ...parameters] = command;
  return run(program, parameters, { DEBIAN_FRONTEND: 'noninteractive' });
}

/** Without the file (containers, NixOS) nothing is known of the system, which is no error. */
async function readSystems(systemRoot: string): Promise<readonly string[]> {
  for (const path of ['etc/os-release', 'usr/lib/os-release']) {
    try {
      return systemsOf(await readFile(join(systemRoot, path), 'utf8'));
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  return [];
}

async function fileSize(path: string): Promise<number | undefined> {
  try {
    const found = await stat(path);
    return found.isFile() ? found.size : undefined;
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
