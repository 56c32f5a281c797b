import type { TreeReader } from '../tree-reader.ts';

/** The first of the paths at which there is a file. */
export async function firstFile(tree: TreeReader, paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if (await tree.isFile(path)) return path;
  return undefined;
}

/** Names that stand in a URL, in a loader's script and on a command line as they are; other files are passed over. */
const PLAIN_NAME = /^[A-Za-z0-9][\w.+~-]{0,127}$/;

export function isPlainName(name: string): boolean {
  return PLAIN_NAME.test(name);
}

/** A path of such names, relative to the root of the tree and without a way out of it. */
export function isPlainPath(path: string): boolean {
  return path.split('/').every(isPlainName);
}

/** Paths of the files of a folder whose name has a shape, sorted, those with odd names left out. */
export async function filesLike(tree: TreeReader, folder: string, shape: RegExp): Promise<readonly string[]> {
  const names = (await tree.files(folder)).filter((name) => isPlainName(name) && shape.test(name));
  return names.map((name) => (folder === '' ? name : `${folder}/${name}`));
}

/**
 * The file at that path, its upper and lower case as it may be: discs without Rock Ridge have capitals, and those of
 * UDF what their maker liked.
 */
export async function fileInAnyCase(tree: TreeReader, path: string): Promise<string | undefined> {
  if (await tree.isFile(path)) return path;
  const parts = path.toLowerCase().split('/');
  const name = parts.pop() ?? '';
  let folder = '';
  for (const part of parts) {
    const found = (await tree.folders(folder)).find((one) => one.toLowerCase() === part);
    if (found === undefined) return undefined;
    folder = folder === '' ? found : `${folder}/${found}`;
  }
  const file = (await tree.files(folder)).find((one) => one.toLowerCase() === name);
  if (file === undefined) return undefined;
  return folder === '' ? file : `${folder}/${file}`;
}

const MEBIBYTE = 1024 * 1024;

/** Bytes as whole mebibytes, rounded up. */
export function megabytesOf(bytes: number): number {
  return Math.ceil(bytes / MEBIBYTE);
}

/** Of a file that is copied into memory, in mebibytes; 0 where it is not there. */
export async function fileMegabytes(tree: TreeReader, path: string): Promise<number> {
  return megabytesOf((await tree.size(path)) ?? 0);
}

/** Memory comes in steps: up to the next whole 256 MiB. */
export function memoryStep(megabytes: number): number {
  return Math.ceil(megabytes / 256) * 256;
}
