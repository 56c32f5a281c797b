import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { SIGNED_LOADER_NEEDS } from '../../src/lab/host-programs.ts';
import { LAB_NETWORK, labMachineMac, labNetworkText } from '../../src/lab/private-network.ts';
import { makeBlankDisk } from '../../src/lab/qemu-command.ts';
import { requireUnpacked } from '../../src/lab/unpacked-packages.ts';
import type { BootStage } from './boot-stage.ts';
import { assertEfiDisk } from './efi-disk.ts';
import { playInstall } from './install-story.ts';
import { assertEfiLoaders } from './ovmf-install.ts';
import { withoutSignature } from './unsigned-program.ts';

/** The same install where the firmware enforces Secure Boot: everything that runs is signed. */
export async function ovmfSecureBoot(stage: BootStage): Promise<void> {
  const { machine, disk } = await playInstall(stage, {
    firmware: 'uefi-secure-boot',
    tree: 'BIOS and UEFI',
    way: 'PXE, signed shim, signed GRUB, signed kernel',
    explained: { chain: 'shimx64.efi, grubx64.efi, grub.cfg', rule: 'firmware table' },
  });
  const enforced = machine.lines.filter(({ text }) => /TINY\S* FIRMWARE UEFI Secure boot enabled/.test(text));
  assert.equal(enforced.length, 2, 'Secure Boot is enforced for the installer and for the installed system');
  await assertEfiLoaders(stage);
  await assertEfiDisk(disk);
}

const DISK_BYTES = 64 * 1024 * 1024;
const REFUSED_MS = 120_000;
/** A machine that is silent is waited for, in case its loader goes on. */
const TOLD_MS = 60_000;
const UNSIGNED = 'unsigned.efi';
const RANGE = `${LAB_NETWORK.firstAddress}-${LAB_NETWORK.lastAddress}`;

/** A loader that nobody signed is fetched, and refused by the firmware. */
export async function ovmfUnsigned(stage: BootStage): Promise<void> {
  const tftpRoot = stage.path('tftpboot');
  await mkdir(tftpRoot);
  const shim = await readFile(requireUnpacked(SIGNED_LOADER_NEEDS.shim));
  await writeFile(`${tftpRoot}/${UNSIGNED}`, withoutSignature(shim));
  const muster = await stage.startMuster({ MUSTER_TFTP_ROOT: tftpRoot });
  const subnet = ['--network', labNetworkText(), '--range', RANGE, '--filename', UNSIGNED];
  await muster.mustRun(['subnet', 'add', 'lab', ...subnet]);
  const disk = stage.path('disk.raw');
  await makeBlankDisk(disk, DISK_BYTES);

  const machine = await stage.powerOn({
    name: 'unsigned',
    mac: labMachineMac(5),
    disk: { path: disk, format: 'raw' },
    bootOrder: 'nc',
    firmware: 'uefi-secure-boot',
    netBoot: 'PXE over IPv4',
  });
  const refused = await machine.waitForLine(/Access Denied|Security Violation/i, REFUSED_MS);
  stage.phase(`the firmware refused it: ${refused.text.trim()}`);
  const told = await stage.feed.waitFor(
    'the refused loader is named in the timeline',
    ({ kind }) => kind === 'boot.notStarted',
    TOLD_MS,
  );
  assert.match(told.text, /^The firmware fetched unsigned\.efi and did not go on$/);
  assert.match(told.because ?? '', /probably refused by Secure Boot, for it is unsigned.*--filename/);
  stage.phase(`the timeline says: ${told.text}: ${told.because}`);
  const requests = await stage.wire.packets('udp dst port 69');
  assert.ok(
    requests.some((packet) => packet.includes(`"${UNSIGNED}"`)),
    'it was fetched whole over TFTP before',
  );
  assert.ok(
    !requests.some((packet) => packet.includes('grubx64.efi')),
    'it never ran, so it asked for nothing',
  );
}
