import { expect, test } from 'vitest';
import { DISC_TARGETS } from './disc-targets.ts';
import { DISC_EVERY, fuzzPackets, newCounts } from './fuzz-packets.ts';
import { TARGETS } from './targets.ts';

const PACKETS_EACH = 5_000;
const PACKETS = PACKETS_EACH * Object.keys(TARGETS).length;
const DISCS = PACKETS / DISC_EVERY;
/** An engine waits where a reader refuses. */
const WITHOUT_REFUSALS = ['TFTP transfer', 'TFTP upload'];

test(`${PACKETS} generated packets do no harm, and every reader takes some and refuses some`, async () => {
  const counts = newCounts();
  expect(await fuzzPackets({ seed: 1, first: 0, last: PACKETS - 1 }, counts)).toBeUndefined();
  for (const [name, { taken, refused }] of Object.entries(counts)) {
    const isDisc = name in DISC_TARGETS;
    // Discs stand in the place of other packets.
    const least = isDisc ? Math.floor(DISCS / Object.keys(DISC_TARGETS).length) : PACKETS_EACH - DISCS;
    expect(taken + refused, name).toBeGreaterThanOrEqual(least);
    expect(taken, name).toBeGreaterThan(least / 20);
    if (!WITHOUT_REFUSALS.includes(name)) expect(refused, name).toBeGreaterThan(least / 20);
  }
});

test('a seed makes the same packets again, another one others', async () => {
  const countsOf = async (seed: number) => {
    const counts = newCounts();
    await fuzzPackets({ seed, first: 0, last: 3999 }, counts);
    return counts;
  };
  expect(await countsOf(3)).toEqual(await countsOf(3));
  expect(await countsOf(3)).not.toEqual(await countsOf(4));
});
