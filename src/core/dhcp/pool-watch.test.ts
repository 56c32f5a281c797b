import { expect, test } from 'vitest';
import { PoolWatch, TELL_AGAIN_AFTER_MS } from './pool-watch.ts';

const NOON = 1_790_000_000_000;

/** What is told when so many of 100 addresses are used, one look after the other. */
function told(uses: readonly number[], stepMs = TELL_AGAIN_AFTER_MS): readonly unknown[] {
  const watch = new PoolWatch();
  return uses.map((used, at) => watch.look('lab', { size: 100, used }, NOON + at * stepMs));
}

for (const [what, uses, states] of [
  ['nothing while there is enough', [0, 50, 89], [undefined, undefined, undefined]],
  ['once that it runs low', [89, 90, 95], [undefined, 'nearly full', undefined]],
  ['that it is full', [95, 100, 100], ['nearly full', 'full', undefined]],
  [
    'that there is enough again, not before a good part is free',
    [100, 85, 79],
    ['full', undefined, 'enough'],
  ],
  ['that it runs low again after it had enough', [90, 50, 91], ['nearly full', 'enough', 'nearly full']],
] as const) {
  test(`tells ${what}`, () => expect(told(uses)).toEqual(states));
}

test('tells of comings and goings once a minute, and that it is full at once', () => {
  expect(told([90, 50, 90, 100], 1000)).toEqual(['nearly full', undefined, undefined, 'full']);
});

test('has nothing to tell of a subnet without ranges', () => {
  expect(new PoolWatch().look('lab', { size: 0, used: 0 }, NOON)).toBeUndefined();
});
