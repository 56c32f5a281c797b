import { expect, test } from 'vitest';
import { SendingRate, WINDOW_MS } from './sending-rate.ts';

function open() {
  const at = { nowMs: 1_000_000, bytes: 0 };
  const rate = new SendingRate({ nowMs: () => at.nowMs });
  rate.add(() => at.bytes);
  const after = (ms: number, bytes: number): number => {
    at.nowMs += ms;
    at.bytes += bytes;
    return rate.read();
  };
  return { rate, after };
}

test('nothing is known at the first read', () => expect(open().rate.read()).toBe(0));

test('the rate is the mean since the first read', () => {
  const { after } = open();
  after(0, 0);
  expect(after(2_000, 4_000)).toBe(2_000);
  expect(after(2_000, 0)).toBe(1_000);
});

test('what lies before the window is forgotten', () => {
  const { after } = open();
  after(0, 0);
  after(1_000, 1_000_000);
  for (let second = 0; second < WINDOW_MS / 1_000; second += 1) after(1_000, 0);
  expect(after(1_000, 0)).toBe(0);
});

test('several counters count together', () => {
  const { rate, after } = open();
  after(0, 0);
  let others = 0;
  rate.add(() => others);
  after(0, 0);
  others = 500;
  expect(after(1_000, 500)).toBe(1_000);
});

test('a clock that is set back gives no negative rate', () => {
  const { after } = open();
  after(0, 0);
  expect(after(-5_000, 100)).toBe(0);
});
