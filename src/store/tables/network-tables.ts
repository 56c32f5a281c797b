import type { LeaseState } from '../../core/network/lease.ts';
import type {
  AddressRange,
  ExtraOption,
  Reservation,
  SubnetMode,
  SubnetRules,
} from '../../core/network/subnet.ts';
import type { Ipv4Address, MacAddress, Uuid } from '../../lib/addresses.ts';
import type { JsonText } from '../row-values.ts';

export interface SubnetRow {
  readonly name: string;
  readonly network_address: Ipv4Address;
  readonly prefix_length: number;
  readonly mode: SubnetMode;
  readonly ranges: JsonText<readonly AddressRange[]>;
  readonly reservations: JsonText<readonly Reservation[]>;
  readonly routers: JsonText<readonly Ipv4Address[]>;
  readonly dns_servers: JsonText<readonly Ipv4Address[]>;
  readonly domain_name: string | null;
  readonly default_lease_seconds: number;
  readonly max_lease_seconds: number;
  readonly next_server: Ipv4Address | null;
  readonly boot_file: string | null;
  readonly options: JsonText<readonly ExtraOption[]>;
  readonly rules: JsonText<SubnetRules>;
}

export interface LeaseRow {
  readonly address: Ipv4Address;
  /** The same address as a number, for order and ranges. */
  readonly address_number: number;
  readonly subnet: string;
  readonly client_key: string;
  readonly mac: MacAddress | null;
  readonly uuid: Uuid | null;
  readonly hostname: string | null;
  readonly vendor_class: string | null;
  readonly state: LeaseState;
  readonly started_at_ms: number;
  readonly expires_at_ms: number;
}
