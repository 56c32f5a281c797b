import { describe, expect, test } from 'vitest';
import type { FileTree, TreeEntry, TreeNode } from '../../lib/file-tree.ts';
import { ALL_FACTS, chooseFacts, factFeature, factLine } from './facts.ts';
import { type Listing, listingPages, listTime, longLine, MAX_LISTED, PAGE_ENTRIES } from './listing.ts';
import { MADE_MS, MemoryTree } from '../../lib/suite/memory-tree.ts';

const FILE: TreeNode = { kind: 'file', id: 40, size: 5_000_000_000, mode: 0o644, mtimeMs: MADE_MS };
const FOLDER: TreeNode = { kind: 'folder', id: 2, size: 4096, mode: 0o755, mtimeMs: MADE_MS };
const LINK: TreeNode = { kind: 'link', id: 3, size: 4, mode: 0o777, mtimeMs: MADE_MS };
const DAY_MS = 24 * 3600 * 1000;

describe('LIST writes a line as ls -l does', () => {
  for (const [what, node, target, expected] of [
    ['for a file', FILE, undefined, '-rw-r--r-- 1 ftp      ftp        5000000000 Jan  2 03:04 name'],
    ['for a folder', FOLDER, undefined, 'drwxr-xr-x 2 ftp      ftp              4096 Jan  2 03:04 name'],
    ['for a link', LINK, 'a/b', 'lrwxrwxrwx 1 ftp      ftp                 4 Jan  2 03:04 name -> a/b'],
    [
      'without bits that act',
      { ...FILE, mode: 0o4711 },
      undefined,
      '-rwx--x--x 1 ftp      ftp        5000000000 Jan  2 03:04 name',
    ],
    [
      'on one line',
      LINK,
      'a\r\nb',
      'lrwxrwxrwx 1 ftp      ftp                 4 Jan  2 03:04 name -> a\uFFFD\uFFFDb',
    ],
  ] as const) {
    test(what, () => expect(longLine(node, 'name', target, MADE_MS)).toBe(expected));
  }

  for (const [what, agoMs, expected] of [
    ['the time for today', 0, 'Jan  2 03:04'],
    ['the time for a month ago', -30 * DAY_MS, 'Jan  2 03:04'],
    ['the time for less than half a year ago', -182 * DAY_MS, 'Jan  2 03:04'],
    ['the year for more than half a year ago', -183 * DAY_MS, 'Jan  2  2024'],
    ['the year for tomorrow', DAY_MS, 'Jan  2  2024'],
  ] as const) {
    test(`with ${what}`, () => expect(listTime(MADE_MS, MADE_MS - agoMs)).toBe(expected));
  }
});

describe('MLSD and MLST tell facts', () => {
  for (const [what, node, target, expected] of [
    [
      'of a file',
      FILE,
      undefined,
      'type=file;size=5000000000;modify=20240102030405;perm=r;unique=14;unix.mode=0644; n',
    ],
    ['of a folder', FOLDER, undefined, 'type=dir;modify=20240102030405;perm=el;unique=2;unix.mode=0755; n'],
    [
      'of a link',
      LINK,
      'a/b',
      'type=OS.unix=slink:a/b;modify=20240102030405;perm=;unique=3;unix.mode=0777; n',
    ],
    [
      'of a link to what no fact can tell',
      LINK,
      'a;b',
      'type=OS.unix=slink;modify=20240102030405;perm=;unique=3;unix.mode=0777; n',
    ],
  ] as const) {
    test(what, () => expect(factLine(node, 'n', ALL_FACTS, target)).toBe(expected));
  }

  test('that the client has chosen, in our order', () => {
    expect(chooseFacts('Size;TYPE;nonsense;')).toEqual(['type', 'size']);
    expect(factLine(FILE, 'n', chooseFacts(''), undefined)).toBe(' n');
    expect(factFeature(['type', 'size'])).toBe('MLST type*;size*;modify;perm;unique;unix.mode;');
  });
});

const tree = new MemoryTree({
  'b.deb': '1',
  'a.deb': '22',
  '.hidden': '3',
  'line\nbreak': 'never told',
  link: { link: 'b.deb' },
  folder: { folder: {} },
});

async function pagesOf(listing: Partial<Listing>, from: FileTree = tree): Promise<string[]> {
  const whole: Listing = {
    form: 'NLST',
    subject: { of: 'folder', folder: from.root },
    asked: '',
    facts: ['type'],
    ...listing,
  };
  const pages: string[] = [];
  for await (const page of listingPages(from, whole, MADE_MS)) pages.push(page);
  return pages;
}

describe('a folder is listed', () => {
  const folder = { of: 'folder', folder: tree.root } as const;
  for (const [what, listing, expected] of [
    ['in the order of the tree', {}, ['b.deb', 'a.deb', '.hidden', 'link', 'folder']],
    [
      'with the path that was asked',
      { asked: 'x/y' },
      ['x/y/b.deb', 'x/y/a.deb', 'x/y/.hidden', 'x/y/link', 'x/y/folder'],
    ],
    [
      'by a pattern',
      { asked: '/x/*.deb', subject: { ...folder, pattern: '*.deb' } },
      ['/x/b.deb', '/x/a.deb'],
    ],
    ['by a pattern that nothing fits', { asked: '*.rpm', subject: { ...folder, pattern: '*.rpm' } }, []],
    [
      'as facts',
      { form: 'MLSD', asked: 'x' },
      [
        'type=file; b.deb',
        'type=file; a.deb',
        'type=file; .hidden',
        'type=OS.unix=slink:b.deb; link',
        'type=dir; folder',
      ],
    ],
  ] as const) {
    test(what, async () => {
      const text = (await pagesOf(listing)).join('');
      expect(text).toBe(expected.map((line) => `${line}\r\n`).join(''));
    });
  }

  test('a file is listed by the path that was asked', async () => {
    expect(await pagesOf({ asked: 'x/f', subject: { of: 'file', node: FILE } })).toEqual(['x/f\r\n']);
  });

  test('page by page', async () => {
    const plan = Object.fromEntries(Array.from({ length: PAGE_ENTRIES * 3 + 1 }, (_, at) => [`f${at}`, '']));
    const pages = await pagesOf({}, new MemoryTree(plan));
    expect(pages.map((page) => page.split('\r\n').length - 1)).toEqual([
      PAGE_ENTRIES,
      PAGE_ENTRIES,
      PAGE_ENTRIES,
      1,
    ]);
  });
});

describe('a tree without end', () => {
  function endless(cookie: (after: number, at: number) => number): FileTree {
    const broken = new MemoryTree({});
    const entry = (after: number, at: number): TreeEntry => ({
      name: 'x',
      node: FILE,
      cookie: cookie(after, at),
    });
    broken.entries = (_, after, limit) =>
      Promise.resolve(Array.from({ length: limit }, (_none, at) => entry(after, at + 1)));
    return broken;
  }

  test('is no listing without end', async () => {
    await expect(
      pagesOf(
        {},
        endless((after, at) => after + at),
      ),
    ).rejects.toThrow(`more than ${MAX_LISTED} entries`);
  });

  test('that begins again and again is a fault', async () => {
    await expect(
      pagesOf(
        {},
        endless((_, at) => at),
      ),
    ).rejects.toThrow('cookies');
  });
});
