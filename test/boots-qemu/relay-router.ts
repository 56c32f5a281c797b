import { RELAY_NEEDS } from '../../src/lab/host-programs.ts';
import { LAB_NETWORK, type LabSegment, makeLabSegment } from '../../src/lab/private-network.ts';
import { mustRun } from '../../src/lab/run-program.ts';
import { fetchUnpacked, requireUnpacked } from '../../src/lab/unpacked-packages.ts';
import { formatIpv4Network, parseIpv4, parseIpv4Network } from '../../src/lib/addresses.ts';
import { Neighbour } from './neighbour.ts';

/** The segment on the other side of the router; nobody but the router and the machine is on it. */
export const FAR_SEGMENT = {
  bridge: 'br1',
  tap: 'tap1',
  network: parseIpv4Network('192.168.123.0/24'),
  firstAddress: parseIpv4('192.168.123.100'),
  lastAddress: parseIpv4('192.168.123.200'),
  router: parseIpv4('192.168.123.254'),
} as const satisfies LabSegment;

/** The router's address on Muster's segment. */
export const ROUTER_NEAR = '192.168.122.254';
/** The circuit identifier that dhcrelay puts into option 82: the name of the interface. */
export const CIRCUIT = 'floor0';

const ADVERTISER = `dnsmasq --no-daemon --conf-file=/dev/null --port=0 --interface=${CIRCUIT} --leasefile-ro --enable-ra --dhcp-range=2001:db8:123::,ra-only`;

/** Brings the relay agent, outside the private network. */
export async function relayMaterial(say: (sentence: string) => void): Promise<void> {
  await fetchUnpacked(Object.values(RELAY_NEEDS), say);
}

/**
 * A router between Muster's segment and another one, in a network namespace of its own. ISC dhcrelay asks these DHCP
 * servers for the machines there, and says in option 82 where each is.
 *
 * @param ipv6 with a router of IPv6 there, dnsmasq, boot ROMs need not wait for one; but OVMF then tries HTTP Boot over IPv6
 * for minutes before it comes to its disk.
 */
export async function startRelayRouter(
  servers: readonly string[],
  ipv6: 'router' | 'none',
): Promise<Neighbour> {
  await makeLabSegment(FAR_SEGMENT);
  const { bridge, network, router } = FAR_SEGMENT;
  const dhcrelay = requireUnpacked(RELAY_NEEDS.dhcrelay);
  const hasIpv6 = ipv6 === 'router';
  const neighbour = await Neighbour.start({
    name: 'router',
    cards: [
      { name: 'far0', bridge: LAB_NETWORK.bridge, address: `${ROUTER_NEAR}/24` },
      { name: CIRCUIT, bridge, address: `${router}/${network.prefixLength}` },
    ],
    setUp: [
      'echo 1 >/proc/sys/net/ipv4/ip_forward',
      ...(hasIpv6 ? [`ip address add 2001:db8:123::1/64 dev ${CIRCUIT} nodad`] : []),
    ],
    programs: [
      `${dhcrelay} -4 -d --no-pid -a -iu far0 -id ${CIRCUIT} ${servers.join(' ')}`,
      ...(hasIpv6 ? [ADVERTISER] : []),
    ],
    ready: [/Sending on +Socket\/fallback/, ...(hasIpv6 ? [/router advertisement on 2001:db8:123::/] : [])],
  });
  await mustRun(['ip', 'route', 'add', formatIpv4Network(network), 'via', ROUTER_NEAR]);
  return neighbour;
}
