import { isIPv6 } from 'node:net';
import { ipv6ToBytes, parseIpv6 } from '../../lib/ipv6-address.ts';

/** Of an address of IPv6: whoever has one has the whole /64, and as many addresses as they like. */
const NETWORK_BYTES = 8;

/** What stands for everybody who may be one at that address, as sockets write it: for limits that are for each. */
export function networkOfAddress(address: string): string {
  // Where one socket hears both, addresses of IPv4 are written in IPv6.
  const [, ipv4] = /^::ffff:([\d.]+)$/i.exec(address) ?? [];
  if (ipv4 !== undefined || !isIPv6(address)) return ipv4 ?? address;
  const [withoutZone = address] = address.split('%');
  return Buffer.from(ipv6ToBytes(parseIpv6(withoutZone)))
    .subarray(0, NETWORK_BYTES)
    .toString('hex');
}
