import { DEFAULT_RULES, type Subnet } from '../network/subnet.ts';

/** In seconds. */
export interface LeaseTimes {
  readonly leaseSeconds: number;
  /** T1, when the client asks this server for more; absent for a lease that does not end. */
  readonly renewalSeconds?: number;
  /** T2, when it asks any server. */
  readonly rebindingSeconds?: number;
}

/** RFC 2131 §3.3. */
export const FOR_EVER_SECONDS = 0xffff_ffff;

/** A tenth earlier at most, so that machines switched on together do not come back together. */
const RENEWAL_SPREAD = 0.1;

/**
 * What is granted: what the client asks for within the limits of the subnet, or the default.
 *
 * @param clientKey spreads T1; the same client always gets the same, so that a repeated request gets the same ACK.
 */
export function leaseTimes(
  requestedSeconds: number | undefined,
  subnet: LeaseTimeRules,
  clientKey: string,
): LeaseTimes {
  const { defaultLeaseSeconds, maxLeaseSeconds } = subnet;
  const {
    minLeaseSeconds = Math.min(DEFAULT_RULES.minLeaseSeconds, defaultLeaseSeconds),
    renewalPercent = DEFAULT_RULES.renewalPercent,
    rebindingPercent = DEFAULT_RULES.rebindingPercent,
  } = subnet;
  const wished = requestedSeconds ?? defaultLeaseSeconds;
  const leaseSeconds = Math.min(maxLeaseSeconds, Math.max(minLeaseSeconds, wished));
  if (leaseSeconds === FOR_EVER_SECONDS) return { leaseSeconds };
  const share = (renewalPercent / 100) * (1 - RENEWAL_SPREAD * spread(clientKey));
  return {
    leaseSeconds,
    renewalSeconds: Math.floor(leaseSeconds * share),
    rebindingSeconds: Math.floor((leaseSeconds * rebindingPercent) / 100),
  };
}

type LeaseTimeRules = Pick<
  Subnet,
  'defaultLeaseSeconds' | 'maxLeaseSeconds' | 'minLeaseSeconds' | 'renewalPercent' | 'rebindingPercent'
>;

/** From 0 to 1, even over keys that differ little (FNV-1a, with the last step of MurmurHash3). */
function spread(key: string): number {
  let hash = 0x811c9dc5;
  for (const letter of key) {
    hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 0xffff_ffff;
}
