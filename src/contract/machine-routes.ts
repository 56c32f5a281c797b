import { z } from 'zod';
import { rowLimit, selector } from './fields.ts';
import { Install } from './install-schemas.ts';
import { pageOf, place, searchText } from './pages.ts';
import { byMachine, row } from './route-row.ts';
import { BootExplanation } from './explanation-schemas.ts';
import { ListedMachine, Machine, MachineInput, MachineChange, MachineMedia } from './machine-schemas.ts';

export const MACHINE_ROUTES = {
  listMachines: row({
    method: 'GET',
    path: '/machines',
    query: z.strictObject({
      selector: selector
        .exactOptional()
        .describe('Only those with such labels: `rack=a,role!=db,env in (lab,test),zone notin (x),gpu,!old`'),
      q: searchText
        .exactOptional()
        .describe(
          'Words: only those with each of them in their name, MAC addresses, serial number, asset tag or UUID',
        ),
      state: z
        .enum([...Install.shape.state.options, 'none'])
        .exactOptional()
        .describe('Only those whose newest install is in this state; none: they never had one'),
      sort: z
        .enum(['name', '-name', 'created', '-created', 'state', '-state'])
        .default('name')
        .describe('In which order; with - the last comes first'),
      after: place.exactOptional().describe('What the page before said as `next`'),
      limit: rowLimit.exactOptional().describe('At most this many; left out, with `after` too: all of them'),
    }),
    output: pageOf(ListedMachine).extend({
      total: z.int().exactOptional().describe('How many fit in all; told where `limit` is given'),
    }),
    answers: 'thing',
    role: 'viewer',
    sentence: 'All machines, by name, or those that a selector chooses; an empty one chooses none',
  }),
  addMachine: row({
    method: 'POST',
    path: '/machines',
    input: MachineInput,
    output: Machine,
    answers: 'created',
    role: 'operator',
    sentence: 'Makes a machine known',
  }),
  getMachine: row({
    method: 'GET',
    path: '/machines/{machine}',
    params: byMachine,
    output: Machine,
    answers: 'thing',
    role: 'viewer',
    sentence: 'One machine',
  }),
  changeMachine: row({
    method: 'PATCH',
    path: '/machines/{machine}',
    params: byMachine,
    input: MachineChange,
    output: Machine,
    answers: 'thing',
    role: 'operator',
    sentence: 'Changes a machine, as JSON Merge Patch does (RFC 7396)',
  }),
  deleteMachine: row({
    method: 'DELETE',
    path: '/machines/{machine}',
    params: byMachine,
    answers: 'nothing',
    role: 'operator',
    sentence: 'Forgets a machine and its installs; refused while one is open',
  }),
  explainMachine: row({
    method: 'GET',
    path: '/machines/{machine}/explain',
    params: byMachine,
    output: BootExplanation,
    answers: 'thing',
    role: 'viewer',
    sentence:
      'What a machine would boot now, and because; the MAC address of an unknown one may be asked for too',
  }),
  mediaOfMachine: row({
    method: 'GET',
    path: '/machines/{machine}/media',
    params: byMachine,
    output: MachineMedia,
    answers: 'thing',
    role: 'viewer',
    sentence: 'A disc that starts the armed installer of a machine, for the virtual drive of its BMC',
  }),
} as const;
