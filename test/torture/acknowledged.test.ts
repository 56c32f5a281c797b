import { expect, test } from 'vitest';
import { type Acknowledged, compareLeases, type LeaseShown } from './acknowledged.ts';

const NOON = 1_790_000_000_000;
const told: Acknowledged = {
  mac: '52:54:00:00:00:01',
  address: '10.96.0.1',
  leaseSeconds: 600,
  askedAtMs: NOON,
  toldAtMs: NOON + 100,
  asksAgain: false,
};
const shown: LeaseShown = {
  mac: told.mac,
  address: told.address,
  state: 'held',
  expiresAt: new Date(NOON + 600_050).toISOString(),
};
const ends = (ms: number): string => new Date(ms).toISOString();

const rows: readonly (readonly [string, readonly LeaseShown[], Partial<Acknowledged>, number])[] = [
  ['as it was told', [shown], {}, 0],
  ['gone', [], {}, 1],
  ["another machine's", [{ ...shown, mac: '52:54:00:00:00:02' }], {}, 1],
  ['given back', [{ ...shown, state: 'released' }], {}, 1],
  ['twice on record', [shown, shown], {}, 1],
  ['shorter than it was told', [{ ...shown, expiresAt: ends(NOON + 590_000) }], {}, 1],
  ['longer than it was told', [{ ...shown, expiresAt: ends(NOON + 610_000) }], {}, 1],
  [
    'longer after a request without an answer',
    [{ ...shown, expiresAt: ends(NOON + 610_000) }],
    { asksAgain: true },
    0,
  ],
];
for (const [what, leases, change, wrong] of rows) {
  test(`a lease that is ${what} is ${wrong === 0 ? 'right' : 'wrong'}`, () => {
    const report = { acknowledged: [{ ...told, ...change }], doubled: [] };
    expect(compareLeases(report, leases)).toHaveLength(wrong);
  });
}

test('an address that two machines were told is wrong, whatever is on record', () => {
  expect(compareLeases({ acknowledged: [], doubled: ['10.96.0.1'] }, [])).toHaveLength(1);
});
