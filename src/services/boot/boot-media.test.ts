import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openInsideFolder } from '../images/folder-tree.ts';
import { renderHere } from '../../core/answers/suite/answer-samples.ts';
import type { Image } from '../../core/images/image.ts';
import { makeMachineWorld, type MachineWorld, SERVER } from '../../servers/suite/machine-world.ts';
import { AnswerService } from '../answers/answer-service.ts';
import { InstallerPlans } from './boot-files-installer.ts';
import { BootMedia } from './boot-media.ts';
import { BootService } from './boot-service.ts';
import { InstallSources } from '../installs/install-sources.ts';
import { TreeRoots } from '../images/tree-roots.ts';

const NEEDED = ['xorriso', 'mformat', 'mcopy'];
const missing = NEEDED.filter((name) => spawnSync(name, ['--version']).error !== undefined);

let world: MachineWorld;
let media: BootMedia;
let roots: TreeRoots;
let home = '';
let disc = '';

const MENU = `default vesamenu.c32\n${'# a menu that was here before\n'.repeat(40)}`;
const FILES: Readonly<Record<string, string>> = {
  'images/pxeboot/vmlinuz': 'kernel',
  'images/pxeboot/initrd.img': 'initrd',
  'Packages/a.rpm': 'x'.repeat(5_000),
};

function run(program: string, ...words: readonly string[]): void {
  const { status, stderr } = spawnSync(program, words);
  if (status !== 0) throw new Error(`${program}: ${stderr.toString()}`);
}

/** A disc with isolinux's configuration, and an EFI image with GRUB's. */
function makeDisc(configs: Readonly<Record<string, string>>, efiConfig: string): void {
  for (const [path, text] of Object.entries({ ...FILES, ...configs })) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), text);
  }
  const efi = join(home, 'images/efiboot.img');
  writeFileSync(efi, Buffer.alloc(1_474_560));
  run('mformat', '-i', efi, '-f', '1440', '::');
  writeFileSync(join(home, '../grub.cfg'), efiConfig);
  run('mmd', '-i', efi, '::/EFI', '::/EFI/BOOT');
  run('mcopy', '-i', efi, join(home, '../grub.cfg'), '::/EFI/BOOT/grub.cfg');
  run(
    'xorriso',
    '-as',
    'mkisofs',
    '-quiet',
    '-R',
    '-J',
    '-V',
    'TEST',
    '-e',
    'images/efiboot.img',
    '-no-emul-boot',
    '-o',
    disc,
    home,
  );
}

beforeEach(async () => {
  // On a disk: xorriso refuses to write below /dev, where memory is.
  world = await makeMachineWorld(mkdtempSync(join(tmpdir(), 'muster-doors-')));
  home = join(world.imageFolder, '../disc');
  disc = join(world.imageFolder, '../centos.iso');
  mkdirSync(home);
  const { stores, clock } = world;
  const centos: Image = {
    ...world.image,
    name: 'centos',
    folder: disc,
    family: 'rhel',
    title: 'CentOS 7',
    release: '7',
    kernel: 'images/pxeboot/vmlinuz',
    initrds: ['images/pxeboot/initrd.img'],
    answerKind: 'kickstart',
  };
  await stores.images.add(centos);
  await stores.profiles.put({ name: 'disc', image: 'centos', arguments: 'quiet', variables: {} });
  roots = new TreeRoots({ clock });
  const needs = {
    ...stores,
    answers: new AnswerService({ ...stores, renderTemplate: renderHere }),
    sources: new InstallSources({ machineHttpPort: 8080 }),
    machineHttpPort: 8080,
    openInsideFolder,
  };
  media = new BootMedia({
    ...stores,
    events: world.events,
    boot: new BootService(stores),
    installers: new InstallerPlans(needs),
    roots,
    machineHttp: () => ({ address: SERVER, port: 8080 }),
    installHappened: world.installs.happened.bind(world.installs),
  });
});
afterEach(async () => {
  await roots.close();
  await world.events.settled();
  await world.close();
});

async function read(url: string): Promise<Buffer> {
  const [, key = '', file = ''] = /\/media\/(\w+)\/(.+)$/.exec(url) ?? [];
  const opened = await media.open(key, file, 'fetch');
  if (!opened.found) throw new Error(opened.because);
  const bytes = Buffer.from(await opened.source.read(0, opened.source.size));
  await opened.source.close();
  return bytes;
}

async function url(): Promise<string> {
  const found = await media.urlFor(world.web01);
  if (!found.found) throw new Error(found.because);
  return found.url;
}

describe.skipIf(missing.length > 0)(
  `a disc for a BMC (skipped where ${NEEDED.join(', ')} are not there)`,
  () => {
    test('starts the installer by isolinux and by the GRUB in its EFI image, and all else is as it was', async () => {
      makeDisc({ 'isolinux/isolinux.cfg': MENU }, '# grub\n'.repeat(200));
      const install = await world.arm(world.web01, 'disc');
      const address = await url();
      expect(address).toMatch(/^http:\/\/192\.168\.122\.1:8080\/media\/[\da-f]{32}\/web01\.iso$/);
      expect(address).not.toContain(install.token);
      const bytes = await read(address);
      expect(bytes).toHaveLength(statSync(disc).size);
      // Read as any other reader does.
      const written = join(world.imageFolder, '../written.iso');
      writeFileSync(written, bytes);
      const out = join(world.imageFolder, '../out');
      run('xorriso', '-osirrox', 'on', '-indev', written, '-extract', '/', out);
      const isolinux = readFileSync(join(out, 'isolinux/isolinux.cfg'), 'utf8');
      expect(isolinux).toHaveLength(MENU.length);
      expect(isolinux).toContain('  linux /images/pxeboot/vmlinuz\n  initrd /images/pxeboot/initrd.img\n');
      expect(isolinux).toMatch(
        new RegExp(
          `append inst\\.ks=http://192\\.168\\.122\\.1:8080/installs/${install.token}/ks\\.cfg .*BOOTIF=01-52-54`,
        ),
      );
      run(
        'mcopy',
        '-n',
        '-i',
        join(out, 'images/efiboot.img'),
        '::/EFI/BOOT/grub.cfg',
        join(out, 'grub.cfg'),
      );
      const grub = readFileSync(join(out, 'grub.cfg'), 'utf8');
      expect(grub).toContain("search --no-floppy --set=root --file '/images/pxeboot/vmlinuz'\n");
      expect(grub).toContain("if initrd '/images/pxeboot/initrd.img'; then");
      expect(grub).toHaveLength(1400);
      for (const path of Object.keys(FILES))
        expect(readFileSync(join(out, path)).equals(readFileSync(join(home, path))), path).toBe(true);
      // It is not the image that changed.
      const hash = createHash('sha256').update(readFileSync(disc)).digest('hex');
      expect(createHash('sha256').update(bytes).digest('hex')).not.toBe(hash);
    });

    test('is the same bytes with the same tag however often it is read, and its first bytes offer the boot', async () => {
      makeDisc({ 'isolinux/isolinux.cfg': MENU }, '');
      const install = await world.arm(world.web01, 'disc');
      const address = await url();
      expect((await world.stores.installs.byId(install.id))?.state).toBe('requested');
      const first = await read(address);
      expect((await world.stores.installs.byId(install.id))?.state).toBe('booting');
      await world.stores.profiles.put({ name: 'disc', image: 'centos', arguments: 'other', variables: {} });
      expect((await read(address)).equals(first)).toBe(true);
    });

    test('is told which loader has no room, and refused where none has', async () => {
      makeDisc({ 'isolinux/isolinux.cfg': MENU }, 'short');
      await world.arm(world.web01, 'disc');
      expect(await media.urlFor(world.web01)).toMatchObject({
        found: true,
        left: [
          expect.stringMatching(
            /^EFI\/BOOT\/grub\.cfg of its EFI image has room for 5 bytes, and \d+ are wanted$/,
          ),
        ],
      });
      rmSync(disc);
      makeDisc({ 'isolinux/isolinux.cfg': 'menu' }, 'short');
      world.pass(2_000);
      expect(await media.urlFor(world.web01)).toEqual({
        found: false,
        because: expect.stringMatching(
          /^the disc has no room for the arguments: isolinux\/isolinux\.cfg has room for 4 bytes/,
        ),
      });
    });

    test('says in the timeline of its machine why it got it, once, and why it gets it no more', async () => {
      makeDisc({ 'isolinux/isolinux.cfg': MENU }, '');
      const install = await world.arm(world.web01, 'disc');
      const address = await url();
      const [key = '', file = ''] = address.split('/').slice(-2);
      const decided = () => world.told.filter(({ kind }) => kind === 'boot.decided');
      expect(await media.open(key, file, 'look')).toMatchObject({ found: true });
      await world.events.settled();
      expect(decided()).toEqual([]);
      await read(address);
      await read(address);
      await world.events.settled();
      const bearing = { machineId: world.web01.id, installId: install.id };
      const because = `install ${install.id} of profile disc is requested`;
      expect(decided()).toMatchObject([{ ...bearing, because }]);
      await world.installs.happened(install.id, 'answerServed');
      expect(await media.open(key, file, 'fetch')).toMatchObject({ found: false, bearing });
      // Whoever knows a name alone writes nothing into the timeline of that machine.
      expect(await media.open('0'.repeat(32), file, 'fetch')).not.toHaveProperty('bearing');
    });

    test('is there only for who has its URL, and only until the installer has begun', async () => {
      makeDisc({ 'isolinux/isolinux.cfg': MENU }, '');
      expect(await media.urlFor(world.web01)).toMatchObject({ found: false });
      const install = await world.arm(world.web01, 'disc');
      const address = await url();
      for (const [key, file] of [
        ['0'.repeat(32), 'web01.iso'],
        [install.token, 'web01.iso'],
        [address.split('/').at(-2) ?? '', 'web02.iso'],
        [address.split('/').at(-2) ?? '', 'web01'],
      ] as const)
        expect(await media.open(key, file, 'look')).toMatchObject({ found: false });
      await read(address);
      await world.installs.happened(install.id, 'answerServed');
      await world.installs.happened(install.id, 'started');
      await expect(read(address)).rejects.toThrow('started its installer');
    });
  },
);

test('a folder of files has no disc', async () => {
  await world.arm();
  expect(await media.urlFor(world.web01)).toEqual({
    found: false,
    because: 'image debian is a folder of files: add the disc image itself',
  });
});
