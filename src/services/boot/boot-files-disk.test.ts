import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Ipv4Address } from '../../lib/addresses.ts';
import { readFat16 } from '../../formats/fat16/suite/read-fat16.ts';
import {
  makeMachineWorld,
  type MachineWorld,
  SERVER,
  STRANGER,
  WEB01,
} from '../../servers/suite/machine-world.ts';

const DISK = 'bootx64.img';
const SHIM = 'EFI/BOOT/BOOTX64.EFI';
const GRUB = 'EFI/BOOT/grubx64.efi';
const CONFIG = 'grub/grub.cfg';

let world: MachineWorld;

beforeEach(async () => {
  world = await makeMachineWorld();
  world.write(join(world.systemRoot, 'usr/lib/shim/shimx64.efi.signed'), 'shim');
  world.write(join(world.systemRoot, 'usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed'), 'grub');
  await world.lease(WEB01, world.web01.macs[0]!);
});
afterEach(async () => {
  await world.events.settled();
  await world.close();
});

/** What is on the disk that the machine gets, by path; undefined for no disk. */
async function diskFor(clientAddress: Ipv4Address): Promise<ReadonlyMap<string, string> | undefined> {
  const answer = await world.bootFiles.openBoot({ name: DISK, clientAddress, localAddress: SERVER });
  if (!answer.found) return undefined;
  const bytes = await answer.source.read(0, answer.source.size);
  await answer.source.close();
  return new Map([...readFat16(bytes)].map(([path, file]) => [path, new TextDecoder().decode(file)]));
}

test('an armed machine gets its loaders, its configuration, its kernel and its initrd on one disk', async () => {
  const install = await world.arm();
  const disk = await diskFor(WEB01);
  expect(disk?.get(SHIM)).toBe('shim');
  expect(disk?.get(GRUB)).toBe('grub');
  expect(disk?.get('kernel')).toBe('kernel');
  expect(disk?.get('initrd0')).toBe('initrd');
  expect(disk?.get(CONFIG)).toContain("if linux '/kernel' ");
  expect(disk?.get(CONFIG)).toContain(install.token);
  for (const path of ['EFI/BOOT/grub.cfg', 'EFI/rocky/grub.cfg', 'debian-installer/amd64/grub/grub.cfg'])
    expect(disk?.get(path)).toBe(disk?.get(CONFIG));
  expect((await world.stores.installs.byId(install.id))?.state).toBe('booting');
});

test("the image's own loaders come before this server's", async () => {
  const loaders = [{ cpu: 'x64', first: 'efi/boot/bootx64.efi', next: 'efi/boot/grub.efi' }] as const;
  world.write(join(world.imageFolder, loaders[0].first), "the image's shim");
  world.write(join(world.imageFolder, loaders[0].next), "the image's GRUB");
  await world.stores.images.add({ ...world.image, name: 'suse', loaders });
  await world.stores.profiles.put({ name: 'suse', image: 'suse', arguments: '', variables: {} });
  await world.arm(world.web01, 'suse');
  const disk = await diskFor(WEB01);
  expect(disk?.get(SHIM)).toBe("the image's shim");
  // Its shim asks for this name.
  expect(disk?.get('EFI/BOOT/grub.efi')).toBe("the image's GRUB");
});

test("GRUB has the name by which its shim looks for it: SUSE's has another", async () => {
  for (const name of ['shim/shimx64.efi.signed', 'grub/x86_64-efi-signed/grubnetx64.efi.signed'])
    rmSync(join(world.systemRoot, 'usr/lib', name));
  world.write(join(world.systemRoot, 'usr/share/efi/x86_64/shim.efi'), 'shim of SUSE');
  world.write(join(world.systemRoot, 'usr/share/efi/x86_64/grub.efi'), 'GRUB of SUSE');
  const disk = await diskFor(WEB01);
  expect(disk?.get(SHIM)).toBe('shim of SUSE');
  expect(disk?.get('EFI/BOOT/grub.efi')).toBe('GRUB of SUSE');
});

test('a machine without an install gets a way to its own disk, and no installer', async () => {
  const disk = await diskFor(WEB01);
  expect(disk?.get(CONFIG)).toContain('booting the local disk');
  expect(disk?.has('kernel')).toBe(false);
});

test('a stranger gets the menu, and no token', async () => {
  const install = await world.arm();
  const disk = await diskFor(STRANGER);
  expect(disk?.get(CONFIG)).toContain("menuentry 'Install Debian 12 (bookworm) x86_64'");
  expect([...(disk?.values() ?? [])].join('')).not.toContain(install.token);
});

test('the disk of the user comes first for strangers', async () => {
  world.write(join(world.tftpRoot, DISK), 'by hand');
  const answer = await world.bootFiles.openBoot({
    name: DISK,
    clientAddress: STRANGER,
    localAddress: SERVER,
  });
  expect(answer).toMatchObject({ found: true, source: { size: 7 } });
  if (answer.found) await answer.source.close();
});

test('where a loader is missing there is no disk, and the answer says what mends it', async () => {
  await world.close();
  world = await makeMachineWorld();
  const answer = await world.bootFiles.openBoot({
    name: DISK,
    clientAddress: STRANGER,
    localAddress: SERVER,
  });
  expect(answer).toMatchObject({
    found: false,
    because: expect.stringMatching(
      /^bootx64.img cannot be made: the loader shimx64.efi is not installed .*muster loaders install/,
    ),
  });
});

test('the size that is asked for before is told once, and is that of the disk', async () => {
  await world.arm();
  const sizes: number[] = [];
  for (let time = 0; time < 2; time += 1) {
    const answer = await world.bootFiles.openBoot({ name: DISK, clientAddress: WEB01, localAddress: SERVER });
    if (!answer.found) throw new Error(answer.because);
    sizes.push(answer.source.size);
    await answer.source.close();
  }
  expect(sizes[0]).toBe(sizes[1]);
  await world.events.settled();
  expect(world.told.filter(({ kind }) => kind === 'boot.decided')).toHaveLength(1);
});
