import { execFile } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LabRefusal } from '../../../src/lab/lab-refusal.ts';
import { mustRun } from '../../../src/lab/run-program.ts';
import { type PackageRecord, parsePackageIndex } from './package-index.ts';

/** Debian 12, whose installer the boot is about. */
export const CODENAME = 'bookworm';
const DOWNLOAD_TIMEOUT_MS = 900_000;
/** Packages asked for at once: a command line has its limits. */
const DOWNLOADED_TOGETHER = 50;
/** The list of packages has about 50 MB, more than `runProgram` keeps of an output. */
const LIST_LIMIT_BYTES = 256 * 1024 * 1024;
/** In the names that apt gives the lists it fetched. */
const LISTS = {
  packages: '_main_binary-amd64_Packages',
  udebs: '_debian-installer_binary-amd64_Packages',
} as const;

const execFileAsync = promisify(execFile);

/** apt with lists and a package state of its own, in which nothing is installed. */
export interface PrivateApt {
  /** For every apt program that is to use it. */
  readonly environment: NodeJS.ProcessEnv;
  readonly packages: readonly PackageRecord[];
  /** The installer's components. */
  readonly udebs: readonly PackageRecord[];
}

export type Component = 'main' | 'main/debian-installer';

/**
 * Sets it up in `folder` and fetches the lists of these components; of others it knows no package.
 *
 * @throws LabRefusal where this system takes Debian from nowhere.
 */
export async function openPrivateApt(
  folder: string,
  components: readonly Component[] = ['main', 'main/debian-installer'],
): Promise<PrivateApt> {
  for (const name of ['etc', 'lists/partial', 'cache/archives/partial', 'state'])
    await mkdir(join(folder, name), { recursive: true });
  const source = await archiveSource();
  const lines = components.map((component) => `deb ${source} ${CODENAME} ${component}\n`);
  await writeFile(join(folder, 'etc/sources.list'), lines.join(''));
  await writeFile(join(folder, 'state/status'), '');
  const settings = Object.entries(settingsFor(folder)).map(([name, value]) => `${name} "${value}";\n`);
  await writeFile(join(folder, 'apt.conf'), settings.join(''));
  const environment = { ...process.env, APT_CONFIG: join(folder, 'apt.conf'), LC_ALL: 'C' };
  await mustRun(['apt-get', '-q', 'update'], { environment, timeoutMs: DOWNLOAD_TIMEOUT_MS });
  return {
    environment,
    packages: components.includes('main') ? await readList(folder, LISTS.packages, environment) : [],
    udebs: await readList(folder, LISTS.udebs, environment),
  };
}

/** Fetches them into `folder`; each is `name=version`. */
export async function downloadPackages(
  apt: PrivateApt,
  folder: string,
  packages: readonly string[],
): Promise<void> {
  for (let first = 0; first < packages.length; first += DOWNLOADED_TOGETHER) {
    const some = packages.slice(first, first + DOWNLOADED_TOGETHER);
    await mustRun(['apt-get', '-q', 'download', ...some], {
      environment: apt.environment,
      folder,
      timeoutMs: DOWNLOAD_TIMEOUT_MS,
    });
  }
}

function settingsFor(folder: string): Readonly<Record<string, string>> {
  return {
    'Dir::Etc': join(folder, 'etc'),
    'Dir::Etc::sourcelist': join(folder, 'etc/sources.list'),
    'Dir::Etc::sourceparts': '-',
    'Dir::Etc::trusted': '/etc/apt/trusted.gpg',
    'Dir::Etc::trustedparts': '/etc/apt/trusted.gpg.d',
    'Dir::State': join(folder, 'state'),
    'Dir::State::Lists': join(folder, 'lists'),
    'Dir::State::status': join(folder, 'state/status'),
    'Dir::Cache': join(folder, 'cache'),
    'APT::Install-Recommends': '0',
    'APT::Sandbox::User': 'root',
    'APT::Architecture': 'amd64',
    'APT::Architectures': 'amd64',
    'Acquire::Languages': 'none',
  };
}

async function readList(
  folder: string,
  ending: string,
  environment: NodeJS.ProcessEnv,
): Promise<readonly PackageRecord[]> {
  const lists = join(folder, 'lists');
  const name = (await readdir(lists)).find((candidate) => candidate.includes(ending));
  if (name === undefined) throw new Error(`The Debian archive gave no list that ends in ${ending}`);
  const { stdout } = await execFileAsync('/usr/lib/apt/apt-helper', ['cat-file', join(lists, name)], {
    env: environment,
    maxBuffer: LIST_LIMIT_BYTES,
  });
  return parsePackageIndex(stdout);
}

/** The archive that this system takes Debian from. */
async function archiveSource(): Promise<string> {
  const form = '$(REPO_URI) $(CODENAME) $(COMPONENT)';
  const targets = await mustRun(['apt-get', 'indextargets', '--format', form, 'Created-By: Packages']);
  const rows = targets.toString('utf8').split('\n');
  const row = rows
    .map((line) => line.split(' '))
    .find(([, code, part]) => code === CODENAME && part === 'main');
  if (row?.[0] !== undefined) return row[0];
  throw new LabRefusal(
    `No apt source of this system names Debian ${CODENAME} main, which the mirror is made of: add one and run "apt-get update"`,
  );
}
