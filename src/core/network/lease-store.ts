import type { Ipv4Address, MacAddress } from '../../lib/addresses.ts';
import type { Lease } from './lease.ts';
import type { ClockReading } from './lease-clock.ts';
import type { AddressRange } from './subnet.ts';

/** Which leases are looked for, by address in numeric order. */
export interface WantedLeases {
  readonly subnet?: string | undefined;
  /** Only of higher addresses. */
  readonly after?: Ipv4Address | undefined;
  readonly fits: (lease: Lease) => boolean;
  readonly limit: number;
}

export interface LeaseStore {
  /** All of a subnet, or of every subnet, by address in numeric order; released and run-out ones included. */
  list(subnet?: string): Promise<readonly Lease[]>;
  /** As `list`, the first so many of those that fit: no more are made of what is kept than it takes to find them. */
  first(wanted: WantedLeases): Promise<readonly Lease[]>;
  byAddress(address: Ipv4Address): Promise<Lease | undefined>;
  /** The client's newest lease in that subnet, whatever its state but `declined`. */
  ofClient(subnet: string, clientKey: string): Promise<Lease | undefined>;
  /** The newest lease of that MAC address anywhere that is `held` and has not run out. */
  ofMac(mac: MacAddress, nowMs: number): Promise<Lease | undefined>;
  /** Addresses of the range that `bindsAddress` says are bound, in numeric order. */
  boundIn(range: AddressRange, nowMs: number): Promise<readonly Ipv4Address[]>;
  /**
   * Writes the lease unless another client binds the address at `nowMs`, in one transaction; other leases of the
   * same client in the same subnet become `released`. When the promise resolves to `claimed`, the lease is on
   * disk: it survives a killed process.
   */
  claim(lease: Lease, nowMs: number): Promise<{ claimed: true } | { claimed: false; holder: Lease }>;
  /** Sets `released`, only if that client holds it. Durable when resolved. */
  release(address: Ipv4Address, clientKey: string, nowMs: number): Promise<boolean>;
  /** Sets `declined` until the time given, only if that client holds it (or nobody does). Durable when resolved. */
  decline(
    address: Ipv4Address,
    clientKey: string,
    subnet: string,
    untilMs: number,
    nowMs: number,
  ): Promise<boolean>;
}

/** What goes to disk together, in one transaction. */
export interface LeaseGroup {
  /** Added to both times of every lease on record, before the leases of this group are put. */
  readonly shiftMs: number;
  /** In place of what is on record for their addresses. */
  readonly leases: readonly Lease[];
  /** What the clocks say: kept for the next start. */
  readonly clock: ClockReading;
}

/** Leases as they are kept for a table in memory, which decides everything itself. */
export interface LeaseRecords {
  /** In numeric order of their addresses: at most `limit` of those behind `after`, and the last of them. */
  page(after: Ipv4Address | undefined, limit: number): Promise<LeasePage>;
  /** What the clocks said when a group was written last. */
  clock(): Promise<ClockReading | undefined>;
  /** Durable when resolved. Leases whose subnet is not there (any more) are left out; gives the names of those. */
  write(group: LeaseGroup): Promise<readonly string[]>;
}

export interface LeasePage {
  /** Taken apart only when they are asked for, so that the next page can be asked for before. */
  readonly leases: () => readonly Lease[];
  /** Undefined where there are none. */
  readonly last: Ipv4Address | undefined;
}
