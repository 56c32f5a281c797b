import { type Ipv6Address, ipv6FromBytes } from '../lib/addresses.ts';
import { isLinkLocal } from '../lib/ipv6-address.ts';
import { readText } from './read-if-there.ts';

/** The IPv6 addresses of one interface that can be served now. */
export interface InterfaceIpv6 {
  readonly linkLocal?: Ipv6Address;
  /** That reach further than the link, in the kernel's order. */
  readonly global: readonly Ipv6Address[];
}

/** IFA_F_* of linux/if_addr.h: one that comes and goes for privacy, is taken, on its way out, or not yet tried out. */
const Flag = { temporary: 0x01, failed: 0x08, deprecated: 0x20, tentative: 0x40 } as const;
const UNUSABLE = Flag.temporary | Flag.failed | Flag.deprecated | Flag.tentative;
/** IPV6_ADDR_SCOPE_* as the kernel shows them; loopback is 0x10. */
const Scope = { global: 0x00, link: 0x20 } as const;

const ADDRESS_TABLE = '/proc/net/if_inet6';

/** By the kernel's number of the interface; empty where the kernel has no IPv6. */
export function listIpv6Addresses(
  table: string = readText(ADDRESS_TABLE) ?? '',
): ReadonlyMap<number, InterfaceIpv6> {
  const found = new Map<number, InterfaceIpv6>();
  for (const line of table.split('\n')) {
    const row = readRow(line);
    if (row === undefined) continue;
    const known = found.get(row.interfaceIndex) ?? { global: [] };
    found.set(
      row.interfaceIndex,
      isLinkLocal(row.address)
        ? { linkLocal: row.address, ...known }
        : { ...known, global: [...known.global, row.address] },
    );
  }
  return found;
}

/** `fe800000…01 02 40 20 80 eth0`: address, interface, prefix length, scope and flags, all in hex (proc_net(5)). */
function readRow(
  line: string,
): { readonly address: Ipv6Address; readonly interfaceIndex: number } | undefined {
  const [address = '', ...numbers] = line.trim().split(/\s+/);
  if (!/^[\da-f]{32}$/i.test(address)) return undefined;
  const [interfaceIndex = 0, , scope, flags = 0] = numbers
    .slice(0, 4)
    .map((text) => Number.parseInt(text, 16));
  if (scope !== Scope.global && scope !== Scope.link) return undefined;
  if ((flags & UNUSABLE) !== 0) return undefined;
  return { address: ipv6FromBytes(Buffer.from(address, 'hex')), interfaceIndex };
}
