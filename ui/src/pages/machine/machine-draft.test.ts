import { expect, test } from 'vitest';
import type { ItemOf } from '../../data/client.ts';
import { changeOf } from './machine-draft.ts';

const BEFORE = {
  id: 'm-1',
  name: 'web01',
  macs: ['52:54:00:12:34:01'],
  serial: 'S1',
  labels: { rack: 'a1', old: '' },
  variables: { dns: '192.168.122.1' },
  createdAt: '',
} as unknown as ItemOf<'listMachines'>;

const AS_IT_IS: Readonly<Record<string, string>> = {
  name: 'web01',
  macs: '52:54:00:12:34:01',
  serial: 'S1',
  labels: 'rack=a1 old',
  variables: 'dns=192.168.122.1',
};

for (const [what, typed, change] of [
  ['nothing', {}, {}],
  ['its name', { name: 'web02' }, { name: 'web02' }],
  ['another address', { macs: '52:54:00:12:34:01 02:00:00:00:00:01' }, { macs: 2 }],
  ['no address', { macs: ' ' }, { macs: 0 }],
  ['a serial number that is emptied', { serial: '' }, { serial: null }],
  ['an asset tag', { assetTag: 'T-7' }, { assetTag: 'T-7' }],
  ['labels', { labels: 'rack=a2' }, { labels: { rack: 'a2', old: null } }],
  ['variables', { variables: '' }, { variables: { dns: null } }],
] as const)
  test(`Of what was typed, ${what} is asked for`, () => {
    const filled: Readonly<Record<string, string>> = { ...AS_IT_IS, ...typed };
    const { macs, ...others } = changeOf(BEFORE, (field) => filled[field] ?? '');
    expect({ ...others, ...(macs === undefined ? {} : { macs: macs.length }) }).toEqual(change);
  });
