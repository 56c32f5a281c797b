import { macToBytes, type MacAddress, parseMac } from '../lib/addresses.ts';
import { loadLibc } from '../os/libc.ts';

/**
 * An IPv6 router that has nothing to give. The iPXE ROM asks for one after its DHCPv4 lease and, where nobody
 * answers, goes on only after 13 seconds (observed with ipxe-qemu 1.0.0+git-20190125). An advertisement with a
 * lifetime of zero and no prefix (RFC 4861 §4.2) is an answer, and changes nothing else.
 */

const ALL_NODES = Uint8Array.of(0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
/** Where frames for ff02::1 go (RFC 2464 §7). */
const ALL_NODES_MAC = parseMac('33:33:00:00:00:01');
const ETHERTYPE_IPV6 = [0x86, 0xdd] as const;
const NEXT_HEADER_ICMPV6 = 58;
/** A receiver drops neighbour discovery that could have come through a router (RFC 4861 §6.1.2). */
const HOP_LIMIT = 255;
const ICMPV6_ROUTER_ADVERTISEMENT = 134;
const SUGGESTED_HOP_LIMIT = 64;
/** Often enough that a ROM which has just asked does not notice the wait. */
const INTERVAL_MS = 300;

/** The whole Ethernet frame of an empty router advertisement to all nodes. */
export function routerAdvertisementFrame(from: MacAddress): Uint8Array {
  const icmp = new Uint8Array(16);
  icmp[0] = ICMPV6_ROUTER_ADVERTISEMENT;
  icmp[4] = SUGGESTED_HOP_LIMIT;
  const source = linkLocalAddress(from);
  const pseudoHeader = [...source, ...ALL_NODES, 0, 0, 0, icmp.length, 0, 0, 0, NEXT_HEADER_ICMPV6];
  const sum = internetChecksum(Uint8Array.from([...pseudoHeader, ...icmp]));
  icmp.set([sum >> 8, sum & 0xff], 2);
  const ipv6 = [0x60, 0, 0, 0, 0, icmp.length, NEXT_HEADER_ICMPV6, HOP_LIMIT, ...source, ...ALL_NODES];
  return Uint8Array.from([
    ...macToBytes(ALL_NODES_MAC),
    ...macToBytes(from),
    ...ETHERTYPE_IPV6,
    ...ipv6,
    ...icmp,
  ]);
}

/** The address an interface gives itself: fe80::/64 and the modified EUI-64 of its MAC (RFC 4291 App. A). */
function linkLocalAddress(mac: MacAddress): Uint8Array {
  const [first = 0, ...rest] = macToBytes(mac);
  const prefix = [0xfe, 0x80, 0, 0, 0, 0, 0, 0];
  const middle = [0xff, 0xfe];
  return Uint8Array.from([...prefix, first ^ 0x02, ...rest.slice(0, 2), ...middle, ...rest.slice(2)]);
}

/** RFC 1071: the complement of the ones' complement sum of all 16-bit words; the length must be even. */
function internetChecksum(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += view.getUint16(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/**
 * Sends the advertisement out of the interface again and again.
 *
 * @returns what stops it, or why it cannot be done here; the ROM is then only slower.
 */
export function startAdvertising(
  interfaceName: string,
  from: MacAddress,
): { readonly stop: () => void } | { readonly because: string } {
  const libc = loadLibc();
  if ('unavailable' in libc) return { because: libc.because };
  const index = libc.interfaceIndex(interfaceName);
  if (index === undefined) return { because: `there is no interface ${interfaceName}` };
  const frame = routerAdvertisementFrame(from);
  const socket = libc.socket('packet');
  const timer = setInterval(() => {
    try {
      libc.sendFrame(socket, index, ALL_NODES_MAC, frame);
    } catch {
      // A full queue or a link that is down for a moment: the next one will go through.
    }
  }, INTERVAL_MS);
  timer.unref();
  return {
    stop: () => {
      clearInterval(timer);
      libc.close(socket);
    },
  };
}
