import { expect, test } from 'vitest';
import type { ItemOf } from '../../data/client.ts';
import { fitting, machineRows } from './machine-rows.ts';

const machine = (name: string, more: object = {}): ItemOf<'listMachines'> => ({
  id: `m-${name}`,
  name,
  macs: [],
  labels: {},
  variables: {},
  createdAt: '',
  ...more,
});
const install = (name: string, state: string): ItemOf<'listInstalls'> =>
  ({ machineId: `m-${name}`, state, profile: 'web' }) as never;

const ROWS = machineRows(
  [
    machine('web01', { macs: ['52:54:00:12:34:56'], labels: { rack: 'a1', role: 'web' } }),
    machine('web02', { serial: 'SN-77', labels: { rack: 'a2', role: 'web' } }),
    machine('db01', { labels: { rack: 'a1', role: 'db' } }),
  ],
  [install('web01', 'installing'), install('web02', 'failed'), install('web01', 'failed')],
);
const namesOf = (search: string, state: '' | 'none' | 'failed' | 'installing' = ''): readonly string[] =>
  fitting(ROWS, { search, state }).map((row) => row.machine.name);

test('the newest install of a machine says how far it is', () => {
  expect(ROWS.map(({ state }) => state)).toEqual(['installing', 'failed', 'none']);
});

for (const [what, search, expected] of [
  ['nothing finds all', '  ', ['web01', 'web02', 'db01']],
  ['a part of a name', 'WEB', ['web01', 'web02']],
  ['a part of a serial number', 'sn-7', ['web02']],
  ['a MAC address with hyphens', '52-54-00-12', ['web01']],
  ['a whole label', 'rack=a1', ['web01', 'db01']],
  ['no part of a label', 'rack=a', []],
  ['every word', 'rack=a1 web', ['web01']],
  ['a label nobody has', 'zone=x', []],
] as const)
  test(`a search for ${what}`, () => expect(namesOf(search)).toEqual(expected));

test('a state and a search hold together', () => {
  expect(namesOf('web', 'failed')).toEqual(['web02']);
  expect(namesOf('', 'none')).toEqual(['db01']);
});
