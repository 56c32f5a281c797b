import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Ipv4Address, parseMac } from '../../lib/addresses.ts';
import {
  makeMachineWorld,
  type MachineWorld,
  SERVER,
  STRANGER,
  WEB01,
  WEB02,
} from '../../servers/suite/machine-world.ts';

let world: MachineWorld;

beforeEach(async () => {
  world = await makeMachineWorld();
  for (const [path, content] of [
    ['usr/lib/shim/shimx64.efi.signed', 'shim'],
    ['usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed', 'grub'],
    ['usr/lib/ipxe/snponly.efi', 'snponly'],
  ] as const)
    world.write(join(world.systemRoot, path), content);
  await world.lease(WEB01, world.web01.macs[0]!);
});
afterEach(async () => {
  await world.events.settled();
  await world.close();
});

type Door = 'openTftp' | 'openBoot';

/** What the client gets: the text, or undefined for nothing. */
async function ask(
  name: string,
  clientAddress: Ipv4Address,
  door: Door = 'openTftp',
): Promise<string | undefined> {
  const answer = await world.bootFiles[door]({ name, clientAddress, localAddress: SERVER });
  if (!answer.found) return undefined;
  const bytes = await answer.source.read(0, answer.source.size);
  await answer.source.close();
  return new TextDecoder().decode(bytes);
}

const decided = async (): Promise<readonly string[]> => {
  await world.events.settled();
  return world.told.filter(({ kind }) => kind === 'boot.decided').map(({ text }) => text);
};

describe('loaders of UEFI', () => {
  test("are the system's packages, under the names that firmware and shim ask for", async () => {
    expect(await ask('shimx64.efi', STRANGER)).toBe('shim');
    expect(await ask('grubx64.efi', STRANGER)).toBe('grub');
    expect(await ask('/grubx64.efi', STRANGER, 'openBoot')).toBe('grub');
    expect(await ask('snponly.efi', STRANGER, 'openBoot')).toBe('snponly');
    expect(await ask('ipxe.efi', STRANGER)).toBeUndefined();
  });

  test('a shim of SUSE gets the GRUB of its own build by the name it asks for, and no other', async () => {
    expect(await ask('grub.efi', WEB01)).toBeUndefined();
    for (const name of ['shimx64.efi.signed', '../grub/x86_64-efi-signed/grubnetx64.efi.signed'])
      rmSync(join(world.systemRoot, 'usr/lib/shim', name));
    for (const name of ['shim.efi', 'grub.efi', 'MokManager.efi'])
      world.write(join(world.systemRoot, 'usr/share/efi/x86_64', name), `${name} of SUSE`);
    expect(await ask('shimx64.efi', WEB01)).toBe('shim.efi of SUSE');
    expect(await ask('grub.efi', WEB01)).toBe('grub.efi of SUSE');
    expect(await ask('MokManager.efi', WEB01)).toBe('MokManager.efi of SUSE');
  });

  test('a GRUB comes from the build of the shim that is used', async () => {
    world.write(join(world.tftpRoot, 'own/shimx64.efi'), 'own shim');
    expect(await ask('own/grubx64.efi', STRANGER)).toBeUndefined();
    expect(await ask('grubx64.efi', STRANGER)).toBe('grub');
  });

  test("a shim of an image goes on with that image's GRUB", async () => {
    world.write(join(world.imageFolder, 'EFI/BOOT/BOOTX64.EFI'), "the image's shim");
    world.write(join(world.imageFolder, 'EFI/BOOT/grubx64.efi'), "the image's GRUB");
    expect(await ask('images/debian/EFI/BOOT/grubx64.efi', STRANGER)).toBe("the image's GRUB");
  });

  test('over HTTP nothing but loaders and scripts is there', async () => {
    world.write(join(world.tftpRoot, 'secret'), 'x');
    for (const name of ['secret', 'images/debian/install/linux', '../boot/shimx64.efi', ''])
      expect(await ask(name, STRANGER, 'openBoot')).toBeUndefined();
  });
});

describe('a configuration of GRUB', () => {
  test('is made for the machine whose lease the address is', async () => {
    const install = await world.arm();
    const text = await ask('/grub/grub.cfg', WEB01);
    expect(text).toContain("if linux '(tftp,192.168.122.1)/images/debian/install/linux' ");
    expect(text).toContain("if initrd '(tftp,192.168.122.1)/images/debian/install/initrd.gz'; then");
    expect(text).toContain(`'url=http://192.168.122.1:8080/installs/${install.token}/preseed.cfg'`);
    expect(text).toContain("'BOOTIF=01-52-54-00-00-00-01'");
    expect((await world.stores.installs.byId(install.id))?.state).toBe('booting');
    expect(await decided()).toEqual(['web01 boots the installer of profile server']);
  });

  test('is found at whichever prefix a signed GRUB has baked in', async () => {
    await world.arm();
    for (const name of [
      'debian-installer/amd64/grub/grub.cfg',
      'EFI/redhat/grub.cfg-01-52-54-00-00-00-01',
      'images/debian/EFI/BOOT/grub.cfg-C0A87A64',
      'EFI/rocky/grub.cfg-78563412-bc9a-f0de-1122-334455667788',
    ])
      expect(await ask(name, WEB01)).toContain('/images/debian/install/linux');
  });

  test('keeps its token from every other address', async () => {
    const install = await world.arm();
    await world.lease(WEB02, parseMac('52:54:00:00:00:02'));
    for (const name of ['grub/grub.cfg', 'grub/grub.cfg-01-52-54-00-00-00-01', 'grub/grub.cfg-C0A87A64']) {
      expect((await ask(name, WEB02)) ?? '').not.toContain(install.token);
      expect((await ask(name, STRANGER)) ?? '').not.toContain(install.token);
    }
  });

  test('sends a machine without an install to its own disk, and a stranger to the menu', async () => {
    expect(await ask('grub/grub.cfg', WEB01)).toContain('chainloader "$loader"');
    expect(await ask('grub/grub.cfg', STRANGER)).toContain("menuentry 'Install Debian 12 (bookworm) x86_64'");
  });

  test("a stranger gets the user's own", async () => {
    world.write(join(world.tftpRoot, 'grub/grub.cfg'), 'by hand');
    expect(await ask('grub/grub.cfg', STRANGER)).toBe('by hand');
  });

  test('is that of the own disk where the image is for another processor', async () => {
    await world.stores.images.add({ ...world.image, name: 'arm', architecture: 'arm64' });
    await world.stores.profiles.put({ name: 'arm', image: 'arm', arguments: '', variables: {} });
    await world.arm(world.web01, 'arm');
    expect(await ask('grub/grub.cfg', WEB01)).toContain(
      'image arm is for arm64, which x86 BIOS does not start',
    );
  });
});

describe('a script of iPXE', () => {
  test('is made for the machine whose lease the address is', async () => {
    const install = await world.arm();
    const text = await ask('boot.ipxe', WEB01, 'openBoot');
    expect(text).toMatch(/^#!ipxe\n/);
    expect(text).toContain(`kernel http://192.168.122.1:8080/images/debian/install/linux initrd=initrd0 `);
    expect(text).toContain(install.token);
    expect(await decided()).toEqual(['web01 boots the installer of profile server']);
  });

  test('is the same for a build that looks for it by itself', async () => {
    await world.arm();
    const first = await ask('autoexec.ipxe', WEB01);
    const later = first?.replace('is requested', 'is booting');
    expect(await ask('boot.ipxe', WEB01, 'openBoot')).toBe(later);
  });

  test('starts nothing unsigned where signatures are required', async () => {
    await world.arm();
    const files = world.bootFilesWith({ ipxeSignatures: 'required' });
    const script = async (): Promise<string> => {
      const answer = await files.openBoot({ name: 'boot.ipxe', clientAddress: WEB01, localAddress: SERVER });
      if (!answer.found) return answer.because;
      return new TextDecoder().decode(await answer.source.read(0, answer.source.size));
    };
    for (const missing of ['install/linux', 'install/initrd.gz']) {
      expect(await script()).toContain(`image debian has no ${missing}.sig, and ipxe.signatures is required`);
      world.write(join(world.imageFolder, `${missing}.sig`), 'signature');
    }
    expect(await script()).toContain(
      '\nimgverify kernel http://192.168.122.1:8080/images/debian/install/linux.sig',
    );
  });

  test('sends a machine without an install to its own disk, and a stranger to the menu', async () => {
    expect(await ask('boot.ipxe', WEB01, 'openBoot')).toContain('booting the local disk');
    expect(await ask('boot.ipxe', STRANGER, 'openBoot')).toContain('item debian Install Debian 12');
  });
});
