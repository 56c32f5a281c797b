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

/** `full`: addresses and boot data from here. `off`: configured, but every client is met with silence. */
export type SubnetMode = 'full' | 'off';

/** An option to send besides those that have a field: its code and its value as bytes, from `parseOptionText`. */
export interface ExtraOption {
  readonly code: number;
  /** As the user wrote it, for showing. */
  readonly text: string;
  /** Lower-case hex, two digits a byte. */
  readonly hex: string;
}

/** The addresses on a segment and what goes with them. */
export interface Subnet {
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
export const MIN_LEASE_SECONDS = 120;
