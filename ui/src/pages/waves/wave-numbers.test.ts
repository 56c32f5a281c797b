import { expect, test } from 'vitest';
import { allOf, bytesOf, percentOver, waitsForOf } from './wave-numbers.ts';

const none = { waiting: 0, started: 0, installed: 0, failed: 0, cancelled: 0 };

test.each([
  ['nobody is in it', none, 0, 0],
  ['all wait', { ...none, waiting: 4 }, 4, 0],
  ['one of four is installed', { ...none, waiting: 1, started: 2, installed: 1 }, 4, 25],
  ['all ended, each in another way', { ...none, installed: 1, failed: 1, cancelled: 1 }, 3, 100],
])('Where %s, a wave is as far as that', (_, counts, all, percent) => {
  expect(allOf(counts)).toBe(all);
  expect(percentOver(counts)).toBe(percent);
});

test.each([
  ['it is paused, whatever else', { state: 'paused', started: 4, power: 'none' }, 'resume'],
  ['four of four are under way', { state: 'running', started: 4, power: 'none' }, 'turn'],
  [
    'a place is free, and people switch machines on',
    { state: 'running', started: 3, power: 'none' },
    'power',
  ],
  [
    'a place is free, and Muster switches machines on',
    { state: 'running', started: 3, power: 'on' },
    undefined,
  ],
  ['it is cancelled', { state: 'cancelled', started: 0, power: 'none' }, undefined],
] as const)('Where %s, a machine without a turn waits for that', (_, { state, started, power }, expected) => {
  const wave = { state, power, counts: { ...none, started }, budget: { machines: 4 } };
  expect(waitsForOf(wave)).toBe(expected);
});

test.each([
  ['300', 300_000_000],
  ['0,5', 500_000],
  ['', undefined],
  ['0', undefined],
  ['much', undefined],
])('"%s" megabytes a second are %s bytes', (text, bytes) => {
  expect(bytesOf(text)).toBe(bytes);
});
