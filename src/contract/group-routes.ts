import { z } from 'zod';
import { name, rowLimit } from './fields.ts';
import { Group, GroupInput, Inheritance } from './group-schemas.ts';
import { pageOf } from './pages.ts';
import { byMachine, byName, row } from './route-row.ts';

export const GROUP_ROUTES = {
  listGroups: row({
    method: 'GET',
    path: '/groups',
    query: z.strictObject({
      after: name.exactOptional().describe('What the page before said as `next`'),
      limit: rowLimit.default(100).describe('At most this many'),
    }),
    output: pageOf(Group),
    answers: 'thing',
    role: 'viewer',
    sentence: 'Groups, by name',
  }),
  getGroup: row({
    method: 'GET',
    path: '/groups/{name}',
    params: byName,
    output: Group,
    answers: 'thing',
    role: 'viewer',
    sentence: 'One group, and the machines that are in it now',
  }),
  putGroup: row({
    method: 'PUT',
    path: '/groups/{name}',
    params: byName,
    input: GroupInput,
    output: Group,
    answers: 'thing',
    role: 'operator',
    sentence: 'Adds a group, or puts this in its place',
  }),
  deleteGroup: row({
    method: 'DELETE',
    path: '/groups/{name}',
    params: byName,
    answers: 'nothing',
    role: 'operator',
    sentence: 'Takes a group away; its machines stay',
  }),
  machineInheritance: row({
    method: 'GET',
    path: '/machines/{machine}/inheritance',
    params: byMachine,
    query: z.strictObject({
      profile: name
        .exactOptional()
        .describe('As if installed with this one; left out: the one its groups name'),
    }),
    output: Inheritance,
    answers: 'thing',
    role: 'viewer',
    sentence: 'The groups of a machine and why, and where each of its variables and arguments comes from',
  }),
} as const;
