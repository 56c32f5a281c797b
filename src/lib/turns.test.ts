import { expect, test } from 'vitest';
import { Turns } from './turns.ts';

test('Turns: so much goes on at one time, the rest waits in its order, and what fails gives its turn on', async () => {
  const turns = new Turns(2);
  const begun: number[] = [];
  const ends: ((end: 'well' | 'badly') => void)[] = [];
  const work = Array.from({ length: 5 }, (_, number) =>
    turns.take(
      () =>
        new Promise<number>((resolve, reject) => {
          begun.push(number);
          ends.push((end) => (end === 'well' ? resolve(number) : reject(new Error(`${number} failed`))));
        }),
    ),
  );
  const results = Promise.allSettled(work);
  for (const [end, expected] of [
    [undefined, [0, 1]],
    ['badly', [0, 1, 2]],
    ['well', [0, 1, 2, 3]],
    ['well', [0, 1, 2, 3, 4]],
    ['well', [0, 1, 2, 3, 4]],
    ['well', [0, 1, 2, 3, 4]],
  ] as const) {
    if (end !== undefined) ends.shift()?.(end);
    await new Promise((resolve) => setImmediate(resolve));
    expect(begun).toEqual(expected);
  }
  expect((await results).map(({ status }) => status)).toEqual([
    'rejected',
    ...Array.from({ length: 4 }, () => 'fulfilled'),
  ]);
  expect(await turns.take(() => Promise.resolve('free again'))).toBe('free again');
});
