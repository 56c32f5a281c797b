import { expect, test } from 'vitest';
import { arrivalLine, progressBar, progressText, type WireArrival } from './arrival-text.ts';

const ARRIVAL: WireArrival = {
  name: 'debian',
  way: 'download',
  state: 'under way',
  fileName: 'debian.iso',
  here: 1_500_000_000,
  bytes: 4_700_000_000,
  bytesPerSecond: 80_000_000,
  startedAt: '2026-11-23T13:00:00.000Z',
};

for (const [change, expected] of [
  [{}, '31 % of 4.7 GB, 80 MB/s, 40 s left'],
  [{ bytesPerSecond: 400_000 }, '31 % of 4.7 GB, 400 kB/s, 2 h 13 min left'],
  [{ bytesPerSecond: 0 }, '31 % of 4.7 GB'],
  [{ here: 0, bytes: 0, bytesPerSecond: 5 }, '0 % of 0 B, 5 B/s, 0 s left'],
] as const) {
  test(expected, () => expect(progressText({ ...ARRIVAL, ...change })).toBe(expected));
}

test('without a size there is an amount and a rate', () => {
  const { bytes: _, ...unknown } = ARRIVAL;
  expect(progressText(unknown)).toBe('1.5 GB, 80 MB/s');
});

test('the bar is as full as so much of it is here', () => {
  expect(progressBar(ARRIVAL)).toBe('debian [#######-----------------] 31 % of 4.7 GB, 80 MB/s, 40 s left');
  expect(progressBar({ ...ARRIVAL, here: 9e9 })).toMatch(/^debian \[#{24}\] /);
});

test('what does not get here says why', () => {
  const failed = { ...ARRIVAL, state: 'failed', because: 'the disk is full' } as const;
  expect(arrivalLine(failed)).toMatch(/^debian does not get here: the disk is full \(muster image rm debian/);
});
