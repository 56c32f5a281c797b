import { broadcastOf, ipv4ToNumber } from '../../lib/addresses.ts';
import { allReservations, type Reserved } from './all-reservations.ts';
import type { Subnet } from './subnet.ts';

/** A subnet as it is asked for each packet: nothing here takes longer where there are more reservations. */
export interface SubnetIndex {
  /** In the subnet's own order; both ends are handed out. */
  readonly ranges: readonly { readonly first: number; readonly last: number }[];
  readonly reservedAddresses: ReadonlyMap<number, Reserved>;
  /** By the `clientKey` of their holders. */
  readonly reservedClients: ReadonlyMap<string, Reserved>;
  /** What no client ever gets, and whose it is, as the end of "192.168.1.7 …". */
  readonly kept: ReadonlyMap<number, string>;
  /** Addresses of the ranges that are for anybody. */
  readonly size: number;
}

/** A subnet is read anew when it changes, so an index is as old as its record, and is forgotten with it. */
const indexes = new WeakMap<Subnet, SubnetIndex>();

export function subnetIndex(subnet: Subnet): SubnetIndex {
  const known = indexes.get(subnet);
  if (known) return known;
  const index = buildIndex(subnet);
  indexes.set(subnet, index);
  return index;
}

export function isInRanges({ ranges }: SubnetIndex, address: number): boolean {
  return ranges.some(({ first, last }) => first <= address && address <= last);
}

/** Whether it is one of those that any client may get. */
export function isForAnybody(index: SubnetIndex, address: number): boolean {
  return isInRanges(index, address) && !index.reservedAddresses.has(address) && !index.kept.has(address);
}

function buildIndex(subnet: Subnet): SubnetIndex {
  const ranges = subnet.ranges.map(({ first, last }) => ({
    first: ipv4ToNumber(first),
    last: ipv4ToNumber(last),
  }));
  const reservations = allReservations(subnet);
  const reservedAddresses = new Map(reservations.map((each) => [ipv4ToNumber(each.address), each]));
  const partial = {
    ranges,
    reservedAddresses,
    reservedClients: new Map(reservations.map((each) => [each.clientKey, each])),
    kept: keptAddresses(subnet),
    size: 0,
  };
  const all = ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  const notForAnybody = new Set([...reservedAddresses.keys(), ...partial.kept.keys()]);
  const lost = [...notForAnybody].filter((address) => isInRanges(partial, address)).length;
  return { ...partial, size: all - lost };
}

/** Routers and name servers may lie in a range people give without thinking of them. */
function keptAddresses({ network, routers, dnsServers, nextServer }: Subnet): ReadonlyMap<number, string> {
  // The first that is said of an address counts, so the last written.
  return new Map(
    [
      ...(nextServer === undefined ? [] : [[nextServer, "is the boot server's"] as const]),
      ...dnsServers.map((address) => [address, "is a DNS server's"] as const),
      ...routers.map((address) => [address, "is a router's"] as const),
      [broadcastOf(network), 'is the broadcast address of the network'] as const,
      [network.address, 'is the address of the network itself'] as const,
    ].map(([address, whose]) => [ipv4ToNumber(address), whose] as const),
  );
}
