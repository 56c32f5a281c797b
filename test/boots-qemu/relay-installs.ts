import assert from 'node:assert/strict';
import { LAB_NETWORK } from '../../src/lab/private-network.ts';
import { formatIpv4Network } from '../../src/lib/addresses.ts';
import type { BootStage } from './boot-stage.ts';
import { assertEfiDisk } from './efi-disk.ts';
import { playInstall } from './install-story.ts';
import type { Neighbour } from './neighbour.ts';
import { OTHER_SERVER, startOtherDhcpServer } from './other-dhcp-server.ts';
import { CIRCUIT, FAR_SEGMENT, relayMaterial, ROUTER_NEAR, startRelayRouter } from './relay-router.ts';
import { uefiMaterial } from './uefi-material.ts';
import type { WireCapture } from './wire-capture.ts';

const { server } = LAB_NETWORK;
const { router } = FAR_SEGMENT;
const FAR_NETWORK = formatIpv4Network(FAR_SEGMENT.network);
/** What Muster gives behind the router, and what the other server gives there. */
const OURS = /Your-IP 192\.168\.123\.1\d\d/;
const THEIRS = { firstAddress: '192.168.123.50', lastAddress: '192.168.123.99' } as const;
const AGENT_INFORMATION = new RegExp(
  `Agent-Information \\(82\\), length \\d+: ?\\s*Circuit-ID[^\\n]*: ${CIRCUIT}`,
);

export async function relayOvmfMaterial(say: (sentence: string) => void): Promise<void> {
  await uefiMaterial(say);
  await relayMaterial(say);
}

/** Behind a router with a relay agent, a BIOS machine gets its address and its installer from Muster. */
export async function relayBios(stage: BootStage): Promise<void> {
  await behindRouter(stage, { servers: [server], ipv6: 'router' }, async (far) => {
    await playInstall(stage, {
      firmware: 'bios',
      tree: 'BIOS',
      loader: 'pxelinux',
      segment: FAR_SEGMENT,
      way: 'DHCP through a relay agent, pxelinux, kernel and initrd over TFTP through the router',
      explained: { chain: 'pxelinux.0, ldlinux.c32, pxelinux.cfg', rule: 'wish' },
    });
    const replies = await assertRelayed(stage, far);
    assert.ok(
      replies.some((reply) => OURS.test(reply)),
      "the address is one of the machine's subnet, and not of Muster's own",
    );
    const leases = stage.feed.events.filter(({ kind }) => kind === 'dhcp.acknowledged');
    assert.ok(leases.length > 0, 'the timeline tells of leases');
    for (const { data } of leases)
      assert.match(String(data?.['address']), /^192\.168\.123\.1\d\d$/, 'each lease is of that subnet');
  });
}

/**
 * There another server gives the addresses, and the relay agent asks both: UEFI asks Muster's port 4011 past the relay,
 * from the other subnet.
 */
export async function relayOvmf(stage: BootStage): Promise<void> {
  const other = await startOtherDhcpServer({
    network: FAR_NETWORK,
    ...THEIRS,
    router,
    via: ROUTER_NEAR,
  });
  try {
    await behindRouter(stage, { servers: [server, OTHER_SERVER.address], ipv6: 'none' }, async (far) => {
      const { disk } = await playInstall(stage, {
        firmware: 'uefi',
        tree: 'BIOS and UEFI',
        mode: 'proxy',
        netBoot: 'PXE over IPv4',
        segment: FAR_SEGMENT,
        way: 'proxyDHCP through a relay agent, port 4011, snponly.efi, kernel and initrd over HTTP',
        explained: { chain: 'snponly.efi, its script over HTTP', rule: 'firmware table' },
      });
      for (const reply of await assertRelayed(stage, far))
        assert.doesNotMatch(reply, /Your-IP (?!0\.0\.0\.0)/, 'Muster gave no address');
      assert.match(
        other.said,
        /DHCPACK\(far0\) 192\.168\.123\.\d+/,
        'the address came from the other server',
      );
      await assertBootServerPort(stage);
      const kinds = new Set(stage.feed.events.map(({ kind }) => kind));
      assert.ok(kinds.has('dhcp.proxied'), 'the timeline tells that it was told what to boot');
      assert.ok(!kinds.has('dhcp.acknowledged'), 'and that no lease was given');
      assert.ok(!kinds.has('dhcp.proxyUnfollowed'), 'and of no client that did not follow');
      await assertEfiDisk(disk);
    });
  } finally {
    await other.stop();
  }
}

async function behindRouter(
  stage: BootStage,
  { servers, ipv6 }: { readonly servers: readonly string[]; readonly ipv6: 'router' | 'none' },
  run: (far: WireCapture) => Promise<void>,
): Promise<void> {
  const relay: Neighbour = await startRelayRouter(servers, ipv6);
  try {
    stage.phase('a router with a relay agent runs');
    await run(await stage.capture(FAR_SEGMENT.bridge));
  } finally {
    await relay.stop();
  }
}

/** @returns Muster's replies to the relay agent, in tcpdump's words. */
async function assertRelayed({ wire }: BootStage, far: WireCapture): Promise<readonly string[]> {
  const requests = await wire.packets(`udp dst port 67 and dst host ${server} and not src host ${server}`);
  const relayed = requests.filter((packet) => packet.includes(`Gateway-IP ${router}`));
  assert.ok(relayed.length > 0, 'the relay agent passed requests on');
  for (const request of relayed)
    assert.match(request, AGENT_INFORMATION, 'the relay agent said in option 82 where the machine is');

  const replies = await wire.packets(`udp src port 67 and src host ${server}`);
  const toRelay = replies.filter((packet) => packet.includes(`Gateway-IP ${router}`));
  assert.ok(toRelay.length >= 2, 'Muster answered it at both starts');
  for (const reply of toRelay) {
    assert.ok(reply.includes(`${server}.67 > ${router}.67`), `a reply goes to the relay agent: ${reply}`);
    assert.match(reply, AGENT_INFORMATION, 'option 82 comes back to the relay agent');
    assert.ok(reply.includes(`Server-IP ${server}`), 'the machine is told to load from Muster');
  }

  const heard = await far.packets('udp dst port 68');
  assert.ok(heard.length > 0, 'the machine heard replies');
  for (const reply of heard)
    assert.doesNotMatch(reply, /Agent-Information/, 'the machine hears nothing of it');
  return toRelay;
}

/** From the machine's subnet, past the relay agent, and back to where it was asked from. */
async function assertBootServerPort({ wire }: BootStage): Promise<void> {
  const asked = await wire.packets(`udp dst port 4011 and src net ${FAR_NETWORK} and dst host ${server}`);
  assert.ok(asked.length >= 2, 'the firmware asked port 4011 for the installer and for the disk');
  const answered = await wire.packets(`udp src port 4011 and src host ${server} and dst net ${FAR_NETWORK}`);
  assert.ok(answered.length >= 2, 'and was answered from there');
  for (const packet of [...asked, ...answered])
    assert.doesNotMatch(packet, /Gateway-IP/, 'no relay agent was on the way');
}
