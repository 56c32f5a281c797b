import type { Ipv4Address, MacAddress, Uuid } from '../../lib/addresses.ts';

/**
 * `held`: a client has it until `expiresAtMs`. `released`: the client gave it back; it is kept for that client
 * while others are free. `declined`: a client found somebody else on it; nobody gets it until `expiresAtMs`.
 */
export type LeaseState = 'held' | 'released' | 'declined';

/** An address bound to a client (RFC 2131 §2.2). */
export interface Lease {
  readonly address: Ipv4Address;
  readonly subnet: string;
  /** From `clientKey`: what makes two requests the same client. */
  readonly clientKey: string;
  readonly mac?: MacAddress | undefined;
  readonly uuid?: Uuid | undefined;
  readonly hostname?: string | undefined;
  readonly vendorClass?: string | undefined;
  readonly state: LeaseState;
  readonly startedAtMs: number;
  readonly expiresAtMs: number;
}

/** A released or run-out lease no longer keeps others from the address. */
export function bindsAddress(lease: Lease, nowMs: number): boolean {
  return lease.state !== 'released' && lease.expiresAtMs > nowMs;
}

/** The key of a client that is its MAC address, as nearly all are. */
export function macKey(mac: MacAddress): string {
  return `mac:${mac}`;
}
