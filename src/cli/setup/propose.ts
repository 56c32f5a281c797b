import {
  formatIpv4Network,
  type Ipv4Network,
  ipv4FromNumber,
  ipv4ToNumber,
  parseIpv4,
  parseIpv4Network,
} from '../../lib/addresses.ts';
import type { OtherServers, SetupCard } from './setup-facts.ts';

/** Who gives the addresses: we alone, another server, or we while nobody else does. */
export const DHCP_WAYS = ['own', 'beside', 'auto'] as const;
export type DhcpWay = (typeof DHCP_WAYS)[number];

export interface Proposal<T> {
  readonly value: T;
  readonly because: string;
}

/** Two DHCP servers that both give addresses are the one thing that breaks a network which worked. */
export function proposeDhcp(others: OtherServers): Proposal<DhcpWay> {
  if (!others.looked)
    return { value: 'auto', because: `other DHCP servers were not looked for: ${others.because}` };
  if (others.servers.length === 0) return { value: 'own', because: 'no other DHCP server answers there' };
  return { value: 'beside', because: `another DHCP server answers there: ${others.servers.join(', ')}` };
}

/** From so many addresses on there is room for fixed ones before and behind the range. */
const ROOMY_HOSTS = 254;
const [ROOMY_FIRST, ROOMY_LAST] = [100, 200];

/** A part of the card's network in which no address is that is known to be used; undefined where there is none. */
export function proposeRange(card: SetupCard): { readonly first: string; readonly last: string } | undefined {
  const network = parseIpv4Network(card.network);
  let [first, last] = widestRange(network);
  const taken = [card.address, card.router].flatMap((address) =>
    address === undefined ? [] : [ipv4ToNumber(parseIpv4(address))],
  );
  for (const address of taken) {
    if (address < first || address > last) continue;
    // The larger part of the two beside it.
    if (address - first > last - address) last = address - 1;
    else first = address + 1;
  }
  return first > last ? undefined : { first: ipv4FromNumber(first), last: ipv4FromNumber(last) };
}

function widestRange({ address, prefixLength }: Ipv4Network): [first: number, last: number] {
  const base = ipv4ToNumber(address);
  const hosts = Math.max(0, 2 ** (32 - prefixLength) - 2);
  if (hosts >= ROOMY_HOSTS) return [base + ROOMY_FIRST, base + ROOMY_LAST];
  return [base + Math.floor(hosts / 2) + 1, base + hosts];
}

/** Why a range cannot be in the network; undefined: it can. */
export function objectionToRange(first: string, last: string, network: string): string | undefined {
  const { address, prefixLength } = parseIpv4Network(network);
  const [from, to] = [ipv4ToNumber(parseIpv4(first)), ipv4ToNumber(parseIpv4(last))];
  const base = ipv4ToNumber(address);
  const end = base + 2 ** (32 - prefixLength) - 1;
  if (from > to) return `${first} is behind ${last}: the smaller address stands first`;
  if (from > base && to < end) return undefined;
  return `${first}-${last} is not within ${formatIpv4Network({ address, prefixLength })}, without its first and its last address`;
}
