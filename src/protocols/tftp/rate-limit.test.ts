import { describe, expect, test } from 'vitest';
import { MAX_SOURCES, RequestRates } from './rate-limit.ts';

const limits = { requestsPerSecond: 10, requestsPerSecondInAll: Infinity, pauseMs: 2000 };

/** How many of `count` requests at one time are taken. */
function taken(rates: RequestRates, source: string, count: number, nowMs: number): number {
  return Array.from({ length: count }, () => rates.take(source, nowMs).take).filter(Boolean).length;
}

describe('RequestRates', () => {
  test('takes a second full of requests at once, and no more', () => {
    expect(taken(new RequestRates(limits), 'a', 25, 0)).toBe(10);
  });

  test('takes the rate for ever when requests come evenly', () => {
    const rates = new RequestRates(limits);
    for (let nowMs = 0; nowMs < 60_000; nowMs += 100) expect(rates.take('a', nowMs).take).toBe(true);
    expect(rates.overRate).toBe(0);
  });

  test('is silent for the pause, and then takes a full bucket again', () => {
    const rates = new RequestRates(limits);
    taken(rates, 'a', 11, 0);
    expect(taken(rates, 'a', 5, 1999)).toBe(0);
    expect(taken(rates, 'a', 25, 2000)).toBe(10);
  });

  test('without a pause goes on at the rate', () => {
    const rates = new RequestRates({ ...limits, pauseMs: 0 });
    taken(rates, 'a', 11, 0);
    expect(taken(rates, 'a', 25, 500)).toBe(5);
  });

  test('counts each source by itself', () => {
    const rates = new RequestRates(limits);
    taken(rates, 'a', 11, 0);
    expect(taken(rates, 'b', 10, 0)).toBe(10);
    expect(rates.overRate).toBe(1);
  });

  test('counts all together where that is limited, and a silenced source takes nothing from the others', () => {
    const rates = new RequestRates({ ...limits, requestsPerSecondInAll: 15 });
    expect(taken(rates, 'a', 100, 0)).toBe(10);
    expect(taken(rates, 'b', 10, 0)).toBe(5);
    const refused = rates.take('c', 0);
    expect(refused).toMatchObject({ take: false });
    expect(refused.take ? '' : refused.because).toContain('all machines together');
  });

  test('says the rate and the pause', () => {
    const rates = new RequestRates(limits);
    taken(rates, 'a', 10, 0);
    expect(rates.take('a', 0)).toEqual({
      take: false,
      because: 'it makes more than 10 requests a second, the most allowed, and is not answered for 2 s',
    });
  });

  test('remembers a bounded number of sources, and forgets those it has not heard of for longest', () => {
    const rates = new RequestRates(limits);
    taken(rates, 'first', 11, 0);
    taken(rates, 'second', 11, 0);
    rates.take('first', 0);
    for (let index = 0; index < MAX_SOURCES - 1; index += 1) rates.take(`source ${index}`, 1);
    expect(rates.sources).toBe(MAX_SOURCES);
    expect(rates.take('first', 1).take).toBe(false);
    expect(rates.take('second', 1).take).toBe(true);
  });
});
