import assert from 'node:assert/strict';
import { LAB_NETWORK } from '../../src/lab/private-network.ts';
import { mustRun } from '../../src/lab/run-program.ts';
import type { BootStage } from './boot-stage.ts';
import { assertEfiDisk } from './efi-disk.ts';
import { playInstall, type StoryShape } from './install-story.ts';
import { Neighbour } from './neighbour.ts';

const SERVER = 'fd00:4d55::1';
const OTHER_SERVER = 'fd00:4d55::2/64';
const SCRIPT_URL = `http://[${SERVER}]:8080/boot/boot.ipxe`;

/**
 * Gives addresses over DHCPv6 to who asks, and tells by router advertisements of the prefix. To iPXE it says what Muster
 * cannot, with the lines that the timeline has for it.
 */
async function startDhcpv6Server(): Promise<Neighbour> {
  const words = [
    'dnsmasq --no-daemon --conf-file=/dev/null --port=0 --interface=far0 --bind-interfaces --leasefile-ro --log-dhcp',
    '--enable-ra --dhcp-range=fd00:4d55::100,fd00:4d55::1ff,slaac,64,1h',
    `--dhcp-userclass=set:ipxe6,iPXE --dhcp-option=tag:ipxe6,option6:bootfile-url,${SCRIPT_URL}`,
  ];
  return await Neighbour.start({
    name: 'other',
    cards: [{ name: 'far0', bridge: LAB_NETWORK.bridge, address: OTHER_SERVER }],
    programs: [words.join(' ')],
    ready: [/DHCPv6, IP range/],
  });
}

/** Nothing is done over IPv4. */
const SETTINGS = { MUSTER_DHCP_PORT: 'off', MUSTER_IPV6_BOOT: 'on' };

/** Firmware takes Muster's word as that of a proxy, and asks port 4011. */
export async function pxeIpv6(stage: BootStage): Promise<void> {
  await overIpv6(
    stage,
    'PXE over IPv6',
    'PXE over IPv6, port 4011, snponly.efi, kernel and initrd over HTTP',
  );
  const asked = await stage.wire.packets('ip6 and udp dst port 4011');
  assert.ok(asked.length >= 2, 'the firmware asked port 4011 for the installer and for the disk');
  const files = await stage.wire.packets('ip6 and udp dst port 69');
  assert.match(files[0] ?? '', /snponly\.efi/, 'the first file is the loader of the table');
}

/** Not one byte over TFTP. */
export async function httpBootIpv6(stage: BootStage): Promise<void> {
  await overIpv6(stage, 'HTTP Boot', 'HTTP Boot over IPv6, snponly.efi, kernel and initrd over HTTP');
  assert.deepEqual(await stage.wire.packets('udp dst port 69'), [], 'nothing was asked for over TFTP');
  const asked = await stage.wire.packets('ip6 and tcp dst port 8080');
  assert.ok(
    asked.some((packet) => /HEAD \/boot\/snponly\.efi /.test(packet)),
    'the firmware asked for the size of its loader over HTTP',
  );
}

async function overIpv6(
  stage: BootStage,
  netBoot: NonNullable<StoryShape['netBoot']>,
  way: string,
): Promise<void> {
  await mustRun(['ip', 'address', 'add', `${SERVER}/64`, 'dev', LAB_NETWORK.bridge, 'nodad']);
  const other = await startDhcpv6Server();
  stage.phase('another DHCPv6 server gives addresses');
  try {
    const { disk } = await playInstall(stage, {
      firmware: 'uefi',
      tree: 'BIOS and UEFI',
      netBoot,
      // The way that was first seen to work; a disk that is put together needs no network behind the firmware.
      loader: 'ipxe',
      ipv6: SETTINGS,
      way,
      explained: { chain: 'snponly.efi, its script over HTTP', rule: 'wish' },
    });
    await assertEfiDisk(disk);
    assert.match(other.said, /DHCPREPLY\(far0\) fd00:4d55::1/, 'the address came from the other server');
    const kinds = new Set(stage.feed.events.map(({ kind }) => kind));
    assert.ok(kinds.has('dhcpv6.told'), 'the timeline tells what the firmware was told');
    assert.ok(kinds.has('dhcpv6.otherServer'), 'and what the other server has to say to iPXE');
    assert.deepEqual(
      await stage.wire.packets('ip and tcp dst port 8080'),
      [],
      'nothing was fetched over IPv4',
    );
    const given = await stage.wire.packets(`ip6 and udp src port 547 and ether src ${LAB_NETWORK.serverMac}`);
    for (const packet of given) assert.doesNotMatch(packet, /IA_NA/, 'Muster gave no address');
  } finally {
    await other.stop();
  }
}
