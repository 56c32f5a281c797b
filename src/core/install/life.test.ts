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
] as const)('from %s, %s leads to %s', (from, event, to) => expect(after(from, event)).toBe(to));

test.each([
  ['an install that nobody booted cannot report success', 'requested', 'finished'],
  ['an installed machine is not offered the installer again', 'installed', 'bootOffered'],
  ['a cancelled install stays cancelled', 'cancelled', 'started'],
  ['an install that writes a disk is not offered again', 'installing', 'bootOffered'],
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
