import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_STRETCHES, QUIET_MS, TELL_EVERY_MS, TreeCount, type TreeFetch } from './tree-count.ts';

const fetch = (change: Partial<TreeFetch> = {}): TreeFetch => ({
  key: 'web01 debian',
  bytes: 100,
  result: 'sent',
  times: 1,
  startedAtMs: 1000,
  endedAtMs: 1010,
  ...change,
});

test('fetches of one machine and image become one total after a pause', () => {
  const count = new TreeCount();
  count.add(fetch());
  count.add(fetch({ bytes: 50, startedAtMs: 1200, endedAtMs: 1300 }));
  count.add(fetch({ bytes: 0, result: 'not found', startedAtMs: 1300, endedAtMs: 1301 }));
  count.add(fetch({ bytes: 7, result: 'broken off', startedAtMs: 1301, endedAtMs: 1400 }));
  expect(count.takeDue(1400 + QUIET_MS - 1)).toEqual([]);
  expect(count.takeDue(1400 + QUIET_MS)).toEqual([
    {
      key: 'web01 debian',
      files: 2,
      bytes: 157,
      missing: 1,
      brokenOff: 1,
      startedAtMs: 1000,
      endedAtMs: 1400,
    },
  ]);
  expect(count.isEmpty).toBe(true);
});

test('a stretch that goes on is told every ten seconds', () => {
  const count = new TreeCount();
  const told: number[] = [];
  for (let now = 0; now < 35_000; now += 500) {
    for (const total of count.takeDue(now)) told.push(total.files);
    count.add(fetch({ startedAtMs: now, endedAtMs: now }));
  }
  expect(told).toEqual([TELL_EVERY_MS / 500, TELL_EVERY_MS / 500, TELL_EVERY_MS / 500]);
  expect(count.takeAll()).toHaveLength(1);
});

test('machines and images are counted apart', () => {
  const count = new TreeCount();
  count.add(fetch());
  count.add(fetch({ key: 'web02 debian' }));
  expect(count.takeAll().map((total) => total.key)).toEqual(['web01 debian', 'web02 debian']);
});

test('with no room left, the one that was quiet for longest is told at once', () => {
  const count = new TreeCount();
  for (let index = 0; index < MAX_STRETCHES; index += 1) count.add(fetch({ key: `${index}` }));
  expect(count.add(fetch({ key: '0' }))).toEqual([]);
  expect(count.add(fetch({ key: 'one more' })).map((total) => total.key)).toEqual(['1']);
  expect(count.takeAll()).toHaveLength(MAX_STRETCHES);
});

test('no byte is lost or told twice', () => {
  const step = fc.record({ key: fc.constantFrom('a', 'b', 'c'), bytes: fc.nat(1000), wait: fc.nat(4000) });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const count = new TreeCount();
      let now = 0;
      let told = 0;
      for (const { key, bytes, wait } of steps) {
        now += wait;
        for (const total of count.takeDue(now)) told += total.bytes;
        for (const total of count.add(fetch({ key, bytes, startedAtMs: now, endedAtMs: now })))
          told += total.bytes;
      }
      for (const total of count.takeAll()) told += total.bytes;
      expect(told).toBe(steps.reduce((all, { bytes }) => all + bytes, 0));
    }),
  );
});
