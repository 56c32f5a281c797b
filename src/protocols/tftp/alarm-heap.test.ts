import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AlarmHeap } from './alarm-heap.ts';

interface Sleeper {
  readonly name: number;
  deadlineMs: number;
  alarmMs: number;
}

function sleeper(deadlineMs: number, name = 0): Sleeper {
  return { name, deadlineMs, alarmMs: Infinity };
}

test('each is woken at its deadline, in order, whatever happened to it before', () => {
  const steps = fc.array(fc.record({ who: fc.nat(9), to: fc.integer({ min: 1, max: 50 }) }), {
    maxLength: 200,
  });
  fc.assert(
    fc.property(steps, (list) => {
      const heap = new AlarmHeap<Sleeper>();
      const all = Array.from({ length: 10 }, (_, name) => sleeper(Infinity, name));
      let nowMs = 0;
      const ring = (): void => {
        for (let one = heap.take(nowMs); one; one = heap.take(nowMs)) {
          expect(one.deadlineMs).toBeLessThanOrEqual(nowMs);
          one.deadlineMs = Infinity;
        }
        expect(all.every(({ deadlineMs }) => deadlineMs > nowMs)).toBe(true);
      };
      for (const { who, to } of list) {
        all[who]!.deadlineMs = nowMs + to;
        heap.set(all[who]!);
        nowMs += to % 7;
        ring();
      }
      nowMs += 100;
      ring();
      expect(heap.nextMs).toBe(Infinity);
    }),
  );
});

test('a deadline that moves on is not heard before its time', () => {
  const heap = new AlarmHeap<Sleeper>();
  const one = sleeper(10);
  heap.set(one);
  one.deadlineMs = 30;
  expect(heap.take(10)).toBeUndefined();
  expect(heap.nextMs).toBe(30);
  expect(heap.take(30)).toBe(one);
});

test('a deadline that becomes earlier is heard once', () => {
  const heap = new AlarmHeap<Sleeper>();
  const one = sleeper(400);
  heap.set(one);
  one.deadlineMs = 30;
  heap.set(one);
  expect(heap.take(30)).toBe(one);
  one.deadlineMs = Infinity;
  expect(heap.take(1000)).toBeUndefined();
});
