import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Volumes made with dosfstools and mtools, which firmware, Linux and Windows read. */
export function hasFatTools(): boolean {
  return ['mkfs.vfat', 'mcopy'].every((program) => spawnSync(program, ['--help']).error === undefined);
}

export interface VolumeWish {
  /** For its image and what goes in. */
  readonly folder: string;
  readonly kind: 12 | 16 | 32;
  readonly kibibytes: number;
  /** More words for mkfs.vfat. */
  readonly options: readonly string[];
  readonly files: ReadonlyMap<string, Uint8Array>;
}

export function makeVolume({ folder, kind, kibibytes, options, files }: VolumeWish): Uint8Array {
  const image = join(folder, 'volume.img');
  rmSync(image, { force: true });
  run('mkfs.vfat', ['-C', '-F', String(kind), '-n', 'MADE', ...options, image, String(kibibytes)]);
  const content = join(folder, 'content');
  rmSync(content, { recursive: true, force: true });
  mkdirSync(content);
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(content, path)), { recursive: true });
    writeFileSync(join(content, path), bytes);
  }
  const names = [...new Set([...files.keys()].map((path) => path.split('/')[0] ?? ''))];
  if (names.length > 0) run('mcopy', ['-s', '-i', image, ...names.map((name) => join(content, name)), '::/']);
  return readFileSync(image);
}

export function run(program: string, words: readonly string[]): void {
  const env = { ...process.env, LC_ALL: 'C.UTF-8', MTOOLS_SKIP_CHECK: '1' };
  const { status, stderr } = spawnSync(program, words, { encoding: 'utf8', timeout: 60_000, env });
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`);
}
