import fc from 'fast-check';
import { expect, test } from 'vitest';
import { after, INSTALL_STATES, type InstallEvent, isOver, OPEN_STATES, transitions } from './life.ts';

test('the states that are not over are the open ones', () => {
  expect(INSTALL_STATES.filter((state) => !isOver(state))).toEqual([...OPEN_STATES]);
});

test.each([
  ['requested', 'bootOffered', 'booting'],
  ['booting', 'answerServed', 'installing'],
  ['installing', 'finished', 'installed'],
  ['installing', 'failed', 'failed'],
  ['requested', 'cancelled', 'cancelled'],
  ['installed', 'diskBooted', 'installed'],
  ['requested', 'expired', 'expired'],
  ['booting', 'timedOut', 'failed'],
  ['installing', 'timedOut', 'failed'],
  ['installing', 'bootedAgain', 'failed'],
  ['failed', 'diskBooted', 'installed'],
] as const)('from %s, %s leads to %s', (from, event, to) => expect(after(from, event)).toBe(to));

test.each([
  ['an install that nobody booted cannot report success', 'requested', 'finished'],
  ['an installed machine is not offered the installer again', 'installed', 'bootOffered'],
  ['a cancelled install stays cancelled', 'cancelled', 'started'],
  ['an install that writes a disk is not offered again', 'installing', 'bootOffered'],
  ['an install that was tried is not offered again', 'failed', 'bootOffered'],
  ['an install that nobody booted was not cut off', 'requested', 'bootedAgain'],
  ['a machine that is offered its installer again is not cut off', 'booting', 'bootedAgain'],
  ['an install that a machine boots does not expire', 'booting', 'expired'],
  ['what expired stays so', 'expired', 'bootOffered'],
  ['a failed install does not finish', 'failed', 'finished'],
] as const)('%s', (_, from, event) => expect(after(from, event)).toBeUndefined());

test('over any sequence of events an install that is over never opens again', () => {
  const events = [...new Set(transitions().map(({ event }) => event))];
  fc.assert(
    fc.property(
      fc.constantFrom(...INSTALL_STATES),
      fc.array(fc.constantFrom<InstallEvent>(...events)),
      (first, sequence) => {
        let state = first;
        let over = isOver(state);
        for (const event of sequence) {
          state = after(state, event) ?? state;
          expect(over && !isOver(state)).toBe(false);
          over = isOver(state);
        }
      },
    ),
  );
});

test('these are all arrows of the life, and no other event changes anything', () => {
  const arrows = transitions().map(({ from, event, to }) => `${from} ${event} ${to}`);
  expect(arrows).toEqual([
    'requested bootOffered booting',
    'requested expired expired',
    'requested cancelled cancelled',
    'booting bootOffered booting',
    'booting answerServed installing',
    'booting started installing',
    'booting progressed installing',
    'booting finished installed',
    'booting failed failed',
    'booting timedOut failed',
    'booting cancelled cancelled',
    'installing answerServed installing',
    'installing started installing',
    'installing progressed installing',
    'installing finished installed',
    'installing failed failed',
    'installing timedOut failed',
    'installing bootedAgain failed',
    'installing cancelled cancelled',
    'installed diskBooted installed',
    'failed diskBooted installed',
  ]);
});
