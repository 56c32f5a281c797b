import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planPower, POWER_WISHES } from './plan-power.ts';
import { POWER_DRIVERS, POWER_STATES, POWER_STEPS } from './power-driver.ts';

const ALL = POWER_STEPS;
const WOL = POWER_DRIVERS.wol.can;
const NO_CYCLE = ['on', 'off'] as const;

describe('what is done for a wish', () => {
  for (const [title, wish, situation, expected] of [
    ['on, while it is off', 'on', { can: ALL, state: 'off' }, { steps: ['on'], until: 'on' }],
    ['on, while it is on', 'on', { can: ALL, state: 'on' }, { do: 'nothing' }],
    ['on, by wake-on-LAN', 'on', { can: WOL, state: 'not told' }, { steps: ['on'] }],
    ['off, by wake-on-LAN', 'off', { can: WOL, state: 'not told' }, { do: 'refuse' }],
    ['off, while nobody knows', 'off', { can: ALL, state: 'unknown' }, { steps: ['off'], until: 'off' }],
    ['cycle, while it is off', 'cycle', { can: ALL, state: 'off' }, { steps: ['on'], until: 'on' }],
    ['cycle, while it is on', 'cycle', { can: ALL, state: 'on' }, { steps: ['cycle'], until: 'on' }],
    ['cycle without a cycle', 'cycle', { can: NO_CYCLE, state: 'on' }, { steps: ['off', 'wait off', 'on'] }],
    ['reset, while it is off', 'reset', { can: ALL, state: 'off' }, { do: 'refuse' }],
    [
      'boot-network, while it is off',
      'boot-network',
      { can: ALL, state: 'off' },
      { steps: ['pxe-next', 'on'] },
    ],
    [
      'boot-network, while it is on',
      'boot-network',
      { can: ALL, state: 'on' },
      { steps: ['pxe-next', 'cycle'] },
    ],
    ['boot-network, by wake-on-LAN', 'boot-network', { can: WOL, state: 'not told' }, { steps: ['on'] }],
    ['boot-network without both', 'boot-network', { can: [], state: 'on' }, { do: 'refuse' }],
  ] as const) {
    test(title, () => expect(planPower(wish, situation)).toMatchObject(expected));
  }
});

const situations = fc.record({
  can: fc.subarray([...POWER_STEPS]),
  state: fc.constantFrom(...POWER_STATES, 'not told' as const),
});

test('whatever is wished and whatever can be done: only what can be done is, nothing is switched on that was to go off, and every plan has its reason', () => {
  fc.assert(
    fc.property(fc.constantFrom(...POWER_WISHES), situations, (wish, situation) => {
      const plan = planPower(wish, situation);
      expect(plan.because).not.toBe('');
      if (plan.do !== 'steps') return;
      const steps = plan.steps.filter((step) => step !== 'wait off');
      for (const step of steps) expect(situation.can).toContain(step);
      if (wish === 'off' || wish === 'shutdown') expect(steps).toEqual([wish]);
      if (wish === 'on') expect(steps).toEqual(['on']);
      if (wish === 'pxe-next') expect(steps).toEqual(['pxe-next']);
      else expect(steps.indexOf('pxe-next'), 'said before it boots').toBeLessThanOrEqual(0);
    }),
  );
});
