import { expect, test } from 'vitest';
import { MAX_SAMPLES, Throughput } from './throughput.ts';

function world() {
  const now = { ms: 1_000, tftp: 500, http: 0 };
  const throughput = new Throughput({
    clock: { nowMs: () => now.ms },
    sentBytes: { tftp: () => now.tftp, http: () => now.http, ftp: () => 0, nfs: () => 0 },
  });
  return { now, throughput };
}

test('a sample is what was sent since the one before, by second and protocol', () => {
  const { now, throughput } = world();
  Object.assign(now, { ms: 6_000, tftp: 5_500, http: 10_000_000 });
  throughput.take();
  Object.assign(now, { ms: 8_000, http: 10_000_100 });
  throughput.take();
  expect(throughput.samples).toEqual([
    { atMs: 6_000, bytesPerSecond: { tftp: 1_000, http: 2_000_000, ftp: 0, nfs: 0 } },
    { atMs: 8_000, bytesPerSecond: { tftp: 0, http: 50, ftp: 0, nfs: 0 } },
  ]);
});

test('what was sent before it began is in no sample', () => {
  const { now, throughput } = world();
  now.ms = 6_000;
  throughput.take();
  expect(throughput.samples[0]?.bytesPerSecond.tftp).toBe(0);
});

test('a clock that goes back gives no sample, and the next one counts from there', () => {
  const { now, throughput } = world();
  Object.assign(now, { ms: 500, tftp: 5_500 });
  throughput.take();
  expect(throughput.samples).toEqual([]);
  Object.assign(now, { ms: 1_500, tftp: 6_500 });
  throughput.take();
  expect(throughput.samples).toMatchObject([{ atMs: 1_500, bytesPerSecond: { tftp: 1_000 } }]);
});

test('counters that begin anew, as after a restart of a door, give no negative rate', () => {
  const { now, throughput } = world();
  Object.assign(now, { ms: 2_000, tftp: 0 });
  throughput.take();
  expect(throughput.samples[0]?.bytesPerSecond.tftp).toBe(0);
});

test('the oldest samples go', () => {
  const { now, throughput } = world();
  for (let index = 0; index < MAX_SAMPLES + 10; index += 1) {
    now.ms += 5_000;
    throughput.take();
  }
  expect(throughput.samples).toHaveLength(MAX_SAMPLES);
  expect(throughput.samples[0]?.atMs).toBe(1_000 + 11 * 5_000);
});
