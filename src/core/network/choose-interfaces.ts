import {
  formatIpv4Network,
  type Ipv4Address,
  type Ipv4Network,
  networkContains,
  parseIpv4Network,
} from '../../lib/addresses.ts';

type ServableKind =
  | 'ethernet'
  | 'bridge'
  | 'vlan'
  | 'bond'
  | 'wireless'
  | 'container'
  | 'tap'
  | 'tunnel'
  | 'loopback'
  | 'other';

/** What must be known of a network interface to decide whether machines are served on it. */
export interface InterfaceCandidate {
  readonly name: string;
  readonly kind: ServableKind;
  readonly up: boolean;
  readonly carrier: boolean;
  /** The bridge or bond it is a port of. */
  readonly master?: string;
  readonly addresses: readonly { readonly address: Ipv4Address; readonly network: Ipv4Network }[];
}

export interface ChosenInterface<T extends InterfaceCandidate> {
  readonly interface: T;
  /** The one machines are told; further addresses of the interface are not used. */
  readonly address: Ipv4Address;
  readonly network: Ipv4Network;
  readonly because: string;
}

export interface InterfaceChoice<T extends InterfaceCandidate> {
  readonly serve: readonly ChosenInterface<T>[];
  /** Every other interface, and every wish for one that is not there. */
  readonly leave: readonly { readonly name: string; readonly because: string }[];
}

/** RFC 3927: an interface that has only such an address found no DHCP server and no settings. */
const LINK_LOCAL = parseIpv4Network('169.254.0.0/16');

/** Why a kind is not served unless it is named; undefined for kinds that are. */
const LEFT_KINDS: Readonly<Record<ServableKind, string | undefined>> = {
  ethernet: undefined,
  bridge: undefined,
  vlan: undefined,
  bond: undefined,
  tap: undefined,
  wireless: 'it is wireless, and machines do not boot over that',
  container: 'it belongs to containers or virtual machines of this host',
  tunnel: 'it is a tunnel',
  loopback: 'it is the loopback interface',
  other: 'it is not Ethernet',
};

/**
 * Which interfaces to serve machines on. `wanted` names them, and then only what makes serving impossible counts; it
 * is undefined where the user left the choice to us, and then every wired interface in use is served.
 */
export function chooseInterfaces<T extends InterfaceCandidate>(
  candidates: readonly T[],
  wanted?: readonly string[],
): InterfaceChoice<T> {
  const judged = candidates.map((candidate) => judge(candidate, wanted));
  const missing = (wanted ?? []).filter((name) => !candidates.some((candidate) => candidate.name === name));
  return {
    serve: judged.flatMap((one) => ('interface' in one ? [one] : [])),
    leave: [
      ...judged.flatMap((one) => ('interface' in one ? [] : [one])),
      ...missing.map((name) => ({ name, because: becauseMissing(candidates) })),
    ],
  };
}

function judge<T extends InterfaceCandidate>(
  candidate: T,
  wanted: readonly string[] | undefined,
): ChosenInterface<T> | { readonly name: string; readonly because: string } {
  const because =
    wanted === undefined
      ? whyNotByItself(candidate)
      : whyNotAsWanted(candidate, wanted.includes(candidate.name));
  const chosen = usableAddress(candidate);
  if (because !== undefined) return { name: candidate.name, because };
  if (chosen === undefined) return { name: candidate.name, because: whyNoAddress(candidate) };
  const where = `${chosen.address} in ${formatIpv4Network(chosen.network)}`;
  return {
    interface: candidate,
    ...chosen,
    because: wanted
      ? `it was asked for, and has ${where}`
      : `it is ${SERVED_KINDS[candidate.kind] ?? 'wired'}, has a carrier and ${where}`,
  };
}

const SERVED_KINDS: Readonly<Partial<Record<ServableKind, string>>> = {
  ethernet: 'Ethernet',
  bridge: 'a bridge',
  vlan: 'a VLAN',
  bond: 'a bond',
  tap: 'a tap',
};

function whyNotByItself(candidate: InterfaceCandidate): string | undefined {
  const kind = LEFT_KINDS[candidate.kind];
  if (kind !== undefined) return kind;
  if (candidate.master !== undefined) return becausePort(candidate.master);
  if (!candidate.up) return 'it is down';
  if (!candidate.carrier) return 'it has no carrier: no cable, or nothing switched on at its other end';
  return undefined;
}

/** Carrier is not asked for: a machine cabled straight to this one has none until it is switched on. */
function whyNotAsWanted(candidate: InterfaceCandidate, isWanted: boolean): string | undefined {
  if (!isWanted) return 'others were asked for';
  if (candidate.master !== undefined) return becausePort(candidate.master);
  return candidate.up ? undefined : `it is down: \`ip link set ${candidate.name} up\``;
}

function becausePort(master: string): string {
  return `it is a port of ${master}, which gets what arrives here`;
}

function usableAddress(candidate: InterfaceCandidate): InterfaceCandidate['addresses'][number] | undefined {
  return candidate.addresses.find(({ address }) => !networkContains(LINK_LOCAL, address));
}

function whyNoAddress(candidate: InterfaceCandidate): string {
  const found = candidate.addresses.length > 0 ? 'no IPv4 address but a link-local one' : 'no IPv4 address';
  return `it has ${found}: \`ip address add A.B.C.D/N dev ${candidate.name}\``;
}

function becauseMissing(candidates: readonly InterfaceCandidate[]): string {
  const names = candidates.filter(({ kind }) => kind !== 'loopback').map(({ name }) => name);
  return `there is no interface of this name${names.length > 0 ? `; there are ${names.join(', ')}` : ''}`;
}
