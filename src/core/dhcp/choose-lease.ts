import {
  formatIpv4Network,
  type Ipv4Address,
  ipv4ToNumber,
  type MacAddress,
  networkContains,
} from '../../lib/addresses.ts';
import { bindsAddress, type Lease } from '../network/lease.ts';
import type { FreeAddress, FreeQuestion } from '../network/lease-pool.ts';
import type { OfferTable } from '../network/offers.ts';
import { isFor, reservationOf } from '../network/reservations.ts';
import type { Subnet } from '../network/subnet.ts';
import { isInRanges, subnetIndex } from '../network/subnet-index.ts';
import { type Silence, silence } from './silence.ts';

/** What is known when an address is wanted: a snapshot, which the store checks once more when it is claimed. */
export interface LeaseQuestion {
  readonly subnet: Subnet;
  readonly clientKey: string;
  readonly mac?: MacAddress | undefined;
  /** Those of this server, and of the relay agent. */
  readonly ownAddresses: readonly Ipv4Address[];
  /** The client's newest lease in the subnet, in whatever state but declined. */
  readonly own?: Lease | undefined;
  /** What the client asks for (option 50). */
  readonly wanted?: Ipv4Address | undefined;
  /** Leases on record, by address. */
  readonly records: { get(address: Ipv4Address): Lease | undefined };
  readonly offers: Pick<OfferTable, 'holderOf' | 'offeredTo'>;
  readonly nowMs: number;
}

export interface ChosenAddress {
  readonly address: Ipv4Address;
  readonly because: string;
}

/** RFC 2131 §4.3.1: the reservation, what the client has or had, what it was offered, what it asks for, the next free. */
export function chooseLease(question: LeaseQuestion, nextFree: NextFree): ChosenAddress | Silence {
  return choosePreferred(question) ?? chooseNextFree(question, nextFree);
}

/** The next address for a new client, of those that are open. */
export type NextFree = (isOpen: FreeQuestion['isOpen']) => FreeAddress | undefined;

/** An address this client has some claim to; undefined where it has none, or others are in its way. */
export function choosePreferred(question: LeaseQuestion): ChosenAddress | undefined {
  for (const { address, because } of preferences(question)) {
    if (objectionToAddress(address, question) === undefined) return { address, because };
  }
  return undefined;
}

function preferences(question: LeaseQuestion): readonly ChosenAddress[] {
  const { subnet, clientKey, own, wanted, offers, nowMs } = question;
  const found: ChosenAddress[] = [];
  const reserved = reservationOf(subnet, question);
  if (reserved) found.push({ address: reserved.address, because: `it is reserved for ${reserved.holder}` });
  if (own) {
    const because = bindsAddress(own, nowMs) ? 'the client holds it' : 'the client had it before';
    found.push({ address: own.address, because });
  }
  const offered = offers.offeredTo(subnet.name, clientKey, nowMs);
  if (offered) found.push({ address: offered, because: 'it was offered to this client a moment ago' });
  if (wanted) found.push({ address: wanted, because: 'the client asks for it, and it is free' });
  return found;
}

/** What is left to somebody new: `LeasePool.nextFree` says in which order. */
function chooseNextFree(question: LeaseQuestion, nextFree: NextFree): ChosenAddress | Silence {
  const free = nextFree((address) => isOpen(address, question));
  if (free) return { address: free.address, because: whyFree(free) };
  const { subnet, mac, clientKey } = question;
  if (subnet.ranges.length === 0)
    return silence(
      'noAddress',
      `subnet ${subnet.name} has no range, and no address is reserved for ${mac ?? clientKey}: muster subnet set adds either`,
    );
  return silence(
    'noAddress',
    `every address in the ranges of subnet ${subnet.name} is taken: widen a range, or shorten the lease times`,
  );
}

function whyFree(free: FreeAddress): string {
  if (free.was === 'never leased') return 'it is the first of the ranges that nobody ever had';
  const { mac, clientKey } = free.before;
  const ended = free.was === 'run out' ? 'whose lease ended' : 'who gave it back';
  return `every address of the ranges was given out before; this one is taken from ${mac ?? clientKey}, ${ended} longest ago`;
}

/** Whether nobody has it just now; the pool knows what is in the ranges, and what is on record. */
function isOpen(address: Ipv4Address, { ownAddresses, offers, clientKey, nowMs }: LeaseQuestion): boolean {
  if (ownAddresses.includes(address)) return false;
  const holder = offers.holderOf(address, nowMs);
  return holder === undefined || holder === clientKey;
}

/** Why this client cannot have this address, as the end of "192.168.1.7 …"; undefined where it can. */
export function objectionToAddress(address: Ipv4Address, question: LeaseQuestion): string | undefined {
  const { subnet, clientKey, records, offers, nowMs } = question;
  const standing = standingObjection(address, question);
  if (standing !== undefined) return standing;
  const index = subnetIndex(subnet);
  const number = ipv4ToNumber(address);
  const reserved = index.reservedAddresses.get(number);
  if (reserved && !isFor(question, reserved)) return `is reserved for ${reserved.holder}`;
  if (!reserved && !isInRanges(index, number)) return `is in no range of subnet ${subnet.name}`;
  const lease = records.get(address);
  if (lease && bindsAddress(lease, nowMs)) {
    if (lease.state === 'declined') return 'was found in use by somebody unknown';
    if (lease.clientKey !== clientKey) return `is leased to ${lease.mac ?? lease.clientKey}`;
  }
  const holder = offers.holderOf(address, nowMs);
  if (holder !== undefined && holder !== clientKey) return 'is offered to another client just now';
  return undefined;
}

/** What holds for every client. */
function standingObjection(
  address: Ipv4Address,
  { subnet, ownAddresses }: LeaseQuestion,
): string | undefined {
  if (!networkContains(subnet.network, address)) return `is not in ${formatIpv4Network(subnet.network)}`;
  if (ownAddresses.includes(address)) return "is the server's own, or the relay agent's";
  return subnetIndex(subnet).kept.get(ipv4ToNumber(address));
}
