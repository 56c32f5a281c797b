import type { Machine } from '../core/machines/machine.ts';
import type { MacAddress } from '../lib/addresses.ts';
import { type MachineService, readMachineReference } from '../services/machines/machine-service.ts';
import { notFound } from './problems.ts';

/** Records hold ids and MAC addresses; people read names. */

export async function namesByMac(
  machines: Pick<MachineService, 'list'>,
): Promise<ReadonlyMap<MacAddress, string>> {
  return new Map(
    (await machines.list()).flatMap(({ macs, name }) => macs.map((mac) => [mac, name] as const)),
  );
}

/** @param ids absent ones and those of machines that are gone are passed over. */
export async function namesById(
  machines: Pick<MachineService, 'byId'>,
  ids: readonly (string | undefined)[],
): Promise<ReadonlyMap<string, string>> {
  const wanted = [...new Set(ids)].filter((id) => id !== undefined);
  const known = await Promise.all(wanted.map((id) => machines.byId(id)));
  return new Map(known.flatMap((machine) => (machine ? [[machine.id, machine.name] as const] : [])));
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
