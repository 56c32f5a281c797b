import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Options that make apt take packages of another architecture, from the archives this system has its own from. The
 * system is left as it is: `dpkg --add-architecture` would change what can be installed on it. apt thinks that it runs
 * on a computer of that architecture with nothing installed, and has its lists in a folder of its own (apt.conf(5); seen
 * with apt 2.6), so it needs no rights besides those to the folder.
 *
 * @param folder made when it is not there; the lists stay in it.
 * @param architecture as Debian names it: `arm64`.
 */
export async function foreignAptWords(folder: string, architecture: string): Promise<readonly string[]> {
  for (const name of ['lists/partial', 'cache/archives/partial', 'state'])
    await mkdir(join(folder, name), { recursive: true });
  const status = join(folder, 'state/status');
  await writeFile(status, '');
  const settings = {
    'APT::Architecture': architecture,
    'APT::Architectures': architecture,
    'Dir::State': join(folder, 'state'),
    'Dir::State::Lists': join(folder, 'lists'),
    'Dir::State::status': status,
    'Dir::Cache': join(folder, 'cache'),
    'Acquire::Languages': 'none',
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}
