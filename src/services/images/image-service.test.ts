import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Stores } from '../../core/stores.ts';
import { openEmptyStores } from '../../store/sqlite/suite/open-sqlite.ts';
import { TreeRoots } from './tree-roots.ts';
import { ImageService } from './image-service.ts';
import { MAX_INITRDS } from './look-into-image.ts';

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
  麒麟: { 'a.rpm': '' },
  empty: {},
  'data/images/centos7': {
    '.treeinfo': '[general]\nfamily = CentOS\nversion = 7\narch = x86_64\n',
    'images/pxeboot/vmlinuz': '',
    'images/pxeboot/initrd.img': '',
    'repodata/repomd.xml': '',
  },
  'some live disc': {
    'isolinux/isolinux.cfg':
      'label x\n  kernel /boot/vmlinuz\n  append initrd=/boot/rd.img root=live:LABEL=X quiet\n',
    'boot/vmlinuz': '',
    'boot/rd.img': '',
  },
  'uploads/from a machine': { 'a.rpm': '' },
  windows: { 'SOURCES/BOOT.WIM': '', 'BOOT/BCD': '', 'BOOT/BOOT.SDI': '' },
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
  symlinkSync('circle', join(home, 'circle'));
});

afterAll(() => rmSync(home, { recursive: true }));

beforeEach(async () => {
  stores = await openEmptyStores();
  const clock = { nowMs: () => 1234 };
  const roots = new TreeRoots({ clock });
  service = new ImageService({
    images: stores.images,
    roots,
    events: { note: () => undefined },
    checks: { check: () => undefined, leave: () => undefined },
    clock,
    dataFolder: join(home, 'data'),
    uploadsFolder: join(home, 'uploads'),
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
    memoryMegabytes: { http: 1024, ftp: 1024, nfs: 1024 },
    condition: {
      identity: expect.stringMatching(/^images\/pxeboot\/vmlinuz 0 \d+\nimages\/pxeboot\/initrd.img 0 \d+$/),
      checksum: { state: 'waiting' },
    },
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
    [
      'named for its folder, where its title has no letter that a name may have',
      { folder: 'centos6', title: '银河麒麟' },
      { image: { name: 'centos6', title: '银河麒麟' } },
    ],
    [
      'with a number, where the folder has none either',
      { folder: '麒麟', title: '银河麒麟', as: 'files' },
      { image: { name: 'image-1' } },
    ],
    [
      'what Muster cannot start yet, with what it needs',
      { folder: 'windows' },
      {
        image: { name: 'windows-pe', needs: expect.stringMatching(/wimboot/), initrds: [] },
        note: /It needs iPXE with wimboot/,
      },
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

  test('under the name that somebody gives it, after it was named by itself', async () => {
    await service.add({ folder: join(home, 'centos6') });
    const named = await service.add({ folder: join(home, 'current'), name: 'mine' });
    expect(named).toMatchObject({ added: true, image: { name: 'mine', title: 'CentOS 6.3' } });
    expect((await service.list()).map(({ name }) => name)).toEqual(['mine']);
  });

  test('a tree that no row knows, with the words of its kin', async () => {
    const wanted = { as: 'rhel', kernel: 'boot/vmlinuz', initrds: ['boot/rd.img'], release: '9.1' };
    const added = await service.add({ ...wanted, folder: join(home, 'some live disc'), name: 'kin' });
    expect(added).toMatchObject({
      added: true,
      image: {
        family: 'rhel',
        answerKind: 'kickstart',
        release: '9.1',
        kernel: 'boot/vmlinuz',
        chosen: wanted,
      },
    });
    const image = await service.byName('kin');
    expect(image && (await service.lookAgain(image))).toEqual({ looked: true, image });
  });

  test('and looked into again, it keeps what was said of it, and is forced no more', async () => {
    await service.add({ folder: join(home, 'centos6'), name: 'mine', force: true });
    const before = await service.byName('mine');
    if (!before?.condition) throw new Error('It has no condition');
    expect(before.condition.force).toBe(true);
    const expected = { sha256: 'a'.repeat(64), from: '--sha256' };
    await stores.images.change({ ...before, condition: { ...before.condition, expected } });
    const changed = await service.byName('mine');
    const looked = changed && (await service.lookAgain(changed));
    expect(looked).toMatchObject({ looked: true, image: { name: 'mine', condition: { expected } } });
    expect((await service.byName('mine'))?.condition?.force).toBeUndefined();
  });

  test('beside an image that it shares files with, with a word about that', async () => {
    await service.add({ folder: join(home, 'centos6') });
    const inside = await service.add({ folder: join(home, 'centos6/images'), as: 'files', name: 'part' });
    expect(inside).toMatchObject({
      added: true,
      note: expect.stringMatching(/shares files with image "centos-6.3"/),
    });
  });

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
      /^there is no folder and no disc image "\/srv\/not\/there" on the server$/,
    ],
    ['a file that is no disc', { folder: 'disc.iso' }, /disc.iso" is no disc image that can be read: /],
    [
      'a folder with nothing known in it',
      { folder: 'empty' },
      /is not recognised: nothing in it is known to boot .*; add it as files to serve it all the same$/,
    ],
    [
      'a folder whose own menu starts something, with the command that makes it an image',
      { folder: 'some live disc' },
      /Its isolinux\/isolinux.cfg starts boot\/vmlinuz: muster image add '\S+\/some live disc' --as files --kernel boot\/vmlinuz --initrd boot\/rd.img makes that the kernel \(there it is told "root=live:LABEL=X quiet"\); --as with the family/,
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
    [
      'what machines have sent',
      { folder: 'uploads/from a machine', as: 'files' },
      /what machines may put there over TFTP/,
    ],
    ['a family that is none', { folder: 'empty', as: 'tape' }, /"tape" is no family: suse, /],
    ['a family without a kernel', { folder: 'empty', as: 'debian' }, /so its kernel must be named: --kernel/],
    ['the sha256 of a folder', { folder: 'centos6', sha256: 'a'.repeat(64) }, /is a folder, and a sha256 is/],
    [
      'a link that leads to itself',
      { folder: 'circle' },
      /circle" is a symbolic link that leads in a circle/,
    ],
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

  test('the same folder under two names, also through a link', async () => {
    await service.add({ folder: join(home, 'centos6'), name: 'mine' });
    for (const folder of ['centos6', 'current'])
      expect(await service.add({ folder: join(home, folder), name: 'again' })).toEqual({
        added: false,
        because: expect.stringMatching(/is image "mine" already: use that, or forget it first/),
      });
    // With another kernel it is another image.
    const other = { folder: join(home, 'centos6'), name: 'other', kernel: 'isolinux/vmlinuz' };
    expect(await service.add(other)).toMatchObject({ added: true });
  });

  test('another name for one that a profile uses', async () => {
    await service.add({ folder: join(home, 'centos6') });
    await stores.profiles.put({ name: 'web', image: 'centos-6.3', arguments: '', variables: {} });
    const again = await service.add({ folder: join(home, 'centos6'), name: 'again' });
    expect(again).toEqual({ added: false, because: expect.stringMatching(/profile "web" uses it/) });
    expect((await service.list()).map(({ name }) => name)).toEqual(['centos-6.3']);
  });

  test('a name that another image has', async () => {
    await service.add({ folder: join(home, 'centos6'), name: 'mine' });
    expect(await service.add({ folder: join(home, 'My Drivers'), as: 'files', name: 'mine' })).toEqual({
      added: false,
      because: expect.stringContaining('mine'),
    });
    expect(await service.list()).toHaveLength(1);
  });
});
