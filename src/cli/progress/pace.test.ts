import { expect, test } from 'vitest';
import { checkProgress } from '../commands/follow-check.ts';
import { Pace } from './pace.ts';

function seen(...points: readonly (readonly [amount: number, seconds: number])[]): Pace {
  const pace = new Pace();
  for (const [amount, seconds] of points) pace.see(amount, seconds * 1000);
  return pace;
}

for (const [title, points, perSecond, secondsTo100] of [
  ['nothing is known of what was never seen', [], undefined, undefined],
  [
    'nor of what was seen for a moment only',
    [
      [0, 0],
      [50, 1],
    ],
    undefined,
    undefined,
  ],
  [
    'half of it in ten seconds leaves ten',
    [
      [0, 0],
      [25, 5],
      [50, 10],
    ],
    5,
    10,
  ],
  [
    'what does not move has no end',
    [
      [50, 0],
      [50, 10],
    ],
    0,
    undefined,
  ],
  [
    'what was slow long ago is forgotten',
    [
      [0, 0],
      [1, 40],
      [2, 60],
      [42, 64],
    ],
    41 / 24,
    34,
  ],
  [
    'what is there leaves nothing',
    [
      [90, 0],
      [101, 10],
    ],
    1.1,
    0,
  ],
] as const) {
  test(title, () => {
    const pace = seen(...points);
    expect([pace.perSecond, pace.secondsTo(100)]).toEqual([perSecond, secondsTo100]);
  });
}

for (const [check, expected] of [
  [
    { done: 1e9, whole: 4e9, unit: 'bytes' },
    'cd [######------------------] 25 % of 4 GB, 50 MB/s, 1 min 0 s left',
  ],
  [
    { done: 5, whole: 10, unit: 'files' },
    'cd [############------------] 50 % of 10 files, 50000000 files/s, 1 min 0 s left',
  ],
  [{ done: 0, whole: 100, unit: 'percent' }, 'cd [------------------------] 0 %, 1 min 0 s left'],
] as const) {
  test(`a check of ${check.unit}: ${expected}`, () => {
    expect(checkProgress('cd', check, { perSecond: 5e7, secondsTo: () => 60 }).bar).toBe(expected);
  });
}
