import { expect, test } from 'vitest';
import { objectionToErase } from './objection-to-erase.ts';

const installed = { id: 'i-000000000001', profile: 'web' };
const was = 'profile web was installed on it (install i-000000000001)';
const holds = 'disk sda (QEMU) holds a partition table (GPT)';

for (const [what, before, holding, known] of [
  ['what Muster installed', installed, [], was],
  ['what the machine says of its disks', undefined, [holds], holds],
  ['both', installed, [holds], `${was}; ${holds}`],
] as const) {
  test(`a person is asked because of ${what}`, () => {
    expect(objectionToErase({ name: 'web01' }, before, holding)).toBe(
      `the disk of web01 holds data, and the install would erase it: ${known}`,
    );
  });
}

test('nobody is asked of a machine of which nothing is known', () => {
  expect(objectionToErase({ name: 'web01' }, undefined, [])).toBeUndefined();
});
