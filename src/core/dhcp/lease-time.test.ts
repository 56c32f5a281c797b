import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FOR_EVER_SECONDS, leaseTimes } from './lease-time.ts';

const CLASSIC = { defaultLeaseSeconds: 21_600, maxLeaseSeconds: 43_200 };

describe('leaseTimes', () => {
  for (const [what, requested, granted] of [
    ['grants the default to who asks for nothing', undefined, 21_600],
    ['grants what is asked for', 3600, 3600],
    ['grants no more than the longest', 86_400, 43_200],
    ['grants no endless lease where there is a longest', FOR_EVER_SECONDS, 43_200],
    ['grants no less than two minutes', 5, 120],
    ['takes 0 for very short', 0, 120],
  ] as const) {
    test(what, () => expect(leaseTimes(requested, CLASSIC, 'mac:a').leaseSeconds).toBe(granted));
  }

  test('has the least and the shares of the subnet, where it sets them', () => {
    const own = { ...CLASSIC, minLeaseSeconds: 600, renewalPercent: 20, rebindingPercent: 60 };
    const { leaseSeconds, renewalSeconds = 0, rebindingSeconds } = leaseTimes(5, own, 'mac:a');
    expect({ leaseSeconds, rebindingSeconds }).toEqual({ leaseSeconds: 600, rebindingSeconds: 360 });
    expect(renewalSeconds).toBeGreaterThanOrEqual(108);
    expect(renewalSeconds).toBeLessThanOrEqual(120);
  });

  test('has neither T1 nor T2 for a lease without end', () => {
    const endless = { defaultLeaseSeconds: FOR_EVER_SECONDS, maxLeaseSeconds: FOR_EVER_SECONDS };
    expect(leaseTimes(undefined, endless, 'mac:a')).toEqual({ leaseSeconds: FOR_EVER_SECONDS });
  });

  test('is the same each time for the same client, and spread over clients', () => {
    const keys = Array.from({ length: 200 }, (_, index) => `mac:52:54:00:00:00:${index}`);
    const renewals = keys.map((key) => leaseTimes(undefined, CLASSIC, key).renewalSeconds);
    expect(keys.map((key) => leaseTimes(undefined, CLASSIC, key).renewalSeconds)).toEqual(renewals);
    expect(new Set(renewals).size).toBeGreaterThan(150);
  });

  test('has T1 below T2 below the lease, always, near the half and seven eighths', () => {
    fc.assert(
      fc.property(fc.integer({ min: 120, max: FOR_EVER_SECONDS - 1 }), fc.string(), (seconds, key) => {
        const limits = { defaultLeaseSeconds: seconds, maxLeaseSeconds: seconds };
        const { leaseSeconds, renewalSeconds = 0, rebindingSeconds = 0 } = leaseTimes(undefined, limits, key);
        expect(leaseSeconds).toBe(seconds);
        expect(renewalSeconds).toBeGreaterThanOrEqual(Math.floor(seconds * 0.45));
        expect(renewalSeconds).toBeLessThanOrEqual(seconds / 2);
        expect(rebindingSeconds).toBe(Math.floor(seconds * 0.875));
        expect(renewalSeconds).toBeLessThan(rebindingSeconds);
        expect(rebindingSeconds).toBeLessThan(leaseSeconds);
      }),
    );
  });
});
