import { expect, test } from 'vitest';
import { keptAfterKill } from './kept-leases.ts';

const MAC = '52:54:00:00:00:01';
const ACKNOWLEDGED = [[MAC, '10.96.0.1']] as const;

for (const [what, leases, kept] of [
  ['held by its machine', [{ mac: MAC, address: '10.96.0.1', state: 'held' }], 1],
  ['held by another machine', [{ mac: '52:54:00:00:00:02', address: '10.96.0.1', state: 'held' }], 0],
  ['another address of the machine', [{ mac: MAC, address: '10.96.0.2', state: 'held' }], 0],
  ['expired', [{ mac: MAC, address: '10.96.0.1', state: 'expired' }], 0],
  ['gone', [], 0],
] as const) {
  test(`a lease that is ${what} counts ${kept}`, () =>
    expect(keptAfterKill(ACKNOWLEDGED, leases)).toBe(kept));
}
