import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { NumberMap } from './number-map.ts';

/** Few, so that they are found, replaced and deleted; and the ends of what 32 bits hold. */
const key = fc.oneof(
  fc.integer({ min: -20, max: 20 }),
  fc.constantFrom(-(2 ** 31), 2 ** 31 - 1, 0x0a00_0000, 0x0a00_0001),
);
const step = fc.record({ does: fc.constantFrom('set', 'set', 'delete'), key, row: fc.nat({ max: 100 }) });

test('it is as a Map, whatever is done in which order', () => {
  fc.assert(
    fc.property(fc.integer(), fc.array(step, { maxLength: 200 }), (salt, steps) => {
      const numbers = new NumberMap(salt);
      const model = new Map<number, number>();
      for (const { does, key: of, row } of steps) {
        if (does === 'set') {
          numbers.set(of, row);
          model.set(of, row);
        } else {
          numbers.delete(of);
          model.delete(of);
        }
      }
      const sorted = (rows: Iterable<number>): readonly number[] =>
        [...rows].sort((one, other) => one - other);
      expect(numbers.size).toBe(model.size);
      expect(sorted(numbers.values())).toEqual(sorted(model.values()));
      const asked = [...Array.from({ length: 41 }, (_, at) => at - 20), ...model.keys()];
      expect(asked.map((of) => numbers.get(of))).toEqual(asked.map((of) => model.get(of)));
      expect(asked.map((of) => numbers.has(of))).toEqual(asked.map((of) => model.has(of)));
    }),
    { numRuns: 500 },
  );
});

test('it grows, and shrinks to nothing', () => {
  const numbers = new NumberMap(7);
  const count = 20_000;
  for (let at = 0; at < count; at += 1) numbers.set(at * 256, at);
  for (let at = 0; at < count; at += 2) numbers.delete(at * 256);
  const wrong = Array.from({ length: count }, (_, at) => at).filter(
    (at) => numbers.get(at * 256) !== (at % 2 === 0 ? undefined : at),
  );
  expect(wrong).toEqual([]);
  for (let at = 1; at < count; at += 2) numbers.delete(at * 256);
  expect([numbers.size, ...numbers.values()]).toEqual([0]);
});
