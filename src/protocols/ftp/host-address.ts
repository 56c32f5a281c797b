import type { IpAddress } from '../../lib/addresses.ts';
import { isIpv6, isLinkLocal, parseIp } from '../../lib/ipv6-address.ts';

/** Addresses as Node writes them, and as we do. */

/** The address as the system wants it: a link-local one with its interface. */
export function hostOf(address: IpAddress, interfaceName: string | undefined): string {
  const needsZone = interfaceName !== undefined && isIpv6(address) && isLinkLocal(address);
  return needsZone ? `${address}%${interfaceName}` : address;
}

/** Node writes IPv4 as `::ffff:192.0.2.1` where both come to one port, and the zone behind a link-local address. */
export function plainAddress(text = ''): IpAddress {
  return parseIp(text.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, ''));
}
