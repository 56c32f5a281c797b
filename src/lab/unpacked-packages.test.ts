import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HostNeed } from './host-programs.ts';
import { findUnpacked, requireUnpacked } from './unpacked-packages.ts';

const FIRMWARE: HostNeed = {
  name: 'a firmware',
  places: ['/usr/share/no-such-firmware/code.fd'],
  debianPackage: 'firmwares',
};

let cache = '';
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'muster-unpacked-'));
});
afterEach(() => rm(cache, { recursive: true }));

test('a file of a package is taken from where the package is installed', () => {
  expect(findUnpacked({ ...FIRMWARE, places: [process.execPath] }, cache)).toBe(process.execPath);
});

test('a file of a package that is not installed is found where the package was unpacked', async () => {
  expect(findUnpacked(FIRMWARE, cache)).toBeUndefined();
  const place = join(cache, 'packages/firmwares/usr/share/no-such-firmware/code.fd');
  await mkdir(dirname(place), { recursive: true });
  await writeFile(place, 'code');
  expect(findUnpacked(FIRMWARE, cache)).toBe(place);
});

test('what this computer has at the place of a package of another architecture is not that package', async () => {
  const foreign: HostNeed = { ...FIRMWARE, places: [process.execPath], debianPackage: 'firmwares:arm64' };
  expect(findUnpacked(foreign, cache)).toBeUndefined();
  const place = join(cache, 'packages/firmwares:arm64', process.execPath);
  await mkdir(dirname(place), { recursive: true });
  await writeFile(place, 'code');
  expect(findUnpacked(foreign, cache)).toBe(place);
});

test('a file that is nowhere is refused with the name of its package', () => {
  expect(() => requireUnpacked(FIRMWARE)).toThrow('firmwares');
});
