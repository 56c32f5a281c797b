import type { Machine } from '../core/machines/machine.ts';
import type { MacAddress } from '../lib/addresses.ts';
import { type MachineService, readMachineReference } from '../services/machines/machine-service.ts';
import { notFound } from './problems.ts';

/** Records hold ids and MAC addresses; people read names. */

/** @param macs absent ones and those of no machine are passed over. */
export async function namesByMac(
  machines: Pick<MachineService, 'namesOfMacs'>,
  macs: readonly (MacAddress | undefined)[],
): Promise<ReadonlyMap<MacAddress, string>> {
  return await machines.namesOfMacs(macs.filter((mac) => mac !== undefined));
}

/** @param ids absent ones and those of machines that are gone are passed over. */
export async function namesById(
  machines: Pick<MachineService, 'namesOf'>,
  ids: readonly (string | undefined)[],
): Promise<ReadonlyMap<string, string>> {
  return await machines.namesOf(ids.filter((id) => id !== undefined));
}

/** A machine that is known, or a MAC address that is not. @throws ApiProblem for a name or id not known. */
export async function machineOrMac(
  machines: Pick<MachineService, 'find'>,
  reference: string,
): Promise<{ readonly machine?: Machine; readonly macs: readonly MacAddress[] }> {
  const machine = await machines.find(reference);
  if (machine) return { machine, macs: machine.macs };
  const read = readMachineReference(reference);
  if (read.by === 'mac') return { macs: [read.mac] };
  throw notFound('machine', reference);
}
