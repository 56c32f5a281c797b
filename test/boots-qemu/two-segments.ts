import assert from 'node:assert/strict';
import { LAB_NETWORK, type LabSegment, makeLabSegment } from '../../src/lab/private-network.ts';
import { parseIpv4, parseIpv4Network, parseMac } from '../../src/lib/addresses.ts';
import type { BootStage } from './boot-stage.ts';
import { assertEfiDisk } from './efi-disk.ts';
import { playInstalls } from './install-story.ts';
import type { WireCapture } from './wire-capture.ts';

const SECOND_SEGMENT = {
  bridge: 'br1',
  tap: 'tap1',
  network: parseIpv4Network('192.168.123.0/24'),
  firstAddress: parseIpv4('192.168.123.100'),
  lastAddress: parseIpv4('192.168.123.200'),
} as const satisfies LabSegment;
/** Muster's on it. */
const SECOND_ADDRESS = parseIpv4('192.168.123.1');

/** A machine on each of two segments, one with a BIOS and one with UEFI, installed at the same time. */
export async function twoSegments(stage: BootStage): Promise<void> {
  await makeLabSegment(SECOND_SEGMENT, { address: SECOND_ADDRESS, mac: parseMac('52:54:00:4d:55:fd') });
  const second = await stage.capture(SECOND_SEGMENT.bridge);
  const [, office] = await playInstalls(
    stage,
    [
      {
        name: 'hall',
        number: 1,
        firmware: 'bios',
        tree: 'BIOS',
        loader: 'pxelinux',
        way: 'pxelinux, kernel and initrd over TFTP',
        explained: { chain: 'pxelinux.0, ldlinux.c32, pxelinux.cfg', rule: 'wish' },
      },
      {
        name: 'office',
        number: 2,
        firmware: 'uefi',
        tree: 'BIOS and UEFI',
        netBoot: 'PXE over IPv4',
        segment: SECOND_SEGMENT,
        way: 'PXE, shim, GRUB, kernel and initrd over TFTP',
        explained: { chain: 'shimx64.efi, grubx64.efi, grub.cfg', rule: 'firmware table' },
      },
    ],
    { MUSTER_INTERFACES: `${LAB_NETWORK.bridge},${SECOND_SEGMENT.bridge}` },
  );
  await assertOnlyOwn(stage.wire, LAB_NETWORK.server, '192.168.122');
  await assertOnlyOwn(second, SECOND_ADDRESS, '192.168.123');
  if (office) await assertEfiDisk(office.disk);
}

/** On each segment Muster speaks from its address there, and gives addresses of that subnet alone. */
async function assertOnlyOwn(wire: WireCapture, address: string, network: string): Promise<void> {
  const replies = await wire.packets('udp src port 67');
  assert.ok(replies.length >= 4, `${network} has offers and acknowledgements for two starts`);
  for (const reply of replies) {
    assert.ok(reply.includes(`${address}.67 > `), `Muster is ${address} there: ${reply}`);
    assert.ok(reply.includes(`Server-IP ${address}`), `its files are to be had from ${address}: ${reply}`);
    assert.ok(reply.includes(`Your-IP ${network}.1`), `the address is one of ${network}: ${reply}`);
  }
  const strangers = await wire.packets(
    `ip and not net ${network}.0/24 and not host 0.0.0.0 and not host 255.255.255.255`,
  );
  assert.deepEqual(strangers, [], 'nothing of the other segment is on the wire');
}
