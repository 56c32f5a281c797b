import { expect, test } from 'vitest';
import { estimateEnd } from './estimate-end.ts';
import { waitingInWave } from './waiting-in-wave.ts';
import { member, wave } from './suite/wave-samples.ts';

const NOW = 1_790_000_000_000;
const MINUTE = 60_000;

/** Took ten minutes. */
const installed = member({
  state: 'installed',
  startedAtMs: NOW - 30 * MINUTE,
  endedAtMs: NOW - 20 * MINUTE,
});
const started = (minutesAgo: number) => member({ state: 'started', startedAtMs: NOW - minutesAgo * MINUTE });
const waiting = member();

for (const [title, members, minutes] of [
  ['what is under way ends after the mean of what has ended', [installed, started(4)], 6],
  ['one that takes longer than the mean is expected at once', [installed, started(15)], 0],
  ['those that wait take the turns that are free', [installed, waiting, waiting], 10],
  ['or that will be free', [installed, started(4), started(9), waiting, waiting], 16],
  ['three waiting with two turns take twice as long', [installed, waiting, waiting, waiting], 20],
] as const) {
  test(title, () => expect(estimateEnd(wave({}, members), NOW)).toBe(NOW + minutes * MINUTE));
}

test.each([
  ['before the first is installed', wave({}, [started(4), waiting])],
  ['when all is over', wave({}, [installed])],
  ['while it is paused and nothing is under way', wave({ state: 'paused' }, [installed, waiting])],
] as const)('nothing is said %s', (_, one) => expect(estimateEnd(one, NOW)).toBeUndefined());

test('a paused wave ends what is under way', () => {
  const paused = wave({ state: 'paused' }, [installed, started(4), waiting]);
  expect(estimateEnd(paused, NOW)).toBe(NOW + 6 * MINUTE);
});

test('a machine that waits knows how many are before it', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((machineId, position) => member({ machineId, position }));
  const one = wave({}, [{ ...a!, state: 'started' }, b!, c!]);
  expect(waitingInWave([one], 'c')).toEqual({ wave: 'line', ahead: 1, isPaused: false });
  expect(waitingInWave([one], 'a')).toBeUndefined();
  expect(waitingInWave([one], 'd')).toBeUndefined();
});
