import { expect, test } from 'vitest';
import { waveProgress } from './wave-progress.ts';

const NOW_MS = Date.UTC(2026, 10, 23, 13);
const WAVE = {
  state: 'running',
  counts: { waiting: 4, started: 2, installed: 2, failed: 1, cancelled: 0 },
  createdAt: '2026-11-23T12:30:00.000Z',
  estimatedEndAt: '2026-11-23T14:00:00.000Z',
} as const;
const NOTHING_YET = { waiting: 3, started: 0, installed: 0, failed: 0, cancelled: 0 };

for (const [change, expected] of [
  [{}, '[########----------------] 3 of 9 machines (33 %), 6 an hour, 1 h 0 min left'],
  [{ state: 'paused' }, '[########----------------] 3 of 9 machines (33 %)'],
  [{ estimatedEndAt: undefined }, '[########----------------] 3 of 9 machines (33 %), 6 an hour'],
  [
    { estimatedEndAt: '2026-11-23T12:59:00.000Z' },
    '[########----------------] 3 of 9 machines (33 %), 6 an hour, 0 s left',
  ],
  [{ counts: NOTHING_YET, estimatedEndAt: undefined }, '[------------------------] 0 of 3 machines (0 %)'],
  [
    { state: 'done', counts: { ...NOTHING_YET, waiting: 0, installed: 2, cancelled: 1 } },
    '[########################] 3 of 3 machines (100 %)',
  ],
] as const) {
  test(expected, () => expect(waveProgress({ ...WAVE, ...change } as typeof WAVE, NOW_MS)).toBe(expected));
}
