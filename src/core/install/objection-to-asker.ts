import type { MacAddress } from '../../lib/addresses.ts';
import type { Machine } from '../machines/machine.ts';

/** Who asks, as the lease of its address tells. */
export interface InstallAsker {
  /** Of the lease that the asking address holds; absent without a lease. */
  readonly mac?: MacAddress | undefined;
  readonly machine?: Pick<Machine, 'id' | 'name'> | undefined;
}

/**
 * Why an asker may not have what is for this machine alone, or undefined when it may. The token in the URL was
 * told to one machine, but it crossed a network where others listen.
 *
 * @param machineHoldsLease whether one of the machine's own MAC addresses holds a lease here. Without one (another
 *   DHCP server, fixed addresses) the token is all there is to go by.
 */
export function objectionToAnswer(
  machine: Pick<Machine, 'id' | 'name'>,
  asker: InstallAsker,
  machineHoldsLease: boolean,
): string | undefined {
  const objection = objectionToReport(machine, asker);
  if (objection !== undefined) return objection;
  if (asker.machine === undefined && machineHoldsLease) {
    return `${machine.name} holds a lease, and the address that asks is another`;
  }
  return undefined;
}

/** The installed system may report from an address of its own, so only another machine's lease speaks against it. */
export function objectionToReport(
  machine: Pick<Machine, 'id' | 'name'>,
  asker: InstallAsker,
): string | undefined {
  if (asker.machine === undefined && asker.mac === undefined) return undefined;
  if (asker.machine?.id === machine.id) return undefined;
  return `the address that asks is leased to ${asker.machine?.name ?? asker.mac}, and not to ${machine.name}`;
}
