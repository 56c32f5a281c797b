import { z } from 'zod';
import { machineReference } from './fields.ts';
import { MachinePower, PowerAction, PowerDone, PowerInput } from './power-schemas.ts';
import { byMachine, listOf, row } from './route-row.ts';

const byMachineAndAction = z.strictObject({
  machine: machineReference.describe('Name, id or MAC address'),
  action: PowerAction.describe(
    'on, off, shutdown (its operating system is asked), cycle, reset, pxe-next or boot-network',
  ),
});

export const POWER_ROUTES = {
  listPower: row({
    method: 'GET',
    path: '/power',
    output: listOf(MachinePower),
    answers: 'thing',
    role: 'viewer',
    sentence: 'The power of all machines that have it set, as it was read last, by name',
  }),
  setPower: row({
    method: 'PUT',
    path: '/machines/{machine}/power',
    params: byMachine,
    input: PowerInput,
    output: MachinePower,
    answers: 'thing',
    role: 'admin',
    sentence: "Says how a machine's power is reached; its secret is never told again",
  }),
  getPower: row({
    method: 'GET',
    path: '/machines/{machine}/power',
    params: byMachine,
    output: MachinePower,
    answers: 'thing',
    role: 'viewer',
    sentence: "How a machine's power is reached, and what was last seen of it",
  }),
  readPower: row({
    method: 'POST',
    path: '/machines/{machine}/power-state',
    params: byMachine,
    output: MachinePower,
    answers: 'thing',
    role: 'operator',
    notAudited: 'it asks, and changes nothing',
    sentence: 'Asks now whether a machine is on',
  }),
  actOnPower: row({
    method: 'POST',
    path: '/machines/{machine}/power/{action}',
    params: byMachineAndAction,
    output: PowerDone,
    answers: 'thing',
    role: 'operator',
    sentence:
      'Switches a machine on or off, or tells it to boot from the network: the next time (pxe-next), or now (boot-network); one action at a time for each machine',
  }),
  deletePower: row({
    method: 'DELETE',
    path: '/machines/{machine}/power',
    params: byMachine,
    answers: 'nothing',
    role: 'admin',
    sentence: "Forgets how a machine's power is reached, and the secret",
  }),
} as const;
