import { expect, test } from 'vitest';
import { decideTimeout } from './decide-timeout.ts';
import type { Install } from './install.ts';
import { DEFAULT_INSTALL_POLICY, type InstallPolicy } from './install-policy.ts';
import { INSTALL_STATES, isOver } from './life.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LONG_AGO = -1_000 * HOUR;

function install(change: Partial<Install>): Install {
  return {
    id: 'i-000000000001',
    machineId: 'm-1',
    profile: 'web',
    token: 'f'.repeat(32),
    state: 'requested',
    requestedAtMs: 0,
    changedAtMs: 0,
    attempt: 1,
    attempts: 2,
    ...change,
  };
}

const booting = { state: 'booting', bootedSteadyMs: 0 } as const;
const installing = { state: 'installing', bootedSteadyMs: 0, answeredSteadyMs: 0 } as const;
const NEVER: InstallPolicy = {
  attempts: 2,
  expireHours: 'never',
  bootMinutes: 'never',
  quietMinutes: 'never',
  totalMinutes: 'never',
};

for (const [what, change, steadyMs, expected] of [
  ['one that expires is armed until then', { expiresSteadyMs: HOUR }, HOUR - 1, undefined],
  ['and no longer', { expiresSteadyMs: HOUR }, HOUR, /^expired: the machine did not boot/],
  ['one that never expires is armed for ever', {}, 1e15, undefined],
  ['a machine that boots has an hour to its answer file', booting, HOUR - 1, undefined],
  [
    'and then it has failed',
    booting,
    HOUR,
    /^timedOut: the installer was offered, and for 60 min nobody read/,
  ],
  ['an installer may be silent for 90 minutes', installing, 90 * MINUTE - 1, undefined],
  [
    'and then it has failed, with where it was',
    { ...installing, percent: 40, step: 'packages', reportedSteadyMs: HOUR },
    HOUR + 90 * MINUTE,
    /^timedOut: nothing was heard of the installer for 90 min, since it was at 40 % \(packages\)/,
  ],
  [
    'what it says begins the time anew',
    { ...installing, reportedSteadyMs: HOUR },
    HOUR + 90 * MINUTE - 1,
    undefined,
  ],
  [
    'an installer that talks for ever ends after eight hours',
    { ...installing, reportedSteadyMs: 8 * HOUR - 1 },
    8 * HOUR,
    /^timedOut: the installer did not end within 8 h; it was before it said/,
  ],
] as const) {
  test(what, () => {
    const timeout = decideTimeout(
      install(change),
      DEFAULT_INSTALL_POLICY,
      { steadyMs },
      { listeningSinceMs: LONG_AGO },
    );
    const told = timeout && `${timeout.event}: ${timeout.because}`;
    if (expected === undefined) expect(told).toBeUndefined();
    else expect(told).toMatch(expected);
  });
}

for (const change of [booting, installing]) {
  test(`what a machine that is ${change.state} said while Muster did not run is no silence`, () => {
    const at = (steadyMs: number) =>
      decideTimeout(install(change), DEFAULT_INSTALL_POLICY, { steadyMs }, { listeningSinceMs: 100 * HOUR })
        ?.event;
    expect(at(100 * HOUR)).toBeUndefined();
    expect(at(101 * HOUR - 1)).toBeUndefined();
    expect(at(101.5 * HOUR)).toBe('timedOut');
  });

  test(`where all times are "never" nothing ends one that is ${change.state}`, () => {
    expect(
      decideTimeout(install(change), NEVER, { steadyMs: 1e15 }, { listeningSinceMs: LONG_AGO }),
    ).toBeUndefined();
  });
}

test('one from before a machine had times begins them when Muster starts', () => {
  for (const state of ['booting', 'installing'] as const) {
    expect(
      decideTimeout(install({ state }), DEFAULT_INSTALL_POLICY, { steadyMs: 1 }, { listeningSinceMs: 0 }),
    ).toBeUndefined();
  }
});

test('what is over has no time', () => {
  for (const state of INSTALL_STATES.filter(isOver)) {
    const over = install({ state, expiresSteadyMs: 0, bootedSteadyMs: 0 });
    expect(
      decideTimeout(over, DEFAULT_INSTALL_POLICY, { steadyMs: 1e15 }, { listeningSinceMs: LONG_AGO }),
    ).toBeUndefined();
  }
});

test('an installer of which a line of its log was heard is not silent', () => {
  const at = (steadyMs: number) => {
    const hearing = { listeningSinceMs: LONG_AGO, heardMs: HOUR };
    return decideTimeout(install(installing), DEFAULT_INSTALL_POLICY, { steadyMs }, hearing)?.event;
  };
  expect(at(HOUR + 90 * MINUTE - 1)).toBeUndefined();
  expect(at(HOUR + 90 * MINUTE)).toBe('timedOut');
});
