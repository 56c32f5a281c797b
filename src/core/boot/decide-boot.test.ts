import { expect, test } from 'vitest';
import { parseMac } from '../../lib/addresses.ts';
import type { Install } from '../install/install.ts';
import { INSTALL_STATES, type InstallState } from '../install/life.ts';
import type { Machine } from '../machines/machine.ts';
import { DEFAULT_POLICY } from '../policy/policy.ts';
import { decideBoot } from './decide-boot.ts';

const machine: Machine = {
  id: 'm-000000000001',
  name: 'web01',
  macs: [parseMac('52:54:00:00:00:01')],
  labels: {},
  variables: {},
  createdAtMs: 0,
};

function installIn(state: InstallState): Install {
  return {
    id: 'i-000000000001',
    machineId: machine.id,
    profile: 'centos',
    token: 'f'.repeat(32),
    state,
    requestedAtMs: 0,
    changedAtMs: 0,
    attempt: 1,
    attempts: 2,
  };
}

test.each([
  ['gets the menu', 'menu', 'menu', 'the machine is not known, and unknown machines get the menu'],
  [
    'is ignored where the policy says so',
    'ignore',
    'nothing',
    'the machine is not known, and unknown machines are ignored',
  ],
] as const)('an unknown machine %s', (_, unknownMachines, boot, because) => {
  expect(decideBoot(undefined, undefined, { ...DEFAULT_POLICY, unknownMachines })).toEqual({ boot, because });
});

test('a known machine without an install boots its own disk', () => {
  expect(decideBoot(machine, undefined, DEFAULT_POLICY)).toEqual({
    boot: 'local disk',
    because: 'no install was ever armed for web01',
  });
});

test.each(INSTALL_STATES)('in state %s the installer is given only while it has not started', (state) => {
  const plan = decideBoot(machine, installIn(state), DEFAULT_POLICY);
  expect(plan.boot).toBe(state === 'requested' || state === 'booting' ? 'installer' : 'local disk');
  expect(plan.because).toContain(`install i-000000000001`);
  expect(plan.because).toContain(state === 'installing' ? 'has not reported an end' : state);
});

test('asking twice gives the same plan', () => {
  for (const state of INSTALL_STATES) {
    const ask = () => decideBoot(machine, installIn(state), DEFAULT_POLICY);
    expect(ask()).toEqual(ask());
  }
});

test.each([
  ['it never had an install', undefined],
  ['its last install is over', installIn('failed')],
] as const)('a machine that waits in a wave gets the waiting menu where %s', (_, newest) => {
  const waiting = { wave: 'line', ahead: 3, isPaused: false };
  expect(decideBoot(machine, newest, DEFAULT_POLICY, waiting)).toEqual({
    boot: 'wait',
    wave: 'line',
    ahead: 3,
    because: 'it waits for its turn in wave line, with 3 before it',
  });
});

test('a machine that waits in a wave goes on with an install that is open', () => {
  const waiting = { wave: 'line', ahead: 3, isPaused: false };
  expect(decideBoot(machine, installIn('requested'), DEFAULT_POLICY, waiting)).toMatchObject({
    boot: 'installer',
  });
});
