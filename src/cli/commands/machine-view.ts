import type { z } from 'zod';
import type { ListedMachine } from '../../contract/machine-schemas.ts';
import type { View } from '../output.ts';
import { portForm, timeForm, variablesForm } from '../text-forms.ts';

/** As lists have it; one that is shown alone has no install with it. */
export type WireMachine = z.output<typeof ListedMachine>;

function powerForm({ power }: WireMachine): string {
  return power === undefined ? '' : (power.state ?? 'not read');
}

function powerDetails({ power }: WireMachine): string {
  if (power === undefined) return 'not set: muster power set says how it is reached';
  const { driver, state, stateAt, trouble } = power;
  const read = stateAt === undefined ? 'not read yet' : `${state ?? 'unknown'}, read at ${timeForm(stateAt)}`;
  return [`${read} (${driver})`, ...(trouble ? [`trouble: ${trouble.because}`] : [])].join('\n');
}

/** `52:54:00:12:34:56 +2`. */
function firstMac({ macs }: WireMachine): string {
  const more = macs.length - 1;
  return macs.slice(0, 1).join('') + (more > 0 ? ` +${more}` : '');
}

export const MACHINES: View<WireMachine> = {
  nameOf: ({ name }) => name,
  columns: [
    { head: 'NAME', cell: ({ name }) => name },
    { head: 'ID', cell: ({ id }) => id },
    { head: 'STATE', cell: ({ install }) => install?.state ?? '' },
    { head: 'MACS', cell: ({ macs }) => macs.join(', '), short: firstMac },
    { head: 'POWER', cell: powerForm },
    { head: 'UUID', cell: ({ uuid }) => uuid ?? '', gives: 'whole' },
    { head: 'LABELS', cell: ({ labels }) => variablesForm(labels).replaceAll('\n', ', '), gives: 'cut' },
    { head: 'VARIABLES', cell: ({ variables }) => Object.keys(variables).join(', '), gives: 'whole' },
  ],
  details: (machine) => [
    ['name', machine.name],
    ['id', machine.id],
    ['MAC addresses', machine.macs.length === 0 ? 'not met yet' : machine.macs.join('\n')],
    ['UUID', machine.uuid ?? 'not known'],
    ['serial number', machine.serial ?? ''],
    ['asset tag', machine.assetTag ?? ''],
    ['port', machine.port ? portForm(machine.port) : ''],
    ['labels', variablesForm(machine.labels)],
    ['variables', variablesForm(machine.variables)],
    ['loader', machine.loader ?? 'any'],
    ['source', machine.source ?? 'auto'],
    ['memory', machine.memoryMegabytes === undefined ? 'not known' : `${machine.memoryMegabytes} MiB`],
    ['memory check', machine.memoryCheck ?? 'on'],
    ['power', powerDetails(machine)],
    ['known since', timeForm(machine.createdAt)],
  ],
};
