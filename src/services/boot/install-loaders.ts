import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoaderHome, LoaderPlace } from '../../core/boot/loader-homes.ts';
import {
  installCommandOf,
  type LoaderCpu,
  loaderHomeOf,
  type LoaderSetName,
  setsFor,
} from '../../core/boot/loaders.ts';
import { foreignAptWords } from '../mirrors/foreign-apt.ts';
import { readSystems } from './loader-service.ts';

export interface InstallLoadersNeeds {
  /** Runs a program to its end in a folder; `output` is what it printed. */
  readonly run: (
    command: readonly string[],
    folder: string,
  ) => Promise<{ readonly exitCode: number; readonly output: string }>;
  /** Where they are put, laid out as below `/`; made when it is not there. */
  readonly unpackedFolder: string;
  /** The processor of the machines they are for. */
  readonly cpu: LoaderCpu;
  /** Is told each step before it is done. */
  readonly say: (sentence: string) => void;
  readonly systemRoot?: string;
}

export type LoadersInstalled =
  | { readonly installed: true }
  | { readonly installed: false; readonly because: string };

/**
 * Takes the loaders out of the packages of this system's own archive, whose signatures apt checks. Nothing is installed:
 * the scripts of these packages would write into this computer's boot menu and EFI partition (shim-signed 1.51, ipxe
 * 1.0.0 of Debian 12). Elsewhere than on the Debian family it says what to type.
 */
export async function installLoaders(needs: InstallLoadersNeeds): Promise<LoadersInstalled> {
  const systems = await readSystems(needs.systemRoot ?? '/');
  const home = loaderHomeOf(systems);
  const sets = setsFor(needs.cpu).filter((set) => home?.places[set] !== undefined);
  if (home?.installCommand !== 'unpack' || sets.length === 0) {
    const command = home && installCommandOf(home, sets);
    const advice =
      command ?? 'this system has no packages of them that Muster knows; put the files into tftp.root';
    return { installed: false, because: `on this system the loaders are installed by hand: ${advice}` };
  }
  await mkdir(needs.unpackedFolder, { recursive: true });
  const failures: string[] = [];
  for (const set of sets) {
    const because = await unpackSet(needs, home, set);
    if (because !== undefined) failures.push(`${set}: ${because}`);
  }
  return failures.length === 0 ? { installed: true } : { installed: false, because: failures.join('; ') };
}

/** @returns why it could not be done. */
async function unpackSet(
  needs: InstallLoadersNeeds,
  home: LoaderHome,
  set: LoaderSetName,
): Promise<string | undefined> {
  const place = home.places[set];
  if (place === undefined) return undefined;
  const folder = await mkdtemp(join(needs.unpackedFolder, '.download-'));
  try {
    const foreign = await wordsForArchitecture(needs, place, folder);
    const apt = ['apt-get', ...foreign];
    const download = [...apt, 'download', ...place.packages];
    if (foreign.length > 0 || !(await succeeds(needs, download, folder)).done) {
      // A fresh system or container has no package lists yet, and apt for another architecture never has.
      await succeeds(needs, [...apt, 'update'], folder);
      const second = await succeeds(needs, download, folder);
      if (!second.done) return second.because;
    }
    for (const file of (await readdir(folder)).filter((name) => name.endsWith('.deb'))) {
      const unpacked = await succeeds(needs, ['dpkg-deb', '-x', file, needs.unpackedFolder], folder);
      if (!unpacked.done) return unpacked.because;
    }
    return undefined;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** None where this computer is of the packages' own architecture, or they are for every one. */
async function wordsForArchitecture(
  { run, say }: InstallLoadersNeeds,
  { packagesOf }: LoaderPlace,
  folder: string,
): Promise<readonly string[]> {
  if (packagesOf === undefined) return [];
  const { output } = await run(['dpkg', '--print-architecture'], folder);
  if (output.trim() === packagesOf) return [];
  say(
    `The packages are of ${packagesOf}; apt gets lists of its own for them, and this system stays as it is`,
  );
  return await foreignAptWords(join(folder, 'apt'), packagesOf);
}

async function succeeds(
  { run, say }: InstallLoadersNeeds,
  command: readonly string[],
  folder: string,
): Promise<{ readonly done: true } | { readonly done: false; readonly because: string }> {
  const shown = withoutOptions(command).join(' ');
  say(`Running ${shown}`);
  const { exitCode, output } = await run(command, folder);
  if (exitCode === 0) return { done: true };
  const lastLines = output.trim().split('\n').slice(-3).join('; ');
  return { done: false, because: `${shown} failed: ${lastLines}` };
}

/** For people: the options are many, and always the same. */
function withoutOptions(command: readonly string[]): readonly string[] {
  return command.filter((word, index) => word !== '-o' && command[index - 1] !== '-o');
}
