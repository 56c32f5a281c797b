import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Stores } from '../core/stores.ts';
import { openEmptyStores } from '../store/sqlite/suite/open-sqlite.ts';
import { folderTree } from './folder-tree.ts';
import { ImageService, MAX_INITRDS } from './image-service.ts';

let home: string;
let stores: Stores;
let service: ImageService;

const TREES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  centos6: {
    '.treeinfo': '[general]\nfamily = CentOS\nversion = 6.3\narch = x86_64\n',
    'images/pxeboot/vmlinuz': '',
    'images/pxeboot/initrd.img': '',
    'isolinux/vmlinuz': '',
  },
  'debian-dvd': {
    'install.amd/vmlinuz': '',
    '.disk/info': 'Debian GNU/Linux 12.4.0 "Bookworm" - Official amd64 DVD',
  },
  'My Drivers': { 'a.rpm': '' },
  empty: {},
  'data/images/centos7': {
    '.treeinfo': '[general]\nfamily = CentOS\nversion = 7\narch = x86_64\n',
    'images/pxeboot/vmlinuz': '',
    'images/pxeboot/initrd.img': '',
  },
};

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'muster-images-'));
  for (const [name, files] of Object.entries(TREES)) {
    mkdirSync(join(home, name), { recursive: true });
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(home, name, path)), { recursive: true });
      writeFileSync(join(home, name, path), text);
    }
  }
  writeFileSync(join(home, 'disc.iso'), '');
  symlinkSync('centos6', join(home, 'current'));
  symlinkSync('/etc', join(home, 'link-to-etc'));
});

afterAll(() => rmSync(home, { recursive: true }));

beforeEach(async () => {
  stores = await openEmptyStores();
  const clock = { nowMs: () => 1234 };
  service = new ImageService({
    images: stores.images,
    openTree: folderTree,
    clock,
    dataFolder: join(home, 'data'),
  });
});

afterEach(() => stores.close());

test('a tree is added as what it is, under a name made of its title', async () => {
  const image = {
    name: 'centos-6.3',
    folder: join(home, 'centos6'),
    family: 'rhel',
    title: 'CentOS 6.3',
    release: '6.3',
    architecture: 'x86_64',
    kernel: 'images/pxeboot/vmlinuz',
    initrds: ['images/pxeboot/initrd.img'],
    answerKind: 'kickstart',
    addedAtMs: 1234,
  };
  expect(await service.add({ folder: `${home}//centos6/` })).toEqual({ added: true, image });
  expect(await service.byName('centos-6.3')).toEqual(image);
  expect(await service.list()).toEqual([image]);
  expect(await service.remove('centos-6.3')).toEqual({ removed: true });
  expect(await service.list()).toEqual([]);
});

describe('what is added', () => {
  for (const [name, wanted, expected] of [
    ['under a name of its own', { folder: 'centos6', name: 'mine' }, { image: { name: 'mine' } }],
    [
      'through a symbolic link, which is kept',
      { folder: 'current' },
      { image: { folder: expect.stringMatching(/\/current$/) } },
    ],
    [
      "in the images folder of Muster's data",
      { folder: 'data/images/centos7' },
      { image: { name: 'centos-7' } },
    ],
    [
      'as files, named for the folder',
      { folder: 'My Drivers', as: 'files' },
      { image: { name: 'my-drivers', family: 'files', initrds: [], answerKind: 'none' } },
    ],
    ['a disc with what to know about it', { folder: 'debian-dvd' }, { note: /unpack netboot.tar.gz/ }],
    [
      'with another kernel and without the initrd that went with the first',
      { folder: 'centos6', kernel: 'isolinux/vmlinuz' },
      { image: { kernel: 'isolinux/vmlinuz', initrds: [] } },
    ],
    [
      'with other initrds in their order',
      { folder: 'centos6', initrds: ['isolinux/vmlinuz', 'images/pxeboot/initrd.img'] },
      {
        image: {
          kernel: 'images/pxeboot/vmlinuz',
          initrds: ['isolinux/vmlinuz', 'images/pxeboot/initrd.img'],
        },
      },
    ],
  ] as const) {
    test(name, async () => {
      const added = await service.add({ ...wanted, folder: join(home, wanted.folder) });
      const image = 'image' in expected ? expected.image : {};
      expect(added).toMatchObject({
        added: true,
        image,
        ...('note' in expected ? { note: expect.stringMatching(expected.note) } : {}),
      });
      expect('note' in added).toBe('note' in expected);
    });
  }

  test('a disc given a network kernel loses the note that it has none', async () => {
    const added = await service.add({ folder: join(home, 'debian-dvd'), kernel: 'install.amd/vmlinuz' });
    expect(added).toMatchObject({ added: true, image: { kernel: 'install.amd/vmlinuz', family: 'debian' } });
    expect(added).not.toHaveProperty('note');
  });
});

describe('what is refused, with the reason', () => {
  for (const [name, wanted, because] of [
    ['a relative path', { folder: 'srv/x' }, /^"srv\/x" is not an absolute path/],
    [
      'a folder that is not there',
      { folder: '/srv/not/there' },
      /^there is no folder "\/srv\/not\/there" on the server$/,
    ],
    ['a file', { folder: 'disc.iso' }, /disc.iso" is not a folder: unpack or mount it/],
    [
      'a folder with nothing known in it',
      { folder: 'empty' },
      /is not recognised: nothing in it is known to boot .*; add it as files to serve it all the same$/,
    ],
    ['the root', { folder: '/' }, /belongs to this server's own system/],
    ['the root, as files', { folder: '/usr/..', as: 'files' }, /belongs to this server's own system/],
    [
      'the configuration of the server',
      { folder: '/etc', as: 'files' },
      /belongs to this server's own system/,
    ],
    [
      'the same through a link',
      { folder: 'link-to-etc', as: 'files' },
      /"\/etc" belongs to this server's own system/,
    ],
    ["Muster's data", { folder: 'data', as: 'files' }, /holds Muster's own data, .*\/data\/images$/],
    ['all its images at once', { folder: 'data/images', as: 'files' }, /holds Muster's own data/],
    ["a folder around Muster's data", { folder: '.', as: 'files' }, /holds Muster's own data/],
    ['a name with capitals', { folder: 'centos6', name: 'CentOS' }, /"CentOS" cannot be an image's name/],
    ['a name that climbs', { folder: 'centos6', name: '..' }, /cannot be an image's name/],
    ['a name with a slash', { folder: 'centos6', name: 'a/b' }, /cannot be an image's name/],
    ['a name too long', { folder: 'centos6', name: 'x'.repeat(65) }, /cannot be an image's name/],
    [
      'a kernel that is not there',
      { folder: 'centos6', kernel: 'vmlinux' },
      /^"vmlinux" is no file in the image/,
    ],
    ['a kernel outside', { folder: 'centos6', kernel: '../disc.iso' }, /is no file in the image/],
    ['an absolute initrd', { folder: 'centos6', initrds: ['/isolinux/vmlinuz'] }, /is no file in the image/],
    [
      'too many initrds',
      { folder: 'centos6', initrds: Array.from({ length: MAX_INITRDS + 1 }, () => 'isolinux/vmlinuz') },
      /there are 17 initrds, and 16 are the most/,
    ],
  ] as const) {
    test(name, async () => {
      const folder = /^(?:\/|srv)/.test(wanted.folder) ? wanted.folder : join(home, wanted.folder);
      expect(await service.add({ ...wanted, folder })).toEqual({
        added: false,
        because: expect.stringMatching(because),
      });
      expect(await service.list()).toEqual([]);
    });
  }

  test('a name that another image has', async () => {
    await service.add({ folder: join(home, 'centos6'), name: 'mine' });
    expect(await service.add({ folder: join(home, 'My Drivers'), as: 'files', name: 'mine' })).toEqual({
      added: false,
      because: expect.stringContaining('mine'),
    });
    expect(await service.list()).toHaveLength(1);
  });
});
