import { expect, test } from 'vitest';
import { fitting, type Lease } from './lease-search.ts';

const LEASES = [
  { address: '10.0.0.5', mac: '52:54:00:12:34:56', machine: 'web01' },
  { address: '10.0.0.6', hostname: 'Printer' },
] as unknown as readonly Lease[];

for (const [search, expected] of [
  ['', ['10.0.0.5', '10.0.0.6']],
  ['printer', ['10.0.0.6']],
  ['52-54-00', ['10.0.0.5']],
  ['web 10.0.0.5', ['10.0.0.5']],
  ['web printer', []],
] as const)
  test(`a search for "${search}" finds ${expected.length}`, () => {
    expect(fitting(LEASES, search).map(({ address }) => address)).toEqual(expected);
  });
