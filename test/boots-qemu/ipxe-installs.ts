import assert from 'node:assert/strict';
import type { BootStage } from './boot-stage.ts';
import { assertEfiDisk } from './efi-disk.ts';
import { playInstall } from './install-story.ts';

const SCRIPT = /GET \/boot\/boot\.ipxe /;

/** The boot ROM is iPXE already: it goes straight to HTTP, and TFTP is not asked for anything. */
export async function biosIpxe(stage: BootStage): Promise<void> {
  await playInstall(stage, {
    firmware: 'bios',
    tree: 'BIOS',
    way: 'the iPXE ROM, its script, kernel and initrd over HTTP',
    explained: { chain: 'iPXE, its script over HTTP', rule: 'iPXE script' },
  });
  assert.deepEqual(await stage.wire.packets('udp dst port 69'), [], 'nothing was asked for over TFTP');
  await assertScripts(stage);
}

/** The subnet names undionly.kpxe for everyone, the iPXE that this loads among them. */
export async function biosUndionly(stage: BootStage): Promise<void> {
  await playInstall(stage, {
    firmware: 'bios',
    tree: 'BIOS',
    bootFile: 'undionly.kpxe',
    way: 'the ROM, undionly.kpxe over TFTP, its script, kernel and initrd over HTTP',
    explained: { chain: 'undionly.kpxe, its script over HTTP', rule: 'subnet boot file' },
  });
  const files = await stage.wire.packets('udp dst port 69');
  const loaded = files.filter((packet) => packet.includes('"undionly.kpxe"')).length;
  // A ROM that starts again within two minutes is taken for the iPXE that it was told to load, and gets its script.
  assert.ok(loaded === 1 || loaded === 2, `it was loaded ${loaded} times in two starts of the machine`);
  assert.equal(files.length, loaded, 'and nothing else was asked for over TFTP');
  const loops = stage.feed.events.filter(({ because = '' }) => /would load itself again/.test(because));
  assert.ok(loops.length >= 1, 'the timeline says why it got its script and not itself');
  await assertScripts(stage);
}

/** From the decision for the own disk to the installed system: firmware's other ways would take minutes. */
const TO_THE_DISK_MS = 60_000;

/** UEFI fetches iPXE over TFTP, and that goes on over HTTP. */
export async function ovmfIpxe(stage: BootStage): Promise<void> {
  const { disk, toDiskMs } = await playInstall(stage, {
    firmware: 'uefi',
    tree: 'BIOS and UEFI',
    loader: 'ipxe',
    netBoot: 'PXE over IPv4',
    way: 'PXE, snponly.efi, its script, kernel and initrd over HTTP',
    explained: { chain: 'snponly.efi, its script over HTTP', rule: 'wish' },
  });
  await assertFirst(stage, /"snponly\.efi"/);
  await assertScripts(stage);
  assert.ok(toDiskMs < TO_THE_DISK_MS, `it needed ${toDiskMs.toFixed(0)} ms from the decision to its disk`);
  const files = await stage.wire.packets('udp dst port 69');
  assert.ok(
    files.some((packet) => packet.includes('"grubx64.efi"')),
    'iPXE went to the disk by way of GRUB',
  );
  await assertEfiDisk(disk);
}

/** UEFI HTTP Boot that is told to load iPXE: from firmware to kernel over HTTP. */
export async function ovmfHttpBootIpxe(stage: BootStage): Promise<void> {
  const { disk } = await playInstall(stage, {
    firmware: 'uefi',
    tree: 'BIOS and UEFI',
    loader: 'ipxe',
    netBoot: 'HTTP Boot',
    way: 'HTTP Boot, snponly.efi, its script, kernel and initrd over HTTP',
    explained: { chain: 'snponly.efi, its script over HTTP', rule: 'wish' },
  });
  const asked = await stage.wire.packets('tcp dst port 8080');
  assert.ok(
    asked.some((packet) => /HEAD \/boot\/snponly\.efi /.test(packet)),
    'the firmware asked for the size of its loader over HTTP',
  );
  await assertScripts(stage);
  await assertEfiDisk(disk);
}

async function assertFirst({ wire }: BootStage, name: RegExp): Promise<void> {
  const [first = 'nothing'] = await wire.packets('udp dst port 69');
  assert.match(first, name, 'the first file is the loader of the table');
}

/** For the installer, and for the disk; UEFI asks by each of its ways before it comes to its disk. */
async function assertScripts({ wire }: BootStage): Promise<void> {
  const scripts = (await wire.packets('tcp dst port 8080')).filter((packet) => SCRIPT.test(packet));
  assert.ok(scripts.length >= 2, 'iPXE fetched its script for the installer and for the disk');
}
