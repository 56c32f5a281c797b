import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Stores } from '../../core/stores.ts';
import { openEmptyStores } from '../../store/sqlite/suite/open-sqlite.ts';
import type { Happening } from '../event-log.ts';
import { identifyImage } from './image-place.ts';
import { ImageService } from './image-service.ts';
import { ImageWatch } from './image-watch.ts';
import { TreeRoots } from './tree-roots.ts';

let folder: string;
let images: string;
let stores: Stores;
let told: Happening[];
let watch: ImageWatch;
let claimed: string | undefined;
let isWriting: boolean;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'muster-watch-'));
  images = join(folder, 'data/images');
  mkdirSync(images, { recursive: true });
  stores = await openEmptyStores();
  told = [];
  claimed = undefined;
  isWriting = false;
  watch = open();
});

afterEach(async () => {
  await watch.close();
  await stores.close();
  rmSync(folder, { recursive: true });
});

function open(): ImageWatch {
  const clock = { nowMs: () => 1 };
  const events = { note: (happening: Happening) => void told.push(happening) };
  const checks = { check: () => undefined, leave: () => undefined };
  const roots = new TreeRoots({ clock });
  const service = new ImageService({
    images: stores.images,
    roots,
    events,
    checks,
    clock,
    dataFolder: join(folder, 'data'),
  });
  return new ImageWatch({
    images: stores.images,
    service,
    events,
    identify: identifyImage,
    imagesFolder: images,
    isClaimed: (path) => path === claimed,
    isOpenForWriting: async () => isWriting,
    check: checks.check,
    failed: (error) => {
      throw error;
    },
  });
}

/** A tree as CentOS' are. */
function makeTree(path: string, version = '7', kernel = 'kernel'): void {
  mkdirSync(join(path, 'images/pxeboot'), { recursive: true });
  writeFileSync(
    join(path, '.treeinfo'),
    `[general]\nfamily = CentOS\nversion = ${version}\narch = x86_64\n[images-x86_64]\nkernel = images/pxeboot/vmlinuz\ninitrd = images/pxeboot/initrd.img\n`,
  );
  writeFileSync(join(path, 'images/pxeboot/vmlinuz'), kernel);
  writeFileSync(join(path, 'images/pxeboot/initrd.img'), 'initrd');
}

const names = async (): Promise<readonly string[]> => (await stores.images.list()).map(({ name }) => name);
const kinds = (): readonly string[] => told.map(({ kind }) => kind);

test('a folder that appears is added once it stays as it is', async () => {
  makeTree(join(images, 'centos'));
  await watch.look();
  expect(await names()).toEqual([]);
  writeFileSync(join(images, 'centos/images/pxeboot/initrd.img'), 'it grows');
  await watch.look();
  expect(await names()).toEqual([]);
  await watch.look();
  expect(await names()).toEqual(['centos-7']);
  await watch.look();
  expect(kinds()).toEqual(['image.added']);
});

test('a file that somebody writes to, or that we load, is left', async () => {
  writeFileSync(join(images, 'x.iso'), 'no disc');
  isWriting = true;
  for (let looks = 0; looks < 3; looks += 1) await watch.look();
  isWriting = false;
  claimed = join(images, 'x.iso');
  for (let looks = 0; looks < 3; looks += 1) await watch.look();
  expect(told).toEqual([]);
});

test('what is no image is told once, until it is another', async () => {
  const path = join(images, 'x.iso');
  writeFileSync(path, 'no disc');
  writeFileSync(join(images, 'x.iso.part'), 'half a disc');
  for (let looks = 0; looks < 5; looks += 1) await watch.look();
  expect(told).toMatchObject([
    { kind: 'image.refused', because: expect.stringMatching(/no disc image that can be read/) },
  ]);
  writeFileSync(path, 'no disc either');
  for (let looks = 0; looks < 5; looks += 1) await watch.look();
  expect(kinds()).toEqual(['image.refused', 'image.refused']);
});

test('what is forgotten is not added again, also by another run of Muster, until it is changed', async () => {
  const path = join(images, 'centos');
  makeTree(path);
  for (let looks = 0; looks < 3; looks += 1) await watch.look();
  await watch.leave({ folder: path });
  await stores.images.remove('centos-7');
  watch = open();
  for (let looks = 0; looks < 3; looks += 1) await watch.look();
  expect(await names()).toEqual([]);
  makeTree(path, '7.9');
  for (let looks = 0; looks < 3; looks += 1) await watch.look();
  expect(await names()).toEqual(['centos-7.9']);
});

test('files that go are missing, and good again when they are back', async () => {
  const path = join(images, 'centos');
  makeTree(path);
  for (let looks = 0; looks < 3; looks += 1) await watch.look();
  renameSync(path, join(folder, 'away'));
  for (let looks = 0; looks < 3; looks += 1) await watch.look();
  const gone = await stores.images.byName('centos-7');
  expect(gone?.condition?.trouble).toMatchObject({
    kind: 'missing',
    because: expect.stringMatching(/not there/),
  });
  renameSync(join(folder, 'away'), path);
  for (let looks = 0; looks < 3; looks += 1) await watch.look();
  expect((await stores.images.byName('centos-7'))?.condition?.trouble).toBeUndefined();
  expect(kinds()).toEqual(['image.added', 'image.missing', 'image.returned']);
});

test('files that are replaced are looked into under the same name', async () => {
  const path = join(images, 'centos');
  makeTree(path);
  for (let looks = 0; looks < 3; looks += 1) await watch.look();
  makeTree(path, '7.9', 'another kernel');
  await watch.look();
  expect((await stores.images.byName('centos-7'))?.condition?.trouble?.kind).toBe('changed');
  for (let looks = 0; looks < 3; looks += 1) await watch.look();
  expect(await stores.images.byName('centos-7')).toMatchObject({
    title: 'CentOS 7.9',
    condition: { checksum: { state: 'waiting' } },
  });
  expect((await stores.images.byName('centos-7'))?.condition?.trouble).toBeUndefined();
});

test('files that are nothing any more boot nothing, and are looked into once', async () => {
  const path = join(images, 'centos');
  makeTree(path);
  for (let looks = 0; looks < 3; looks += 1) await watch.look();
  rmSync(join(path, '.treeinfo'));
  utimesSync(join(path, 'images/pxeboot/vmlinuz'), 1, 1);
  for (let looks = 0; looks < 5; looks += 1) await watch.look();
  const trouble = (await stores.images.byName('centos-7'))?.condition?.trouble;
  expect(trouble).toMatchObject({ kind: 'changed', because: expect.stringMatching(/is not recognised/) });
  expect(kinds().filter((kind) => kind === 'image.changed')).toHaveLength(1);
});

test('an image elsewhere is watched as well, and a folder around one is no new image', async () => {
  const path = join(images, 'all/centos');
  makeTree(path);
  await stores.images.add({
    name: 'mine',
    folder: path,
    family: 'rhel',
    title: 'old',
    release: '7',
    architecture: 'x86_64',
    initrds: [],
    answerKind: 'kickstart',
    addedAtMs: 1,
  });
  for (let looks = 0; looks < 3; looks += 1) await watch.look();
  // One of an older version is looked into without a word.
  expect(await stores.images.byName('mine')).toMatchObject({ title: 'CentOS 7' });
  expect(await names()).toEqual(['mine']);
  expect(told).toEqual([]);
});
