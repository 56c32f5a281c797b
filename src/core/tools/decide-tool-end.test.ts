import { expect, test } from 'vitest';
import { DEFAULT_INSTALL_POLICY } from '../install/install-policy.ts';
import { attemptsOf, decideToolEnd, ONE_BOOT_MS, timesOf } from './decide-tool-end.ts';

for (const [what, install, steadyMs, isOver] of [
  [
    'within the boot in which it is given',
    { profile: 'rescue@x', bootedSteadyMs: 5 },
    4 + ONE_BOOT_MS,
    false,
  ],
  ['after it', { profile: 'rescue@x', bootedSteadyMs: 5 }, 5 + ONE_BOOT_MS, true],
  ['memtest is no other', { profile: 'memtest@x', bootedSteadyMs: 5 }, 1e9, true],
  ['one that reports ends by its report', { profile: 'wipe@x:sda', bootedSteadyMs: 5 }, 1e9, false],
  ['an install is no tool', { profile: 'web', bootedSteadyMs: 5 }, 1e9, false],
  ['one that did not boot yet', { profile: 'rescue@x' }, 1e9, false],
] as const) {
  test(`a tool that a person works with is over ${isOver ? '' : 'not yet'}: ${what}`, () => {
    expect(decideToolEnd({ state: 'booting', ...install }, { steadyMs }) !== undefined).toBe(isOver);
    expect(decideToolEnd({ state: 'requested', ...install }, { steadyMs })).toBeUndefined();
  });
}

test('a tool is tried once, and takes the time it takes', () => {
  expect([attemptsOf('wipe@x:sda', { attempts: 3 }), attemptsOf('web', { attempts: 3 })]).toEqual([1, 3]);
  expect(timesOf('wipe@x:sda', DEFAULT_INSTALL_POLICY)).toEqual({
    ...DEFAULT_INSTALL_POLICY,
    totalMinutes: 'never',
  });
  expect(timesOf('web', DEFAULT_INSTALL_POLICY)).toEqual(DEFAULT_INSTALL_POLICY);
});
