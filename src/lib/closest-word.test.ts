import { expect, test } from 'vitest';
import { closestWord } from './closest-word.ts';

for (const [word, expected] of [
  ['timezon', 'timezone'],
  ['Timezone', 'timezone'],
  ['disc', 'disk'],
  ['packages2', 'packages'],
  ['gateway_address', undefined],
  ['di', undefined],
  ['', undefined],
] as const) {
  test(`"${word}" is ${expected === undefined ? 'near to nothing' : `near to "${expected}"`}`, () => {
    expect(closestWord(word, ['packages', 'timezone', 'disk', 'address'])).toBe(expected);
  });
}

test('of several the nearest is taken', () => {
  expect(closestWord('packagess', ['packaged', 'packages'])).toBe('packages');
});
