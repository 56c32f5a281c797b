import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listInsideFolder } from './folder-listing.ts';

let root = '';

beforeEach(() => {
  root = join(mkdtempSync(join(tmpdir(), 'muster-listing-')), 'tree');
  mkdirSync(join(root, 'pool/b'), { recursive: true });
  writeFileSync(join(root, 'pool/a.deb'), '');
  writeFileSync(join(root, 'pool/.hidden'), '');
  symlinkSync('a.deb', join(root, 'pool/link'));
  symlinkSync('b', join(root, 'pool/folder-link'));
  symlinkSync('nowhere', join(root, 'pool/broken'));
  symlinkSync('/etc', join(root, 'out'));
  symlinkSync('pool', join(root, 'in'));
  mkdirSync(`${root}-beside`);
  symlinkSync(`${root}-beside`, join(root, 'beside'));
});
afterEach(() => rmSync(join(root, '..'), { recursive: true }));

const pool = [
  { name: '.hidden', kind: 'file' },
  { name: 'a.deb', kind: 'file' },
  { name: 'b', kind: 'folder' },
  { name: 'folder-link', kind: 'folder' },
  { name: 'link', kind: 'file' },
];

test('a folder shows its files and folders, and links by what they lead to', async () => {
  expect(await listInsideFolder(root, 'pool')).toEqual({ found: true, entries: pool, isCut: false });
});

test('the root is the empty path, and links inside it are followed', async () => {
  const listing = await listInsideFolder(root, '');
  expect(listing.found && listing.entries.map(({ name }) => name)).toEqual(['beside', 'in', 'out', 'pool']);
  expect(await listInsideFolder(root, 'in')).toMatchObject({ entries: pool });
});

describe('nothing is shown for', () => {
  for (const [what, path] of [
    ['a link out of the root', 'out'],
    ['a link to a folder whose name only begins like the root', 'beside'],
    ['a path with ..', 'pool/../pool'],
    ['the way up', '..'],
    ['a file', 'pool/a.deb'],
    ['what is not there', 'none'],
    ['a path with NUL', 'pool\0'],
    ['a name that is too long', 'x'.repeat(300)],
  ] as const) {
    test(what, async () => expect(await listInsideFolder(root, path)).toMatchObject({ found: false }));
  }
});
