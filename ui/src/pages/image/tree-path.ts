/** A folder on the way to where somebody is. */
export interface Step {
  readonly name: string;
  readonly path: string;
}

/** `a/b` leads over `a` to `a/b`. */
export function stepsTo(path: string): readonly Step[] {
  const names = path.split('/').filter((name) => name !== '');
  return names.map((name, at) => ({ name, path: names.slice(0, at + 1).join('/') }));
}

export function below(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** The folder a file is in; empty for the root. */
export function folderOf(path: string): string {
  return path.split('/').slice(0, -1).join('/');
}

/** Text has no zero byte, and is UTF-8 without a fault. */
export function textIn(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
