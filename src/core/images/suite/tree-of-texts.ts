import type { TreeReader } from '../tree-reader.ts';

/** A tree for tests: every file with its text. */
export function treeOfTexts(files: Readonly<Record<string, string>>): TreeReader {
  return {
    text: (path, maxBytes) => Promise.resolve(files[path]?.slice(0, maxBytes)),
    isFile: (path) => Promise.resolve(Object.hasOwn(files, path)),
    folders: (path) => {
      const start = path === '' ? '' : `${path}/`;
      const names = Object.keys(files)
        .filter((file) => file.startsWith(start))
        .map((file) => file.slice(start.length).split('/'))
        .flatMap(([first = '', ...rest]) => (rest.length === 0 ? [] : [first]));
      return Promise.resolve([...new Set(names)].sort());
    },
  };
}
