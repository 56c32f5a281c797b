/** Real package managers with a root of their own, so that nothing of this computer is read or changed. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finished } from '../running-program.ts';
import { MIRRORS, type MirrorWorld } from './mirror-world.ts';

/** apt of the suite `lab`. @param root names its folder. */
export async function apt(
  world: MirrorWorld,
  root: string,
  mirror: string,
  ...words: readonly string[]
): Promise<Finished> {
  const home = world.folder(root);
  for (const folder of ['lists/partial', 'cache/archives/partial', 'etc/preferences.d', 'got'])
    mkdirSync(join(home, folder), { recursive: true });
  mkdirSync(join(home, 'etc/apt.conf.d'), { recursive: true });
  for (const name of ['status', 'apt.conf']) writeFileSync(join(home, name), '');
  writeFileSync(join(home, 'etc/sources.list'), `deb [trusted=yes] ${MIRRORS}/${mirror} lab main\n`);
  const options = {
    'Dir::State': home,
    'Dir::State::lists': join(home, 'lists'),
    'Dir::State::status': join(home, 'status'),
    'Dir::Cache': join(home, 'cache'),
    'Dir::Etc': join(home, 'etc'),
    'APT::Architecture': 'amd64',
    'APT::Architectures': 'amd64',
    'APT::Sandbox::User': 'root',
    'Acquire::Languages': 'none',
  };
  const settings = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const env = { APT_CONFIG: join(home, 'apt.conf'), LC_ALL: 'C' };
  return await world.machine.tryRun('apt-get', [...settings, ...words], { cwd: join(home, 'got'), env });
}

/** Installs a package of a mirror into a root that was empty. @returns how that ended. */
type InstallRpm = (
  world: MirrorWorld,
  root: string,
  mirror: string,
  name: string,
  timeoutMs?: number,
) => Promise<Finished>;

/** Both keep the packages that they installed below the folder of their root. */
export const RPM_CLIENTS: Readonly<Record<'dnf' | 'zypper', InstallRpm>> = { dnf, zypper };

async function dnf(...[world, root, mirror, name, timeoutMs]: Parameters<InstallRpm>): Promise<Finished> {
  const home = world.folder(root);
  writeFileSync(join(home, 'dnf.conf'), '[main]\ngpgcheck=0\nplugins=0\nkeepcache=1\nretries=1\n');
  const own = ['-c', join(home, 'dnf.conf'), `--installroot=${home}`, '--releasever=1'];
  const folders = [`--setopt=cachedir=${join(home, 'cache')}`, '--setopt=reposdir=/nonexistent'];
  const repository = [`--repofrompath=lab,${MIRRORS}/${mirror}`, '--repo=lab'];
  const dnfOf = ['-y', ...own, ...folders, ...repository];
  const options = { env: { LC_ALL: 'C' }, ...(timeoutMs === undefined ? {} : { timeoutMs }) };
  const made = await world.machine.tryRun('dnf', [...dnfOf, 'makecache'], options);
  if (made.code !== 0) return made;
  return await world.machine.tryRun('dnf', [...dnfOf, 'install', name], options);
}

/** The key of a repository that is signed is taken as it is; one that is not is taken, too. */
async function zypper(...[world, root, mirror, name, timeoutMs]: Parameters<InstallRpm>): Promise<Finished> {
  const own = ['--root', world.folder(root), '--non-interactive', '--gpg-auto-import-keys'];
  const isSigned = (await world.status(`${mirror}/repodata/repomd.xml.asc`)) === '200';
  const zypperOf = isSigned ? own : [...own, '--no-gpg-checks'];
  const url = `${MIRRORS}/${mirror}`;
  const options = { env: { LC_ALL: 'C' }, ...(timeoutMs === undefined ? {} : { timeoutMs }) };
  let finished: Finished | undefined;
  for (const words of [
    ['addrepo', '--keep-packages', url, 'lab'],
    ['refresh'],
    ['install', '-y', '--no-recommends', name],
  ]) {
    finished = await world.machine.tryRun('zypper', [...zypperOf, ...words], options);
    if (finished.code !== 0) break;
  }
  if (finished === undefined) throw new Error('zypper was not run');
  return finished;
}

/** The package that a client took. */
export function keptRpm(world: MirrorWorld, root: string, name: string): Buffer {
  const home = world.folder(root);
  const found = readdirSync(home, { recursive: true, encoding: 'utf8' }).find((path) => path.endsWith(name));
  if (found === undefined) throw new Error(`There is no ${name} below ${root}`);
  return readFileSync(join(home, found));
}
