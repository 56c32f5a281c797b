import {
  broadcastOf,
  formatIpv4Network,
  type Ipv4Address,
  ipv4ToNumber,
  networkContains,
  networksOverlap,
  UNSPECIFIED,
} from '../../lib/addresses.ts';
import { MAX_FILE_BYTES } from '../../protocols/dhcp/message.ts';
import { whyOwned } from './option-text.ts';
import { leaseTimeObjection } from './lease-time-rules.ts';
import { allReservations } from './all-reservations.ts';
import type { AddressRange, Subnet } from './subnet.ts';
import type { SubnetObjection } from './subnet-store.ts';

export const MAX_RANGES = 64;
export const MAX_RESERVATIONS = 10_000;
export const MAX_EXTRA_OPTIONS = 100;
/** 255 bytes of one option hold no more. */
export const MAX_SERVERS = 63;
/** The largest network that can be served; more would not be one link. */
const MIN_PREFIX_LENGTH = 8;
/** A /31 and a /32 have no address between network and broadcast address. */
const MAX_PREFIX_LENGTH = 30;
const MAX_NAME_LETTERS = 63;

type Rule = (subnet: Subnet) => string | undefined;

/** First rule that objects wins. Each text names what is wrong and what to do. */
const RULES: readonly Rule[] = [
  nameObjection,
  prefixObjection,
  countObjection,
  rangeObjection,
  rangesOverlapObjection,
  reservationObjection,
  routerObjection,
  leaseTimeObjection,
  sharedNetworkObjection,
  textObjection,
  optionObjection,
];

/** Why this subnet may not stand beside the others (those of its own name aside), or undefined. */
export const objectToSubnet: SubnetObjection = (subnet, others) => {
  for (const rule of RULES) {
    const objection = rule(subnet);
    if (objection !== undefined) return objection;
  }
  return overlapObjection(subnet, others);
};

function nameObjection({ name }: Subnet): string | undefined {
  if (isName(name)) return undefined;
  return `a subnet cannot be called "${name}": its name is 1 to ${MAX_NAME_LETTERS} letters, digits, dots, dashes and underscores, and starts with a letter or digit`;
}

function isName(name: string): boolean {
  return /^[a-z0-9][a-z0-9._-]*$/i.test(name) && name.length <= MAX_NAME_LETTERS;
}

function sharedNetworkObjection({ sharedNetwork }: Subnet): string | undefined {
  if (sharedNetwork === undefined || isName(sharedNetwork)) return undefined;
  return `a shared network cannot be called "${sharedNetwork}": its name is made like that of a subnet`;
}

function prefixObjection({ network }: Subnet): string | undefined {
  const { prefixLength } = network;
  if (prefixLength >= MIN_PREFIX_LENGTH && prefixLength <= MAX_PREFIX_LENGTH) return undefined;
  return `network ${formatIpv4Network(network)} cannot be served: its prefix must have ${MIN_PREFIX_LENGTH} to ${MAX_PREFIX_LENGTH} bits`;
}

function countObjection(subnet: Subnet): string | undefined {
  const counts: readonly (readonly [what: string, count: number, most: number])[] = [
    ['ranges', subnet.ranges.length, MAX_RANGES],
    ['reservations', allReservations(subnet).length, MAX_RESERVATIONS],
    ['routers', subnet.routers.length, MAX_SERVERS],
    ['DNS servers', subnet.dnsServers.length, MAX_SERVERS],
    ['options', subnet.options.length, MAX_EXTRA_OPTIONS],
  ];
  const over = counts.find(([, count, most]) => count > most);
  return over && `subnet ${subnet.name} has ${over[1]} ${over[0]}: ${over[2]} is the most`;
}

function rangeObjection(subnet: Subnet): string | undefined {
  for (const range of subnet.ranges) {
    if (ipv4ToNumber(range.first) > ipv4ToNumber(range.last))
      return `range ${formatRange(range)} runs backwards: put the lower address first`;
    for (const end of [range.first, range.last]) {
      const objection = hostAddressObjection(subnet, end);
      if (objection !== undefined) return `range ${formatRange(range)} ${objection}`;
    }
  }
  return undefined;
}

/** What keeps an address from being some machine's, as the end of a sentence. */
function hostAddressObjection({ network }: Subnet, address: Ipv4Address): string | undefined {
  if (!networkContains(network, address))
    return `does not fit: ${address} is outside of ${formatIpv4Network(network)}`;
  if (address === network.address)
    return `does not fit: ${address} is the address of the network itself, start one higher`;
  if (address === broadcastOf(network))
    return `does not fit: ${address} is the broadcast address of the network, end one lower`;
  return undefined;
}

function rangesOverlapObjection({ ranges }: Subnet): string | undefined {
  const sorted = [...ranges].sort((one, other) => ipv4ToNumber(one.first) - ipv4ToNumber(other.first));
  for (const [index, range] of sorted.entries()) {
    const next = sorted[index + 1];
    if (next && ipv4ToNumber(next.first) <= ipv4ToNumber(range.last))
      return `ranges ${formatRange(range)} and ${formatRange(next)} overlap: make them one, or part them`;
  }
  return undefined;
}

function reservationObjection(subnet: Subnet): string | undefined {
  const holders = new Set<string>();
  const addresses = new Map<Ipv4Address, string>();
  for (const { holder, address, hostname } of allReservations(subnet)) {
    const objection = hostAddressObjection(subnet, address);
    if (objection !== undefined) return `the reservation of ${address} for ${holder} ${objection}`;
    if (holders.has(holder)) return `${holder} has two reservations in subnet ${subnet.name}: keep one`;
    const other = addresses.get(address);
    if (other !== undefined)
      return `${address} is reserved for both ${other} and ${holder}: give one another address`;
    if (subnet.routers.includes(address))
      return `${address} cannot be reserved for ${holder}: it is the address of a router`;
    if (hostname !== undefined && !isHostName(hostname))
      return `"${hostname}", the host name of ${holder}, is none: letters, digits and dashes are wanted`;
    holders.add(holder);
    addresses.set(address, holder);
  }
  return undefined;
}

function routerObjection({ routers, network }: Subnet): string | undefined {
  const outside = routers.find((router) => !networkContains(network, router));
  if (outside === undefined) return undefined;
  return `router ${outside} is outside of ${formatIpv4Network(network)}: machines could not reach it`;
}

function textObjection({ bootFile, domainName, nextServer }: Subnet): string | undefined {
  if (bootFile !== undefined && !isBootFile(bootFile))
    return `"${bootFile}" cannot be the boot file: it must be 1 to ${MAX_FILE_BYTES} bytes without spaces at its ends and control characters, since that is what the header of DHCP holds`;
  if (domainName !== undefined && !isDomainName(domainName))
    return `"${domainName}" is no domain name: labels of letters, digits and dashes with dots between are wanted`;
  if (nextServer === UNSPECIFIED)
    return 'the next server cannot be 0.0.0.0: leave it out, and machines load from this server';
  return undefined;
}

function isBootFile(text: string): boolean {
  const bytes = new TextEncoder().encode(text).length;
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused
  return bytes > 0 && bytes <= MAX_FILE_BYTES && text === text.trim() && !/[\u0000-\u001F\u007F]/.test(text);
}

/** RFC 1123 §2.1, with dots allowed between labels. */
function isHostName(text: string): boolean {
  return (
    text.length <= 253 &&
    text.split('.').every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(label))
  );
}

/** As a host name; underscores occur. */
function isDomainName(text: string): boolean {
  return isHostName(text.replaceAll('_', 'x'));
}

function optionObjection({ name, options }: Subnet): string | undefined {
  const codes = new Set<number>();
  for (const { code, hex } of options) {
    const owned = whyOwned(code);
    if (owned !== undefined) return `option ${code} cannot be set: ${owned}`;
    if (codes.has(code)) return `option ${code} is given twice in subnet ${name}: keep one`;
    if (!/^(?:[\da-f]{2}){0,255}$/.test(hex))
      return `option ${code} holds no bytes that can be sent: give it again`;
    codes.add(code);
  }
  return undefined;
}

function overlapObjection(subnet: Subnet, others: readonly Subnet[]): string | undefined {
  const other = others.find(
    ({ name, network }) => name !== subnet.name && networksOverlap(network, subnet.network),
  );
  if (!other) return undefined;
  return `subnets ${subnet.name} (${formatIpv4Network(subnet.network)}) and ${other.name} (${formatIpv4Network(other.network)}) overlap: change one, or remove ${other.name} first`;
}

function formatRange(range: AddressRange): string {
  return `${range.first}-${range.last}`;
}
