import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { foreignAptWords } from '../services/mirrors/foreign-apt.ts';
import { cacheFolder } from './cache-folder.ts';
import { DOWNLOAD_NEEDS, requireAllOnHost } from './host-programs.ts';
import { LabRefusal } from './lab-refusal.ts';
import { mustRun, runProgram } from './run-program.ts';

const DOWNLOAD_TIMEOUT_MS = 300_000;
/** What apt says is read, so it must say it in one language. */
export const APT_ENVIRONMENT = { ...process.env, LC_ALL: 'C' };

/** The architecture in `NAME:ARCHITECTURE`; undefined where the package is one of this computer's own. */
export function foreignArchitecture(name: string): string | undefined {
  return name.split(':')[1];
}

/** The words that begin an apt command for packages of that architecture, or for this computer's own. */
export async function aptWords(
  program: 'apt-get' | 'apt-cache',
  architecture: string | undefined,
): Promise<readonly string[]> {
  if (architecture === undefined) return [program];
  const folder = join(cacheFolder(), `apt-${architecture}`);
  return [program, ...(await foreignAptWords(folder, architecture))];
}

/** Fetches the lists of packages anew. @param because in words that follow "since". */
export async function refreshPackageLists(
  say: (sentence: string) => void,
  because: string,
  architecture?: string,
): Promise<void> {
  const which = architecture === undefined ? '' : ` for ${architecture} in a folder of its own`;
  say(`Running "apt-get update"${which}, since ${because}`);
  await mustRun([...(await aptWords('apt-get', architecture)), '-q', 'update'], {
    environment: APT_ENVIRONMENT,
    timeoutMs: DOWNLOAD_TIMEOUT_MS,
  });
}

/**
 * Downloads a package into the folder and takes it apart there. Nothing is installed on this computer, and none of
 * the package's own scripts run: those of boot loaders would write to this computer's disk and firmware.
 *
 * @param name with `:arm64` behind it for a package of that architecture.
 * @param version the newest when it is left out.
 * @returns the folder that holds the files of the package.
 * @throws LabRefusal when the archive does not give it.
 */
export async function unpackPackage(folder: string, name: string, version?: string): Promise<string> {
  requireAllOnHost(DOWNLOAD_NEEDS);
  const wanted = version === undefined ? name : `${name}=${version}`;
  const apt = await aptWords('apt-get', foreignArchitecture(name));
  const fetched = await runProgram([...apt, '-q', '-o', 'APT::Sandbox::User=root', 'download', wanted], {
    folder,
    environment: APT_ENVIRONMENT,
    timeoutMs: DOWNLOAD_TIMEOUT_MS,
  });
  const archive = (await readdir(folder)).find((file) => file.endsWith('.deb'));
  if (fetched.status !== 0 || archive === undefined) {
    const words = fetched.stderr.trim().split('\n').at(-1) ?? '';
    throw new LabRefusal(
      `The package archive did not give ${name}${version === undefined ? '' : ` ${version}`} (${words}): run "apt-get update" and try again`,
    );
  }
  const unpacked = join(folder, 'unpacked');
  await mkdir(unpacked);
  await mustRun(['dpkg-deb', '-x', join(folder, archive), unpacked]);
  await rm(join(folder, archive));
  return unpacked;
}
