import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FolderNames } from './folder-names.ts';

let root = '';
let names: FolderNames;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'muster-names-'));
  names = new FolderNames({ nowMs: () => Date.now() });
});

afterEach(() => rmSync(root, { recursive: true }));

function write(...paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), path);
  }
}

const find = (path: string) => names.find(root, path, 'like and nearest');

test('a name in other letters is found, in each of its parts', async () => {
  write('Boot/Fonts/wgl4_boot.ttf');
  expect(await find('boot/fonts/WGL4_Boot.TTF')).toEqual({ like: 'one', path: 'Boot/Fonts/wgl4_boot.ttf' });
});

test('the exact name wins over others like it', async () => {
  write('boot/BCD', 'Boot/bcd', 'boot/bcd');
  expect(await find('boot/bcd')).toEqual({ like: 'one', path: 'boot/bcd' });
});

test('of several nobody can tell, and both are named', async () => {
  write('Boot/x', 'BOOT/x');
  expect(await find('boot/x')).toMatchObject({
    like: 'several',
    because: expect.stringMatching(/"BOOT" and "Boot" differ/),
  });
});

for (const [wanted, nearest] of [
  ['pxelinux.O', 'pxelinux.0'],
  ['PXELINX.0', 'pxelinux.0'],
  ['images/debian/linx', 'images/debian/linux'],
  ['imges/debian/linux', 'images'],
  ['something-else', undefined],
  ['x', undefined],
] as const) {
  test(`nearest to ${wanted} is ${nearest ?? 'nothing'}`, async () => {
    write('pxelinux.0', 'images/debian/linux', 'y');
    expect(await find(wanted)).toEqual({ like: 'none', ...(nearest === undefined ? {} : { nearest }) });
  });
}

test('a folder that a link puts outside of the root is not looked into', async () => {
  symlinkSync('/etc', join(root, 'etc'));
  expect(await find('etc/PASSWD')).toEqual({ like: 'none' });
  expect(await find('etc/passwdd')).toEqual({ like: 'none' });
});

test('what is new in a folder is seen, though its names are remembered', async () => {
  write('a/Old');
  utimesSync(join(root, 'a'), 1, 1);
  expect(await find('a/old')).toEqual({ like: 'one', path: 'a/Old' });
  expect(await find('a/new')).toEqual({ like: 'none' });
  write('a/New');
  expect(await find('a/new')).toEqual({ like: 'one', path: 'a/New' });
});
