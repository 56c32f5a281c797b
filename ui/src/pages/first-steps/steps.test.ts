import { expect, test } from 'vitest';
import type { ItemOf } from '../../data/client.ts';
import { isFresh, type Known, missingLoaders, type StepId, stepsOf, type SubnetHere } from './steps.ts';

const subnet = (change: Partial<SubnetHere>): SubnetHere => ({
  mode: 'full',
  ranges: [],
  reservations: [],
  ...change,
});
const loader = (name: string, needed: boolean, found: boolean): ItemOf<'listLoaders'> => ({
  name,
  purpose: 'boots',
  set: 'grub',
  needed,
  found,
});
const range = '10.0.0.10-10.0.0.20';

test.each<[what: string, known: Known, step: StepId, state: string]>([
  ['nobody said anything yet', {}, 'user', 'unknown'],
  ['there is no user', { session: { firstUser: 'wanted' } }, 'user', 'missing'],
  ['there is a user', { session: { firstUser: 'there' } }, 'user', 'done'],
  ['nobody needs to log in', { session: { firstUser: 'wanted', by: 'nothing' } }, 'user', 'done'],
  ['a subnet gives out nothing', { subnets: [subnet({})] }, 'subnet', 'missing'],
  ['a subnet is switched off', { subnets: [subnet({ mode: 'off', ranges: [range] })] }, 'subnet', 'missing'],
  ['a subnet has a range', { subnets: [subnet({ ranges: [range] })] }, 'subnet', 'done'],
  ['another server gives the addresses', { subnets: [subnet({ mode: 'proxy' })] }, 'subnet', 'done'],
  ['a needed loader is gone', { loaders: [loader('pxelinux.0', true, false)] }, 'loaders', 'missing'],
  ['only a rare loader is gone', { loaders: [loader('rare.efi', false, false)] }, 'loaders', 'done'],
  ['there is no image', { images: [] }, 'image', 'missing'],
  ['there is a machine', { machines: 1 }, 'machine', 'done'],
  ['nothing was installed', { installs: [] }, 'install', 'missing'],
])('Where %s, the step says so', (_, known, id, state) => {
  expect(stepsOf(known).find((step) => step.id === id)?.state).toBe(state);
});

test('Only loaders that most machines need are missing', () => {
  const loaders = [loader('a', true, true), loader('b', true, false), loader('c', false, false)];
  expect(missingLoaders(loaders).map(({ name }) => name)).toEqual(['b']);
});

test('A site is fresh when it has nothing, and nobody says so before all is known', () => {
  const nothing = { subnets: [], images: [], profiles: [], machines: 0 };
  expect(isFresh({ ...nothing, images: undefined })).toBeUndefined();
  expect(isFresh(nothing)).toBe(true);
  expect(isFresh({ ...nothing, machines: 1 })).toBe(false);
});
