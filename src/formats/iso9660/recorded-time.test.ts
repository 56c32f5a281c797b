import { describe, expect, test } from 'vitest';
import { DiscFields } from './disc-fields.ts';
import { longTime, shortTime } from './recorded-time.ts';
import { ascii } from './suite/made-disc.ts';

describe('seven bytes', () => {
  for (const [what, bytes, expected] of [
    ['of Greenwich', [70, 1, 1, 0, 0, 0, 0], 0],
    ['of a place west of it', [121, 12, 31, 20, 0, 0, 0xec], Date.UTC(2022, 0, 1, 1)],
    ['of a place east of it', [121, 2, 3, 4, 5, 6, 22], Date.UTC(2021, 1, 2, 22, 35, 6)],
    ['with an offset that no place has', [121, 2, 3, 4, 5, 6, 0x80], Date.UTC(2021, 1, 3, 4, 5, 6)],
    ['that are zeros', [0, 0, 0, 0, 0, 0, 0], undefined],
    ['of a thirteenth month', [121, 13, 3, 4, 5, 6, 0], undefined],
    ['of hour 24', [121, 12, 3, 24, 5, 6, 0], undefined],
  ] as const) {
    test(what, () => expect(shortTime(new DiscFields(Uint8Array.from(bytes), 0), 0)).toBe(expected));
  }
});

describe('seventeen bytes', () => {
  for (const [what, digits, expected] of [
    ['in digits', '2021020304050699', Date.UTC(2021, 1, 3, 4, 5, 6, 990)],
    ['that are zeros', '0000000000000000', undefined],
    ['of letters', 'some time ago...', undefined],
  ] as const) {
    test(what, () =>
      expect(longTime(new DiscFields(new Uint8Array([...ascii(digits), 0]), 0), 0)).toBe(expected),
    );
  }
});
