import assert from 'node:assert/strict';
import type { BootStage } from './boot-stage.ts';
import { assertEfiDisk } from './efi-disk.ts';
import { playInstall } from './install-story.ts';
import { assertEfiLoaders } from './ovmf-install.ts';

/** Where the loaders of the disc are: in the disk that firmware would start from it. */
const FOLDER = 'images/tiny/.efi-image/EFI/BOOT';

/** Everything comes out of one disc image, which nobody unpacks or mounts: its own shim and GRUB, kernel, initrd, tree. */
export async function ovmfInstallIso(stage: BootStage): Promise<void> {
  const { disk } = await playInstall(stage, {
    firmware: 'uefi',
    tree: 'BIOS and UEFI',
    image: 'disc',
    way: "PXE, the disc's own shim and GRUB, kernel and initrd",
    // What it would be told now: since the installer runs, it is its disk's turn, with this server's loaders.
    explained: { chain: 'shimx64.efi, grubx64.efi, grub.cfg', rule: 'firmware table' },
  });
  assertOffered(stage);
  const requests = await stage.wire.packets('udp dst port 69');
  for (const name of ['BOOTX64.EFI', 'grubx64.efi'])
    assert.ok(
      requests.some((packet) => packet.includes(`${FOLDER}/${name}"`)),
      `${name} of the disc was asked for`,
    );
  await assertEfiLoaders(stage);
  await assertEfiDisk(disk);
}

function assertOffered({ feed }: BootStage): void {
  const first = feed.events.find(({ kind }) => kind === 'dhcp.acknowledged');
  assert.equal(first?.data?.['bootFile'], `${FOLDER}/BOOTX64.EFI`);
  assert.match(first?.because ?? '', /with the loaders that the image brings/);
}
