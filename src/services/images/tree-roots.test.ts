import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { placeOf } from '../../lib/byte-source.ts';
import { TreeRoots } from './tree-roots.ts';

const kernel = randomBytes(300_000);
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const canMakeDiscs = existsSync('/usr/bin/xorriso');

let home = '';
let nowMs = 0;
let roots: TreeRoots;

function makeDisc(name: string, ...options: readonly string[]): string {
  const path = join(home, name);
  const made = spawnSync('xorriso', ['-as', 'mkisofs', '-quiet', ...options, '-o', path, join(home, 'tree')]);
  expect(made.status, String(made.stderr)).toBe(0);
  return path;
}

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'muster-roots-'));
  mkdirSync(join(home, 'tree/casper'), { recursive: true });
  writeFileSync(join(home, 'tree/casper/vmlinuz'), kernel);
  writeFileSync(join(home, 'tree/.disk'), 'hidden');
  symlinkSync('casper', join(home, 'tree/install'));
  symlinkSync('../../etc', join(home, 'tree/out'));
  writeFileSync(join(home, 'no-disc.iso'), randomBytes(100_000));
});
afterAll(() => rmSync(home, { recursive: true }));
beforeEach(() => {
  nowMs = 1_000_000;
  roots = new TreeRoots({ clock: { nowMs: () => nowMs } });
});
afterEach(() => roots.close());

async function contentOf(root: string, path: string): Promise<string> {
  const opened = await roots.open(root, path);
  if (!opened.found) return `no: ${opened.because}`;
  const bytes = await opened.source.read(0, opened.source.size);
  await opened.source.close();
  return sha256(bytes);
}

function openFiles(path: string): number {
  const found = spawnSync('sh', ['-c', 'ls -l /proc/$0/fd | grep -c "$1"', String(process.pid), path]);
  return Number(String(found.stdout).trim());
}

describe.skipIf(!canMakeDiscs).each([
  ['a folder', () => join(home, 'tree')],
  ['a disc with Rock Ridge', () => makeDisc('rock-ridge.iso', '-R')],
  ['a disc with Joliet too', () => makeDisc('joliet.iso', '-R', '-J')],
] as const)('%s', (_what, make) => {
  let root = '';
  beforeAll(() => {
    root = make();
  });

  test('gives its files, byte for byte', async () => {
    expect(await contentOf(root, 'casper/vmlinuz')).toBe(sha256(kernel));
    expect(await contentOf(root, 'install/vmlinuz')).toBe(sha256(kernel));
    expect(await contentOf(root, '.disk')).toBe(sha256(Buffer.from('hidden')));
  });

  test('says where in which file the bytes are', async () => {
    const opened = await roots.open(root, 'casper/vmlinuz');
    if (!opened.found) throw new Error(opened.because);
    const place = placeOf(opened.source)!;
    expect(place.file.descriptor).toBeGreaterThan(2);
    expect(place.extents.reduce((sum, { length }) => sum + length, 0)).toBe(kernel.length);
    await opened.source.close();
  });

  test('lists its folders by name', async () => {
    expect(await roots.list(root, '')).toEqual({
      found: true,
      isCut: false,
      entries: [
        { name: '.disk', kind: 'file' },
        { name: 'casper', kind: 'folder' },
        { name: 'install', kind: 'folder' },
      ],
    });
    expect(await roots.list(root, 'install')).toMatchObject({ entries: [{ name: 'vmlinuz' }] });
    expect(await roots.list(root, 'casper/vmlinuz')).toMatchObject({ found: false });
  });

  test.each([
    'missing',
    '../tree/.disk',
    'out/passwd',
    'casper',
    'casper/vmlinuz/x',
    'a\0b',
    'x'.repeat(2000),
  ])('has no file %j', async (path) => {
    expect(await contentOf(root, path)).toMatch(/^no: /);
  });

  test('is a tree for every door', async () => {
    const found = await roots.tree(root);
    if (!found.found) throw new Error(found.because);
    const { tree } = found;
    const casper = await tree.child(tree.root, 'casper');
    const vmlinuz = await tree.child(casper!, 'vmlinuz');
    expect(vmlinuz).toMatchObject({ kind: 'file', size: kernel.length });
    expect(await tree.byId(vmlinuz!.id)).toMatchObject({ id: vmlinuz!.id });
    const source = await tree.open(vmlinuz!);
    expect(sha256(await source.read(0, source.size))).toBe(sha256(kernel));
    await source.close();
  });
});

describe.skipIf(!canMakeDiscs)('a disc image', () => {
  test('that was replaced is opened anew, and what is being read of the old one stays', async () => {
    const path = makeDisc('changing.iso', '-R');
    const before = await roots.open(path, 'casper/vmlinuz');
    if (!before.found) throw new Error(before.because);
    writeFileSync(join(home, 'tree/casper/new'), 'new');
    renameSync(makeDisc('changing.iso.new', '-R'), path);
    rmSync(join(home, 'tree/casper/new'));
    nowMs += 5_000;
    expect(await contentOf(path, 'casper/new')).toBe(sha256(Buffer.from('new')));
    expect(sha256(await before.source.read(0, before.source.size))).toBe(sha256(kernel));
    expect(openFiles('changing.iso')).toBe(2);
    await before.source.close();
    expect(openFiles('changing.iso')).toBe(1);
  });

  test('that was taken away is missing, and comes back', async () => {
    const path = makeDisc('removed.iso', '-R');
    expect(await contentOf(path, '.disk')).not.toMatch(/^no/);
    renameSync(path, `${path}.away`);
    nowMs += 5_000;
    expect(await contentOf(path, '.disk')).toMatch(/^no: .*is not there/);
    renameSync(`${path}.away`, path);
    expect(await contentOf(path, '.disk')).not.toMatch(/^no/);
  });

  test('is closed at the end', async () => {
    const path = makeDisc('closed.iso', '-R');
    await contentOf(path, '.disk');
    expect(openFiles('closed.iso')).toBe(1);
    await roots.close();
    expect(openFiles('closed.iso')).toBe(0);
    expect(readdirSync(home)).toContain('closed.iso');
  });
});

describe.skipIf(!canMakeDiscs)('a disc image as a whole', () => {
  test('is the file itself, also where its name is a link to it', async () => {
    const path = makeDisc('whole.iso', '-R');
    symlinkSync(path, join(home, 'link.iso'));
    for (const root of [path, join(home, 'link.iso')]) {
      const opened = await roots.open(root, '');
      if (!opened.found) throw new Error(opened.because);
      expect(opened.source.file).toBeDefined();
      expect(opened.source.size).toBe(statSync(path).size);
      await opened.source.close();
    }
  });

  test('is not there when it was taken away, and a folder is none', async () => {
    expect(await roots.open(join(home, 'nowhere.iso'), '')).toMatchObject({ found: false });
    expect(await roots.open(join(home, 'tree'), '')).toMatchObject({ found: false });
  });
});

test('what is no disc is refused with a reason', async () => {
  expect(await contentOf(join(home, 'no-disc.iso'), 'x')).toMatch(/^no: .*is no disc image that can be read/);
  expect(await contentOf(join(home, 'nowhere.iso'), 'x')).toMatch(/^no: .*is not there/);
  expect(await roots.reader(join(home, 'no-disc.iso'))).toMatchObject({ because: expect.any(String) });
});
