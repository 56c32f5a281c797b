import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeText } from './byte-reader.ts';
import { MAX_LINK_HOPS, MAX_LOOK_UPS, namesOf, resolvePath } from './resolve-path.ts';
import { MemoryTree, type Plan } from './suite/memory-tree.ts';

const MANY_LINKS: Plan = Object.fromEntries(
  Array.from({ length: MAX_LINK_HOPS + 1 }, (_, at) => [
    `l${at + 1}`,
    { link: at === 0 ? 'file' : `l${at}` },
  ]),
);
const tree = new MemoryTree({
  file: 'file',
  'a\\b': 'backslash',
  '%2e%2e': 'percent',
  '..odd': 'dots',
  'a ': 'space',
  folder: {
    folder: { inner: 'inner', up: { link: '../file' }, deeper: { folder: { top: { link: '/file' } } } },
  },
  to: { link: 'folder' },
  toInner: { link: './folder//inner' },
  throughLink: { link: 'to/deeper/top' },
  outside: { link: '../../../file' },
  passwd: { link: '/etc/passwd' },
  circle: { link: 'other' },
  other: { link: 'circle' },
  self: { link: '.' },
  nowhere: { link: 'not-there' },
  nul: { link: 'file\0' },
  long: { link: 'x'.repeat(5000) },
  wide: { link: 'self/'.repeat(800) },
  throughFile: { link: 'file/../folder/inner' },
  ...MANY_LINKS,
});

async function at(path: string, last: 'followed' | 'kept' = 'followed'): Promise<string> {
  const resolved = await resolvePath(tree, namesOf(path), last);
  if (!resolved.found) return `no: ${resolved.because}`;
  if (resolved.node.kind !== 'file') return resolved.node === tree.root ? 'root' : resolved.node.kind;
  const source = await tree.open(resolved.node);
  return decodeText(await source.read(0, source.size));
}

describe('there is', () => {
  for (const [path, expected] of [
    ['/', 'root'],
    ['', 'root'],
    ['file', 'file'],
    ['/file', 'file'],
    ['//file', 'file'],
    ['/./folder//inner', 'inner'],
    ['folder/', 'folder'],
    ['/..', 'root'],
    ['../../file', 'file'],
    ['folder/../file', 'file'],
    ['folder/deeper/../inner', 'inner'],
    ['to', 'folder'],
    ['to/inner', 'inner'],
    ['toInner', 'inner'],
    ['to/up', 'file'],
    ['folder/deeper/top', 'file'],
    ['throughLink', 'file'],
    ['self/self/file', 'file'],
    ['outside', 'file'],
    ['a\\b', 'backslash'],
    ['%2e%2e', 'percent'],
    ['..odd', 'dots'],
    ['a ', 'space'],
    [`l${MAX_LINK_HOPS}`, 'file'],
  ] as const) {
    test(`"${expected}" at ${JSON.stringify(path)}`, async () => expect(await at(path)).toBe(expected));
  }

  test('the link itself, where it is not to be followed', async () => {
    expect(await at('to', 'kept')).toBe('link');
    expect(await at('circle', 'kept')).toBe('link');
    expect(await at('to/inner', 'kept')).toBe('inner');
  });
});

describe('there is nothing', () => {
  for (const [path, because] of [
    ['not-there', 'no such file or folder'],
    ['FILE', 'no such file or folder'],
    ['..\\file', 'no such file or folder'],
    ['%2e%2e/file', 'no such file or folder: a part of the path is no folder'],
    ['folder%2Finner', 'no such file or folder'],
    ['file\0', 'no such file or folder'],
    ['nul', 'no such file or folder'],
    ['passwd', 'no such file or folder'],
    ['nowhere', 'no such file or folder'],
    ['file/inner', 'no such file or folder: a part of the path is no folder'],
    ['throughFile', 'no such file or folder: a part of the path is no folder'],
    ['circle', `more than ${MAX_LINK_HOPS} symbolic links lead to each other there`],
    ['long', 'a symbolic link is too long there'],
    [`l${MAX_LINK_HOPS + 1}`, `more than ${MAX_LINK_HOPS} symbolic links lead to each other there`],
    ['wide', `more than ${MAX_LINK_HOPS} symbolic links lead to each other there`],
    ['folder/../'.repeat(2) + 'x/'.repeat(3), 'no such file or folder'],
  ] as const) {
    test(`at ${JSON.stringify(path.slice(0, 40))}`, async () =>
      expect(await at(path)).toBe(`no: ${because}`));
  }

  test('behind more names than are looked up', async () => {
    const folders = new MemoryTree({ f: { folder: { up: { link: `..${'/f/..'.repeat(600)}/f` } } } });
    const resolved = await resolvePath(folders, namesOf('f/up'));
    expect(resolved).toEqual({
      found: false,
      because: `the path has more than ${MAX_LOOK_UPS} names, links included`,
    });
    expect(folders.lookUps).toBeLessThanOrEqual(MAX_LOOK_UPS);
  });
});

test('a relative path starts in the folder it is given', () => {
  expect(namesOf('c', ['a', 'b'])).toEqual(['a', 'b', 'c']);
  expect(namesOf('../c', ['a', 'b'])).toEqual(['a', 'c']);
  expect(namesOf('/c', ['a', 'b'])).toEqual(['c']);
  expect(namesOf('../../../..', ['a', 'b'])).toEqual([]);
});

test('whatever the path and the links, only names below the root are asked for', async () => {
  const part = fc.constantFrom('..', '.', '', 'a', 'b', 'c', '\0', '..\\', 'l');
  const path = fc.array(part, { maxLength: 12 }).map((parts) => parts.join('/'));
  await fc.assert(
    fc.asyncProperty(path, path, path, async (asked, one, other) => {
      const plan = {
        a: { folder: { l: { link: one }, b: { folder: { l: { link: other } } } } },
        l: { link: one },
        b: 'b',
      };
      const any = new MemoryTree(plan);
      const child = any.child.bind(any);
      any.child = (folder, name) => {
        expect(['', '.', '..']).not.toContain(name);
        expect(name).not.toMatch(/[/\0]/);
        return child(folder, name);
      };
      const resolved = await resolvePath(any, namesOf(asked));
      if (resolved.found) expect(await any.byId(resolved.node.id)).toBe(resolved.node);
    }),
  );
});
