import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { gather } from './gathering.ts';
import { Listeners } from './listeners.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watched() {
  const batches = new Listeners<readonly number[]>();
  const passed: (readonly number[])[] = [];
  const stop = gather<number>(
    (listener) => batches.add(listener),
    250,
    (batch) => void passed.push(batch),
  );
  return { batches, passed, stop };
}

test('twenty batches a second are passed on four times, in their order, and none is missing', () => {
  const { batches, passed } = watched();
  for (let at = 0; at < 20; at += 1) {
    batches.tell([2 * at, 2 * at + 1]);
    vi.advanceTimersByTime(50);
  }
  vi.advanceTimersByTime(250);
  expect(passed.flat()).toEqual(Array.from({ length: 40 }, (_, at) => at));
  expect(passed).toHaveLength(4);
});

test('nothing is passed on while nothing comes, nor after the end', () => {
  const { batches, passed, stop } = watched();
  vi.advanceTimersByTime(1_000);
  batches.tell([1]);
  stop();
  vi.advanceTimersByTime(1_000);
  expect([passed, batches.isEmpty]).toEqual([[], true]);
});
