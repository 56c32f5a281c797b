import { createHash } from 'node:crypto';
import { chmodSync, createReadStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { mustRun } from '../../src/lab/run-program.ts';
import type { BenchStage } from '../bench-stage.ts';
import { makeDisc } from '../disc-image.ts';
import { SeededRandom } from '../seeded-random.ts';
import type { FileCase } from './file-case.ts';

/** Bytes that are made up at once; a large file repeats them. */
const RANDOM_BYTES = 2 ** 20;
const COPY_TIMEOUT_MS = 60_000;

/** Where the files of a case lie. */
export interface CaseFiles {
  /** Below it the path of the files is the same as in Muster. */
  readonly root: string;
  readonly folder: string;
  /** Undefined where none is wanted. */
  readonly disc: string | undefined;
}

/** The images of Muster that have them, and where each is through its doors. */
export const IMAGES = {
  folder: { name: 'bench', path: '/images/bench' },
  disc: { name: 'disc', path: '/images/disc' },
} as const;
export const FOLDER_PATH = IMAGES.folder.path;
/** The one that is compared. */
const FIRST_FILE = 'file-0';

/** Undefined where a disc image is wanted and cannot be made. */
export async function makeFiles(
  { name, files, from }: FileCase<unknown>,
  stage: BenchStage,
): Promise<CaseFiles | undefined> {
  const root = join(stage.folder, `files-${name}`);
  const folder = join(root, FOLDER_PATH);
  mkdirSync(folder, { recursive: true });
  // Other servers read as another user.
  chmodSync(stage.folder, 0o755);
  for (let number = 0; number < files.count; number += 1)
    writeFile(join(folder, `file-${number}`), files.bytes, number + 1);
  if (from === 'a folder') return { root, folder, disc: undefined };
  const disc = await makeDisc(folder, join(stage.folder, `${name}.iso`));
  if (disc === undefined) return undefined;
  await readAnew([disc, join(folder, FIRST_FILE)]);
  return { root, folder, disc };
}

/**
 * In the page cache as they are read from a disk: what was just written lies there in pieces as large as it was written
 * in, which are others in a disc image than in a file.
 */
async function readAnew(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    // dd(1): this drops a whole file from the cache.
    await mustRun(['dd', `of=${path}`, 'oflag=nocache', 'conv=notrunc,fdatasync', 'count=0', 'status=none']);
    await mustRun(['sh', '-c', 'cat "$0" > /dev/null', path]);
  }
}

function writeFile(path: string, bytes: number, seed: number): void {
  const random = new SeededRandom(seed).bytes(Math.min(bytes, RANDOM_BYTES));
  writeFileSync(path, random);
  for (let written = random.length; written < bytes; written += random.length)
    writeFileSync(path, random, { flag: 'a' });
}

/**
 * No load program looks at what comes, so that it costs little: the first file is compared before.
 *
 * @param copy a command that writes it to its standard output.
 * @throws Error when it is another one, or does not come.
 */
export async function assertSame(
  stage: BenchStage,
  copy: readonly string[],
  files: CaseFiles,
): Promise<void> {
  const command = ['bash', '-o', 'pipefail', '-c', '"$@" | sha256sum', 'bash', ...copy];
  const printed = await mustRun(stage.network.asClient(command), { timeoutMs: COPY_TIMEOUT_MS });
  const wanted = createHash('sha256');
  await pipeline(createReadStream(join(files.folder, FIRST_FILE)), wanted);
  if (!printed.toString('utf8').startsWith(wanted.digest('hex')))
    throw new Error(`"${copy.join(' ')}" does not give what is in ${FIRST_FILE}`);
}
