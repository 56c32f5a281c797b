import { readdir, readFile, readlink } from 'node:fs/promises';

/** The last two bits of the flags of open(2): 0 reads, 1 writes, 2 does both. */
const ACCESS_MODE = 3;
/** Processes that are looked at; on a computer with more, it is not told. */
const MAX_PROCESSES = 20_000;

/**
 * Whether a process of this computer has the file open for writing, as far as this one may see (proc(5): root sees
 * all). A writer on another computer of a network file system is not seen.
 *
 * @param path as the kernel names it: absolute, and no symbolic link.
 */
export async function isOpenForWriting(path: string): Promise<boolean> {
  const processes = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  for (const process of processes.slice(0, MAX_PROCESSES)) {
    const folder = `/proc/${process}`;
    const descriptors = await readdir(`${folder}/fd`).catch(() => []);
    for (const descriptor of descriptors) {
      const target = await readlink(`${folder}/fd/${descriptor}`).catch(() => '');
      if (target !== path) continue;
      const info = await readFile(`${folder}/fdinfo/${descriptor}`, 'utf8').catch(() => '');
      const flags = /^flags:\s*([0-7]+)/m.exec(info)?.[1];
      if (flags !== undefined && (Number.parseInt(flags, 8) & ACCESS_MODE) !== 0) return true;
    }
  }
  return false;
}
