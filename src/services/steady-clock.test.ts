import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Stores } from '../core/stores.ts';
import { openEmptyStores } from '../store/sqlite/suite/open-sqlite.ts';
import { SteadyClock } from './steady-clock.ts';

const HOUR = 3_600_000;
const NOON = 1_790_000_000_000;

let stores: Stores;
let clocks = { bootId: 'a', uptimeMs: 0, wallMs: NOON };
beforeEach(async () => {
  stores = await openEmptyStores();
  clocks = { bootId: 'a', uptimeMs: 0, wallMs: NOON };
});
afterEach(() => stores.close());

async function start(): Promise<SteadyClock> {
  const clock = new SteadyClock({ clocks: { read: () => clocks }, kept: stores.steadyReading });
  await clock.open();
  return clock;
}

test('the steady clock goes on over restarts of Muster, whatever the wall clock is set to, kept or not', async () => {
  const first = await start();
  const began = first.nowMs();
  clocks = { ...clocks, uptimeMs: HOUR, wallMs: NOON - 1_000 * HOUR };
  expect(first.nowMs() - began).toBe(HOUR);
  // As after `kill -9`: nothing was kept since the start.
  clocks = { ...clocks, uptimeMs: 3 * HOUR, wallMs: NOON + 5_000 * HOUR };
  const second = await start();
  expect(second.nowMs() - began).toBe(3 * HOUR);
});

test('over a restart of the computer it goes by the wall clock, and never back', async () => {
  const began = (await start()).nowMs();
  clocks = { bootId: 'b', uptimeMs: 5, wallMs: NOON + 2 * HOUR };
  expect((await start()).nowMs() - began).toBe(2 * HOUR);
  clocks = { bootId: 'c', uptimeMs: 5, wallMs: 0 };
  expect((await start()).nowMs() - began).toBe(2 * HOUR);
});

test('parts of milliseconds are not lost to whoever asks often', async () => {
  const clock = await start();
  const began = clock.nowMs();
  for (let asked = 1; asked <= 1_000; asked += 1) {
    clocks = { ...clocks, uptimeMs: asked / 10 };
    clock.nowMs();
  }
  expect(clock.nowMs() - began).toBe(100);
});
