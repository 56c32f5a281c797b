import { type Ipv4Address, type MacAddress, macFromBytes, UNSPECIFIED } from '../../lib/addresses.ts';
import { type DhcpMessage, HTYPE_ETHERNET } from './message.ts';
import { MessageType, Options } from './options.ts';
import { relayAgentInformation } from './relay-agent.ts';

export const SERVER_PORT = 67;
export const CLIENT_PORT = 68;

/**
 * Where a reply goes. `hardware` goes to port 68 of that Ethernet address without asking ARP, since the client has
 * no address yet to answer from; `broadcast` to port 68 of everyone on the interface.
 */
export type Destination =
  | { readonly to: 'relay'; readonly address: Ipv4Address; readonly port: number }
  | { readonly to: 'client address'; readonly address: Ipv4Address; readonly port: number }
  | { readonly to: 'hardware'; readonly mac: MacAddress; readonly address: Ipv4Address }
  | { readonly to: 'broadcast' };

/**
 * RFC 2131 §4.1, from the reply alone: it repeats what of the request decides. First rule that fits wins.
 *
 * @param sourcePort where the request came from: the port of a relay that does not use 67, and says so in the
 * option 82 that the reply repeats (RFC 8357 §5.1).
 */
export function whereToSend(reply: DhcpMessage, sourcePort: number): Destination {
  if (reply.giaddr !== UNSPECIFIED) {
    const port = relayAgentInformation(reply).usesSourcePort === true ? sourcePort : SERVER_PORT;
    return { to: 'relay', address: reply.giaddr, port };
  }
  // A client that is told no may have an address that is wrong here, so it cannot be reached by it.
  if (reply.options.get(Options.messageType) === MessageType.DHCPNAK) return BROADCAST;
  if (reply.ciaddr !== UNSPECIFIED) return { to: 'client address', address: reply.ciaddr, port: CLIENT_PORT };
  if (reply.broadcast || reply.yiaddr === UNSPECIFIED) return BROADCAST;
  const mac = ethernetAddress(reply);
  // InfiniBand sends no hardware address and has to be broadcast to (RFC 4390 §2).
  if (mac === undefined) return BROADCAST;
  return { to: 'hardware', mac, address: reply.yiaddr };
}

const BROADCAST: Destination = { to: 'broadcast' };

/** Set in group addresses, which no card has for its own (IEEE 802). */
const GROUP_BIT = 0x01;

/** The Ethernet address of a message; undefined for other hardware, for none, for zeros and for a group's. */
export function ethernetAddress(message: Pick<DhcpMessage, 'htype' | 'chaddr'>): MacAddress | undefined {
  return message.htype === HTYPE_ETHERNET ? cardAddress(message.chaddr) : undefined;
}

/** Six bytes as the address of one network card; undefined where they cannot be that. */
export function cardAddress(bytes: Uint8Array): MacAddress | undefined {
  const [first = 0] = bytes;
  if (bytes.length !== 6 || (first & GROUP_BIT) !== 0) return undefined;
  return bytes.some((octet) => octet !== 0) ? macFromBytes(bytes) : undefined;
}
