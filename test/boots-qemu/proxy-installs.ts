import assert from 'node:assert/strict';
import type { BootStage } from './boot-stage.ts';
import { assertEfiDisk } from './efi-disk.ts';
import { playInstall } from './install-story.ts';
import { startOtherDhcpServer } from './other-dhcp-server.ts';

/** Beside a DHCP server that gives the addresses, a BIOS machine is installed through pxelinux. */
export async function proxyBios(stage: BootStage): Promise<void> {
  await besideOther(stage, async () => {
    await playInstall(stage, {
      firmware: 'bios',
      tree: 'BIOS',
      loader: 'pxelinux',
      mode: 'proxy',
      way: 'proxyDHCP, pxelinux, kernel and initrd over TFTP',
      explained: { chain: 'pxelinux.0, ldlinux.c32, pxelinux.cfg', rule: 'wish' },
    });
  });
}

/** The same with UEFI, which asks port 4011. */
export async function proxyOvmf(stage: BootStage): Promise<void> {
  await besideOther(stage, async () => {
    const { disk } = await playInstall(stage, {
      firmware: 'uefi',
      tree: 'BIOS and UEFI',
      mode: 'proxy',
      netBoot: 'PXE over IPv4',
      way: 'proxyDHCP, port 4011, snponly.efi, kernel and initrd over HTTP',
      explained: { chain: 'snponly.efi, its script over HTTP', rule: 'firmware table' },
    });
    const asked = await stage.wire.packets('udp dst port 4011');
    assert.ok(asked.length >= 2, 'the firmware asked port 4011 for the installer and for the disk');
    await assertEfiDisk(disk);
  });
}

async function besideOther(stage: BootStage, run: () => Promise<void>): Promise<void> {
  const other = await startOtherDhcpServer();
  stage.phase('another DHCP server gives addresses');
  try {
    await run();
    assert.match(other.said, /DHCPACK\(far0\) /, 'the address came from the other server');
    const given = await stage.wire.packets('udp src port 67 and src host 192.168.122.1');
    for (const packet of given)
      assert.doesNotMatch(packet, /Your-IP (?!0\.0\.0\.0)/, 'Muster gave no address');
    const kinds = new Set(stage.feed.events.map(({ kind }) => kind));
    assert.ok(kinds.has('dhcp.proxied'), 'the timeline tells that it was told what to boot');
    assert.ok(!kinds.has('dhcp.acknowledged'), 'and that no lease was given');
    assert.ok(!kinds.has('dhcp.proxyUnfollowed'), 'and of no client that did not follow');
  } finally {
    await other.stop();
  }
}
