import { expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../policy/policy.ts';
import { decideUnknown } from './decide-unknown.ts';

const anyRule = { when: {}, name: 'node-{n}', labels: {}, variables: {} };
const byVendor = { ...anyRule, when: { vendor: 'Dell*' } };

for (const [what, unknownMachines, rules, boot, because] of [
  ['gets the menu', 'menu', [], 'menu', /get the menu/],
  ['is ignored', 'ignore', [], 'nothing', /are ignored/],
  ['tells its hardware', 'discover', [], 'discovery', /touches no disk/],
  ['is told nothing where no rule took it', 'enrol', [anyRule], 'nothing', /no rule made it known/],
] as const) {
  test(`an unknown machine ${what}`, () => {
    const policy = { unknownMachines, enrol: { maximum: 1, rules } };
    expect(decideUnknown(policy)).toEqual({ boot, because: expect.stringMatching(because) });
    expect(decideUnknown({ ...DEFAULT_POLICY, ...policy }).boot).not.toBe('installer');
  });
}

test('iPXE asks who it is only where rules go by what the ROM does not tell', () => {
  const policy = (rules: readonly (typeof byVendor)[]) =>
    ({ unknownMachines: 'enrol', enrol: { maximum: 1, rules } }) as const;
  expect(decideUnknown(policy([byVendor]))).toMatchObject({ boot: 'nothing', asks: 'who it is' });
  expect(
    decideUnknown({ unknownMachines: 'enrol', enrol: { maximum: 1, rules: [anyRule] } }),
  ).not.toHaveProperty('asks');
});
