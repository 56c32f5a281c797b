import { expect, test } from 'vitest';
import { fuzzPackets, newCounts } from './fuzz-packets.ts';
import { TARGETS } from './targets.ts';

const PACKETS_EACH = 5_000;
const PACKETS = PACKETS_EACH * Object.keys(TARGETS).length;
/** An engine waits where a reader refuses. */
const WITHOUT_REFUSALS = ['TFTP transfer', 'TFTP upload'];

test(`${PACKETS} generated packets do no harm, and every reader takes some and refuses some`, () => {
  const counts = newCounts();
  expect(fuzzPackets({ seed: 1, first: 0, last: PACKETS - 1 }, counts)).toBeUndefined();
  for (const [name, { taken, refused }] of Object.entries(counts)) {
    expect(taken + refused, name).toBe(PACKETS_EACH);
    expect(taken, name).toBeGreaterThan(PACKETS_EACH / 20);
    if (!WITHOUT_REFUSALS.includes(name)) expect(refused, name).toBeGreaterThan(PACKETS_EACH / 20);
  }
});

test('a seed makes the same packets again, another one others', () => {
  const countsOf = (seed: number) => {
    const counts = newCounts();
    fuzzPackets({ seed, first: 0, last: 3999 }, counts);
    return counts;
  };
  expect(countsOf(3)).toEqual(countsOf(3));
  expect(countsOf(3)).not.toEqual(countsOf(4));
});
