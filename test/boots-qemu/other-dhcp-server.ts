import { LAB_NETWORK } from '../../src/lab/private-network.ts';
import { Neighbour } from './neighbour.ts';

/** What the other server gives; Muster's range begins above. */
export const OTHER_SERVER = {
  address: '192.168.122.2',
  firstAddress: '192.168.122.50',
  lastAddress: '192.168.122.99',
} as const;

/** A network behind a router, for which the relay agent there asks. */
export interface RelayedRange {
  readonly network: string;
  readonly firstAddress: string;
  readonly lastAddress: string;
  /** In that network, and what clients are told. */
  readonly router: string;
  /** The router's address on the server's own segment. */
  readonly via: string;
}

/**
 * A home router or company server beside Muster: a plain dnsmasq in a network namespace of its own on the same segment,
 * which gives addresses and knows nothing of booting.
 *
 * @param relayed gives addresses there, and not on its own segment.
 * @returns when it listens.
 */
export async function startOtherDhcpServer(relayed?: RelayedRange): Promise<Neighbour> {
  const { address, firstAddress, lastAddress } = OTHER_SERVER;
  const range =
    relayed === undefined
      ? `--dhcp-range=${firstAddress},${lastAddress},1h`
      : `--dhcp-range=${relayed.firstAddress},${relayed.lastAddress},255.255.255.0,1h --dhcp-option=3,${relayed.router}`;
  return await Neighbour.start({
    name: 'other',
    cards: [{ name: 'far0', bridge: LAB_NETWORK.bridge, address: `${address}/24` }],
    setUp: relayed === undefined ? [] : [`ip route add ${relayed.network} via ${relayed.via}`],
    programs: [
      `dnsmasq --no-daemon --conf-file=/dev/null --port=0 --interface=far0 --bind-interfaces ${range} --dhcp-authoritative --no-ping --leasefile-ro --log-dhcp`,
    ],
    ready: [/DHCP, IP range|DHCP, sockets bound/],
  });
}
