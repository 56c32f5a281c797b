import { describe, expect, test } from 'vitest';
import { decideInterruption } from './decide-interruption.ts';
import { decideRetry, nextTry, RETRY_WINDOW_MS } from './decide-retry.ts';
import type { Install } from './install.ts';
import { INSTALL_STATES, transitions } from './life.ts';

const cutOff: Install = {
  id: 'i-000000000001',
  machineId: 'm-1',
  profile: 'web',
  token: 'f'.repeat(32),
  state: 'installing',
  requestedAtMs: 5,
  changedAtMs: 6,
  step: 'packages',
  percent: 40,
  attempt: 1,
  attempts: 2,
  expiresSteadyMs: 10_000,
  bootedSteadyMs: 1_000,
  answeredSteadyMs: 2_000,
  reportedSteadyMs: 3_000,
};
const { percent: _percent, ...withoutPercent } = cutOff;
const { reportedSteadyMs: _reported, ...unheard } = cutOff;

describe('whether the next try is armed by itself', () => {
  for (const [what, install, event, retry, because] of [
    ['after a power cut', cutOff, 'bootedAgain', true, 'try 2 of 2 is armed'],
    [
      'after one of which only the start was reported',
      withoutPercent,
      'bootedAgain',
      true,
      'try 2 of 2 is armed',
    ],
    [
      'not where its disk probably boots',
      { ...cutOff, percent: 86 },
      'bootedAgain',
      false,
      /its disk probably boots/,
    ],
    [
      'not where it never reported, since it may have reached its end',
      unheard,
      'bootedAgain',
      false,
      /never reported anything/,
    ],
    [
      'not after the last',
      { ...cutOff, attempt: 2 },
      'bootedAgain',
      false,
      'this was the last of its 2 tries',
    ],
    ['not where there is one', { ...cutOff, attempts: 1 }, 'bootedAgain', false, 'it had one try'],
    [
      'after a machine that never came to its installer',
      { ...unheard, state: 'booting' },
      'timedOut',
      true,
      'try 2 of 2 is armed',
    ],
    [
      'not while its installer may still be at work',
      cutOff,
      'timedOut',
      false,
      /the installer may still be at work/,
    ],
  ] as const) {
    test(what, () => {
      expect(decideRetry(install, event)).toMatchObject({
        retry,
        because: typeof because === 'string' ? because : expect.stringMatching(because),
      });
    });
  }

  test('no other event is a matter of trying again, least of all a failure that its installer reports', () => {
    for (const { event } of transitions()) {
      if (event === 'bootedAgain' || event === 'timedOut') continue;
      expect(decideRetry(cutOff, event), event).toBeUndefined();
    }
  });
});

test('the next try is a new install, which begins with nothing', () => {
  const ids = { id: 'i-000000000002', token: '0'.repeat(32) };
  expect(nextTry(cutOff, ids, { wallMs: 7, steadyMs: 9_000 })).toEqual({
    ...ids,
    machineId: 'm-1',
    profile: 'web',
    state: 'requested',
    requestedAtMs: 7,
    changedAtMs: 7,
    attempt: 2,
    attempts: 2,
    retryOf: 'i-000000000001',
    expiresSteadyMs: 9_000 + RETRY_WINDOW_MS,
  });
});

test('the next try does not expire before the first would have, nor where that never did', () => {
  const ids = { id: 'i-000000000002', token: '0'.repeat(32) };
  const now = { wallMs: 7, steadyMs: 9_000 };
  const late = { ...cutOff, expiresSteadyMs: 1e12 };
  expect(nextTry(late, ids, now).expiresSteadyMs).toBe(1e12);
  const { expiresSteadyMs: _never, ...forever } = cutOff;
  expect(nextTry(forever, ids, now)).not.toHaveProperty('expiresSteadyMs');
});

describe('a boot loader that asks', () => {
  test('shows that an installer which had its answer file was cut off', () => {
    expect(decideInterruption(cutOff, { steadyMs: 121_000 })).toEqual({
      interrupted: true,
      installId: 'i-000000000001',
      because:
        'the machine booted anew while its installer was at 40 % (packages), 2 min after its first boot: its power was cut, or it was reset',
    });
  });

  for (const state of INSTALL_STATES.filter((one) => one !== 'installing')) {
    test(`shows nothing of one that is ${state}`, () => {
      expect(decideInterruption({ ...cutOff, state }, { steadyMs: 121_000 })).toEqual({ interrupted: false });
    });
  }

  test('shows nothing where nothing was ever armed', () => {
    expect(decideInterruption(undefined, { steadyMs: 1 })).toEqual({ interrupted: false });
  });
});
