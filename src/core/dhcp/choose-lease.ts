import {
  broadcastOf,
  formatIpv4Network,
  type Ipv4Address,
  ipv4FromNumber,
  ipv4ToNumber,
  type MacAddress,
  networkContains,
} from '../../lib/addresses.ts';
import { bindsAddress, type Lease } from '../network/lease.ts';
import type { OfferTable } from '../network/offers.ts';
import type { Reservation, Subnet } from '../network/subnet.ts';
import { type Silence, silence } from './silence.ts';

/** What is known when an address is wanted: a snapshot, which the store checks once more when it is claimed. */
export interface LeaseQuestion {
  readonly subnet: Subnet;
  readonly clientKey: string;
  readonly mac?: MacAddress;
  /** Those of this server, and of the relay agent. */
  readonly ownAddresses: readonly Ipv4Address[];
  /** The client's newest lease in the subnet, in whatever state but declined. */
  readonly own?: Lease;
  /** What the client asks for (option 50). */
  readonly wanted?: Ipv4Address;
  /** Leases on record, by address: at least those of `preferredAddresses`, for `chooseLease` all of the subnet. */
  readonly records: ReadonlyMap<Ipv4Address, Lease>;
  readonly offers: Pick<OfferTable, 'holderOf' | 'offeredTo'>;
  readonly nowMs: number;
}

export interface ChosenAddress {
  readonly address: Ipv4Address;
  readonly because: string;
}

/** RFC 2131 §4.3.1: the reservation, what the client has or had, what it was offered, what it asks for, the next free. */
export function chooseLease(question: LeaseQuestion): ChosenAddress | Silence {
  return choosePreferred(question) ?? chooseNextFree(question);
}

/** An address this client has some claim to; undefined where it has none, or others are in its way. */
export function choosePreferred(question: LeaseQuestion): ChosenAddress | undefined {
  for (const { address, because } of preferences(question)) {
    if (objectionToAddress(address, question) === undefined) return { address, because };
  }
  return undefined;
}

/** Those addresses whose records `choosePreferred` looks at. */
export function preferredAddresses(question: Omit<LeaseQuestion, 'records'>): readonly Ipv4Address[] {
  return preferences(question).map(({ address }) => address);
}

export function reservationOf(subnet: Subnet, mac: MacAddress | undefined): Reservation | undefined {
  return mac === undefined ? undefined : subnet.reservations.find((reservation) => reservation.mac === mac);
}

function preferences(question: Omit<LeaseQuestion, 'records'>): readonly ChosenAddress[] {
  const { subnet, clientKey, mac, own, wanted, offers, nowMs } = question;
  const reserved = reservationOf(subnet, mac)?.address;
  const offered = offers.offeredTo(subnet.name, clientKey, nowMs);
  const holds = own !== undefined && bindsAddress(own, nowMs);
  const found: readonly (readonly [Ipv4Address | undefined, string])[] = [
    [reserved, `it is reserved for ${mac}`],
    [own?.address, holds ? 'the client holds it' : 'the client had it before'],
    [offered, 'it was offered to this client a moment ago'],
    [wanted, 'the client asks for it, and it is free'],
  ];
  return found.flatMap(([address, because]) => (address === undefined ? [] : [{ address, because }]));
}

/** Addresses nobody ever had come first; then the one whose lease ended longest ago, so that others find theirs again. */
function chooseNextFree(question: LeaseQuestion): ChosenAddress | Silence {
  const fresh = firstWithoutRecord(question);
  if (fresh !== undefined)
    return { address: fresh, because: 'it is the first of the ranges that nobody ever had' };
  const ended = [...question.records.values()]
    .filter((lease) => objectionToAddress(lease.address, question) === undefined)
    .reduce<Lease | undefined>(
      (oldest, lease) => (oldest && oldest.expiresAtMs <= lease.expiresAtMs ? oldest : lease),
      undefined,
    );
  if (ended)
    return {
      address: ended.address,
      because: 'every address of the ranges was given out before, and this lease ended longest ago',
    };
  const { subnet, mac, clientKey } = question;
  if (subnet.ranges.length === 0)
    return silence(
      `subnet ${subnet.name} has no range, and no address is reserved for ${mac ?? clientKey}: muster subnet set adds either`,
    );
  return silence(
    `every address in the ranges of subnet ${subnet.name} is taken: widen a range, or shorten the lease times`,
  );
}

/** Passes over what is on record, reserved or offered without a closer look: there may be many of those. */
function firstWithoutRecord(question: LeaseQuestion): Ipv4Address | undefined {
  const { subnet, records, offers, nowMs } = question;
  const reserved = new Set(subnet.reservations.map(({ address }) => address));
  for (const { first, last } of subnet.ranges) {
    for (let value = ipv4ToNumber(first); value <= ipv4ToNumber(last); value += 1) {
      const address = ipv4FromNumber(value);
      if (records.has(address) || reserved.has(address) || offers.holderOf(address, nowMs) !== undefined)
        continue;
      if (objectionToAddress(address, question) === undefined) return address;
    }
  }
  return undefined;
}

/** Why this client cannot have this address, as the end of "192.168.1.7 …"; undefined where it can. */
export function objectionToAddress(address: Ipv4Address, question: LeaseQuestion): string | undefined {
  const { subnet, clientKey, mac, records, offers, nowMs } = question;
  const standing = standingObjection(address, question);
  if (standing !== undefined) return standing;
  const reservation = subnet.reservations.find((candidate) => candidate.address === address);
  if (reservation && reservation.mac !== mac) return `is reserved for ${reservation.mac}`;
  if (!reservation && !isInRanges(subnet, address)) return `is in no range of subnet ${subnet.name}`;
  const lease = records.get(address);
  if (lease && bindsAddress(lease, nowMs)) {
    if (lease.state === 'declined') return 'was found in use by somebody unknown';
    if (lease.clientKey !== clientKey) return `is leased to ${lease.mac ?? lease.clientKey}`;
  }
  const holder = offers.holderOf(address, nowMs);
  if (holder !== undefined && holder !== clientKey) return 'is offered to another client just now';
  return undefined;
}

/** What holds for every client. Routers and name servers may lie in a range people give without thinking of them. */
function standingObjection(address: Ipv4Address, question: LeaseQuestion): string | undefined {
  const { subnet, ownAddresses } = question;
  const { network } = subnet;
  if (!networkContains(network, address)) return `is not in ${formatIpv4Network(network)}`;
  if (address === network.address) return 'is the address of the network itself';
  if (address === broadcastOf(network)) return 'is the broadcast address of the network';
  if (ownAddresses.includes(address)) return "is the server's own, or the relay agent's";
  if (subnet.routers.includes(address)) return "is a router's";
  if (subnet.dnsServers.includes(address)) return "is a DNS server's";
  if (subnet.nextServer === address) return "is the boot server's";
  return undefined;
}

function isInRanges({ ranges }: Subnet, address: Ipv4Address): boolean {
  const value = ipv4ToNumber(address);
  return ranges.some(({ first, last }) => ipv4ToNumber(first) <= value && value <= ipv4ToNumber(last));
}
