import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ipv4FromNumber } from '../../lib/addresses.ts';
import { LeaseColumns } from './lease-columns.ts';
import { macKeyText, macOfKeyNumber } from './mac-key.ts';
import { RowIndex } from './row-index.ts';

const SPREAD = 0x9e37_79b1;
const SALT = 12_345;
/** All of them have one slot: the lower half takes back what the upper half does. */
const SAME_SLOT = [0, 1, 2, 3].map((high) => {
  const low = (0x1234_5678 ^ Math.imul(high, SPREAD)) >>> 0;
  return high * 2 ** 32 + low;
});
const KEYS = [...SAME_SLOT.map(macKeyText), macKeyText(0x5254_0012_3456), 'id:01', 'mac:of nobody', ''];
const NOON = 1_790_000_000_000;

const step = fc.record({
  does: fc.constantFrom('add', 'add', 'remove'),
  key: fc.constantFrom(...KEYS),
  startedAtMs: fc.nat({ max: 3 }).map((ms) => NOON + ms),
  which: fc.nat(),
});

test('every key finds its own rows, the best first, whatever was added and removed', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const columns = new LeaseColumns();
      const index = new RowIndex(columns, SALT);
      const rows = new Map<string, number[]>(KEYS.map((key) => [key, []]));
      for (const [number, { does, key, startedAtMs, which }] of steps.entries()) {
        const own = rows.get(key) ?? [];
        if (does === 'add') {
          const row = columns.add(number);
          columns.write(row, {
            address: ipv4FromNumber(number),
            subnet: 'lab',
            clientKey: key,
            state: 'held',
            startedAtMs,
            expiresAtMs: NOON,
          });
          index.add(key, row);
          own.push(row);
          own.sort((one, other) => columns.compare(one, other));
        } else if (own.length > 0) {
          const [row = 0] = own.splice(which % own.length, 1);
          index.remove(key, row);
        }
      }
      for (const [key, own] of rows) expect([index.first(key), index.of(key)]).toEqual([own[0], own]);
      const all = [...rows.values()].flat();
      expect([...index.all()].sort((one, other) => one - other)).toEqual(
        all.sort((one, other) => one - other),
      );
    }),
    { numRuns: 500 },
  );
});

test('to remove a row that is not there changes nothing', () => {
  const columns = new LeaseColumns();
  const index = new RowIndex(columns, SALT);
  const [number = 0, other = 0] = SAME_SLOT;
  const row = columns.add(1);
  columns.write(row, {
    address: ipv4FromNumber(1),
    subnet: 'lab',
    clientKey: macKeyText(number),
    mac: macOfKeyNumber(number),
    state: 'held',
    startedAtMs: NOON,
    expiresAtMs: NOON,
  });
  index.add(macKeyText(number), row);
  index.remove(macKeyText(other), row);
  index.remove(macKeyText(number), row + 1);
  expect(index.of(macKeyText(number))).toEqual([row]);
  expect(index.of(macKeyText(other))).toEqual([]);
});
