import type { TreeReader } from '../tree-reader.ts';

/** A tree for tests: every file with its text, or with its size alone. */
export function treeOfTexts(
  files: Readonly<Record<string, string | number>>,
  discBytes?: number,
): TreeReader {
  const below = (path: string): readonly (readonly string[])[] => {
    const start = path === '' ? '' : `${path}/`;
    return Object.keys(files)
      .filter((file) => file.startsWith(start))
      .map((file) => file.slice(start.length).split('/'));
  };
  const has = (path: string): boolean => Object.hasOwn(files, path);
  return {
    text: (path, maxBytes) => Promise.resolve(has(path) ? String(files[path]).slice(0, maxBytes) : undefined),
    isFile: (path) => Promise.resolve(has(path)),
    size: (path) => {
      const file = has(path) ? files[path] : undefined;
      return Promise.resolve(typeof file === 'string' ? new TextEncoder().encode(file).length : file);
    },
    folders: (path) => {
      const names = below(path).flatMap(([first = '', ...rest]) => (rest.length === 0 ? [] : [first]));
      return Promise.resolve([...new Set(names)].sort());
    },
    files: (path) => {
      const names = below(path).flatMap(([first = '', ...rest]) => (rest.length === 0 ? [first] : []));
      return Promise.resolve(names.sort());
    },
    ...(discBytes === undefined ? {} : { discBytes }),
  };
}

/** The same files one folder deeper or elsewhere. */
export function inFolder<T>(folder: string, files: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(files).map(([path, file]) => [`${folder}/${path}`, file]));
}
