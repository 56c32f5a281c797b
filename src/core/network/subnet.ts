import type { ChainName } from '../boot/firmware.ts';
import type { Ipv4Address, Ipv4Network, MacAddress } from '../../lib/addresses.ts';

/** Both ends are handed out. */
export interface AddressRange {
  readonly first: Ipv4Address;
  readonly last: Ipv4Address;
}

/** One machine's own address; it may lie in a range or outside of all. */
export interface Reservation {
  readonly mac: MacAddress;
  readonly address: Ipv4Address;
  readonly hostname?: string;
}

/**
 * An address for whatever machine is on one port of a relay or switch: a place in a rack, a seat of a factory line.
 * Both identifiers as `portText` writes them (RFC 3046 §3.1, §3.2).
 */
export interface PortReservation {
  readonly circuitId: string;
  /** Absent: on whichever relay. */
  readonly remoteId?: string;
  readonly address: Ipv4Address;
  readonly hostname?: string;
}

/**
 * `full`: addresses and boot data from here. `proxy`: addresses from another DHCP server, and only boot data from here.
 * `auto`: `proxy` while another DHCP server answers on the link, else `full`. `off`: configured, but every client is met
 * with silence.
 */
export type SubnetMode = 'full' | 'proxy' | 'auto' | 'off';

/** An option to send besides those that have a field: its code and its value as bytes, from `parseOptionText`. */
export interface ExtraOption {
  readonly code: number;
  /** As the user wrote it, for showing. */
  readonly text: string;
  /** Lower-case hex, two digits a byte. */
  readonly hex: string;
}

/** How clients of a subnet are treated; what is absent is as the defaults below. */
export interface SubnetRules {
  /** Subnets that name the same one lie on one link, behind one relay address or interface. */
  readonly sharedNetwork?: string;
  /** What tells clients apart: the card, or the port it is plugged into (option 82), whichever machine is there. */
  readonly identity?: 'mac' | 'relay-port';
  /** Who gets an address over BOOTP, which knows no end of a lease: nobody, who has a reservation, or everyone. */
  readonly bootp?: 'off' | 'reserved' | 'dynamic';
  /** A client that asks for it has its lease after two messages instead of four (RFC 4039). */
  readonly rapidCommit?: boolean;
  /** Addresses nobody ever had are asked for (ARP, ICMP) before they are offered. */
  readonly conflictProbe?: boolean;
  /** The shortest that is granted, in seconds. */
  readonly minLeaseSeconds?: number;
  /** T1 and T2 in per cent of the lease (RFC 2131 §4.4.5). */
  readonly renewalPercent?: number;
  readonly rebindingPercent?: number;
  readonly portReservations?: readonly PortReservation[];
  /** The chain of loaders its machines go, in place of the firmware table's order. */
  readonly loader?: ChainName;
}

export const DEFAULT_RULES = {
  identity: 'mac',
  bootp: 'reserved',
  rapidCommit: false,
  conflictProbe: true,
  minLeaseSeconds: 120,
  renewalPercent: 50,
  rebindingPercent: 87.5,
} as const satisfies SubnetRules;

/** The rules alone, without those that are absent. */
export function rulesOf(subnet: Subnet): SubnetRules {
  const rules: Record<keyof SubnetRules, unknown> = {
    sharedNetwork: subnet.sharedNetwork,
    identity: subnet.identity,
    bootp: subnet.bootp,
    rapidCommit: subnet.rapidCommit,
    conflictProbe: subnet.conflictProbe,
    minLeaseSeconds: subnet.minLeaseSeconds,
    renewalPercent: subnet.renewalPercent,
    rebindingPercent: subnet.rebindingPercent,
    portReservations: subnet.portReservations,
    loader: subnet.loader,
  };
  return Object.fromEntries(Object.entries(rules).filter(([, value]) => value !== undefined));
}

/** The addresses on a segment and what goes with them. */
export interface Subnet extends SubnetRules {
  readonly name: string;
  readonly network: Ipv4Network;
  readonly mode: SubnetMode;
  readonly ranges: readonly AddressRange[];
  readonly reservations: readonly Reservation[];
  readonly routers: readonly Ipv4Address[];
  readonly dnsServers: readonly Ipv4Address[];
  readonly domainName?: string;
  /** What a client gets that asks for no length, in seconds. */
  readonly defaultLeaseSeconds: number;
  /** The longest that is granted, in seconds. */
  readonly maxLeaseSeconds: number;
  /** `siaddr`, where it is not this server. */
  readonly nextServer?: Ipv4Address;
  /** The boot file every boot client of this subnet gets, in place of the firmware table's. */
  readonly bootFile?: string;
  readonly options: readonly ExtraOption[];
}

export const DEFAULT_LEASE_SECONDS = 21_600;
export const MAX_LEASE_SECONDS = 43_200;
/** Less would have machines renew all the time. */
export const MIN_LEASE_SECONDS = 60;
