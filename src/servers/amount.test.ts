import { expect, test } from 'vitest';
import { amount } from './amount.ts';

test('an amount has bytes, seconds and a rate', () => {
  expect(amount(3_000_000, 1500.4)).toEqual({ bytes: 3_000_000, seconds: 1.5, bytesPerSecond: 2_000_000 });
});

test('what took no time has no rate', () => {
  expect(amount(500, 0.3)).toEqual({ bytes: 500, seconds: 0 });
});
