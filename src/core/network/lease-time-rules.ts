import { DEFAULT_RULES, MIN_LEASE_SECONDS, type Subnet } from './subnet.ts';

/** RFC 2131 §3.3: for ever. */
const FOR_EVER_SECONDS = 0xffff_ffff;

/** Why these times cannot be those of a subnet's leases, or undefined. */
export function leaseTimeObjection(subnet: Subnet): string | undefined {
  return secondsObjection(subnet) ?? orderObjection(subnet) ?? shareObjection(subnet);
}

function secondsObjection({
  minLeaseSeconds = MIN_LEASE_SECONDS,
  defaultLeaseSeconds,
  maxLeaseSeconds,
}: Subnet): string | undefined {
  for (const seconds of [minLeaseSeconds, defaultLeaseSeconds, maxLeaseSeconds]) {
    if (!Number.isInteger(seconds) || seconds > FOR_EVER_SECONDS)
      return `a lease time is a whole number of seconds up to ${FOR_EVER_SECONDS}, not ${seconds}`;
  }
  return undefined;
}

function orderObjection({
  minLeaseSeconds = MIN_LEASE_SECONDS,
  defaultLeaseSeconds,
  maxLeaseSeconds,
}: Subnet): string | undefined {
  if (minLeaseSeconds < MIN_LEASE_SECONDS)
    return `the shortest lease time of ${minLeaseSeconds} s is too short: ${MIN_LEASE_SECONDS} s is the least`;
  if (defaultLeaseSeconds < minLeaseSeconds)
    return `the default lease time of ${defaultLeaseSeconds} s is too short: ${minLeaseSeconds} s is the least`;
  if (maxLeaseSeconds < defaultLeaseSeconds)
    return `the default lease time of ${defaultLeaseSeconds} s is longer than the longest one, ${maxLeaseSeconds} s: lower the first or raise the second`;
  return undefined;
}

/** RFC 2131 §4.4.5: T1 lies before T2, and T2 before the end. */
function shareObjection({
  renewalPercent = DEFAULT_RULES.renewalPercent,
  rebindingPercent = DEFAULT_RULES.rebindingPercent,
}: Subnet): string | undefined {
  if (renewalPercent >= 1 && renewalPercent < rebindingPercent && rebindingPercent < 100) return undefined;
  return `machines cannot renew at ${renewalPercent} % of their lease and rebind at ${rebindingPercent} %: the first comes before the second, and both lie from 1 to below 100`;
}
