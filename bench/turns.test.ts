import { expect, test } from 'vitest';
import { calmest } from './turns.ts';

/** Runs that were so much disturbed, one after another; each has measured something else. */
async function ofRuns(shares: readonly number[], tries: number, disturbedShare?: number) {
  const told: number[] = [];
  const left = shares.map((elsewhere, at) => ({ elsewhere, took: 100 - at }));
  const measureOnce = () => Promise.resolve(left.shift() ?? expect.fail('one run too many'));
  const tell = ({ elsewhere }: { readonly elsewhere: number }) => told.push(elsewhere);
  const { elsewhere } = await calmest(tries, measureOnce, tell, disturbedShare);
  return { elsewhere, told };
}

test('a run that nothing disturbed is made once, whatever it measured', async () => {
  expect(await ofRuns([0.05, 0], 6)).toEqual({ elsewhere: 0.05, told: [0.05] });
});

test('a run that was disturbed is made again until one is not, and all are told', async () => {
  expect(await ofRuns([0.2, 0.1, 0.02, 0], 6)).toEqual({ elsewhere: 0.02, told: [0.2, 0.1, 0.02] });
});

test('of runs that all were disturbed the calmest counts, and no more are made than that', async () => {
  expect(await ofRuns([0.3, 0.1, 0.2, 0], 3)).toEqual({ elsewhere: 0.1, told: [0.3, 0.1, 0.2] });
});

test('how much disturbs it is said by the case', async () => {
  expect(await ofRuns([0.05, 0.005], 6, 0.01)).toEqual({ elsewhere: 0.005, told: [0.05, 0.005] });
});
