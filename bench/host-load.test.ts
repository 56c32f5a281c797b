import { expect, test } from 'vitest';
import { decodeProcessorTimes, HostLoad, stolenShare, StolenTime } from './host-load.ts';

test('the times of all processors are read', () => {
  const text = 'cpu  100 50 200 9999 1 20 30 70 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n';
  expect(decodeProcessorTimes(text)).toEqual({ busySeconds: 4, stolenSeconds: 0.7 });
  expect(() => decodeProcessorTimes('intr 1')).toThrow(SyntaxError);
});

test('what is elsewhere is a share, and less when more of it was our own', () => {
  const load = new HostLoad();
  for (const endMs = performance.now() + 60; performance.now() < endMs; ) Math.sqrt(2);
  expect(load.elsewhere(0)).toBeGreaterThanOrEqual(0);
  expect(load.elsewhere(0)).toBeLessThanOrEqual(1);
  expect(load.elsewhere(1000)).toBe(0);
});

test('what the hypervisor took is a share of the time of all processors, however busy they were', () => {
  const [before, after] = ['10 0 5 100 0 0 0 50', '900 0 5 100 0 0 0 150'].map((text) =>
    decodeProcessorTimes(`cpu  ${text} 0 0\n`),
  );
  expect(stolenShare(before!, after!, 20)).toBeCloseTo(0.05);
  expect(stolenShare(before!, after!, 0.5)).toBe(1);
  expect(new StolenTime().share).toBeLessThanOrEqual(1);
});
