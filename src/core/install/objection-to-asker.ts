import type { IpAddress, MacAddress } from '../../lib/addresses.ts';
import { isIpv6 } from '../../lib/ipv6-address.ts';
import type { Machine } from '../machines/machine.ts';

/** Who asks, as the lease of its address tells. */
export interface InstallAsker {
  readonly address: IpAddress;
  /** Of the lease that the asking address holds; absent without a lease. */
  readonly mac?: MacAddress | undefined;
  readonly machine?: Pick<Machine, 'id' | 'name'> | undefined;
}

/** What is known of where the machine is. */
export interface BootedFrom {
  /** One of its own MAC addresses holds a lease here. */
  readonly machineHoldsLease: boolean;
  /** The address to which the installer was offered. */
  readonly bootAddress?: IpAddress | undefined;
}

/**
 * Why an asker may not have what is for this machine alone, or undefined when it may. The token in the URL was
 * told to one machine, but it crossed a network where others listen.
 * Without a lease here (another DHCP server, fixed addresses) it is the address that was told to boot; where not even
 * that is known (a disc in the drive of a BMC), the token is all there is to go by.
 */
export function objectionToAnswer(
  machine: Pick<Machine, 'id' | 'name'>,
  asker: InstallAsker,
  { machineHoldsLease, bootAddress }: BootedFrom,
): string | undefined {
  const objection = objectionToReport(machine, asker);
  if (objection !== undefined || asker.machine !== undefined) return objection;
  if (machineHoldsLease) return `${machine.name} holds a lease, and the address that asks is another`;
  // A host has several addresses of IPv6, and its firmware makes another of them than its system does.
  const isBound = bootAddress !== undefined && !isIpv6(bootAddress) && !isIpv6(asker.address);
  return isBound && bootAddress !== asker.address
    ? `${machine.name} began this boot from ${bootAddress}, and the address that asks is another`
    : undefined;
}

/** The installed system may report from an address of its own, so only another machine's lease speaks against it. */
export function objectionToReport(
  machine: Pick<Machine, 'id' | 'name'>,
  asker: Partial<InstallAsker>,
): string | undefined {
  if (asker.machine === undefined && asker.mac === undefined) return undefined;
  if (asker.machine?.id === machine.id) return undefined;
  return `the address that asks is leased to ${asker.machine?.name ?? asker.mac}, and not to ${machine.name}`;
}
