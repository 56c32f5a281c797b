import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EVENT_KINDS } from '../events/event-kinds.ts';
import { parseSelector } from '../machines/selector.ts';
import { matchesPattern, objectionToPattern, wantsEvent } from './match-event.ts';

describe('a pattern', () => {
  for (const [pattern, kind, fits] of [
    ['install.finished', 'install.finished', true],
    ['install.finished', 'install.failed', false],
    ['install.*', 'install.finished', true],
    ['install.*', 'installer.x', false],
    ['*', 'power.failed', true],
    ['*.failed', 'install.failed', true],
    ['*.failed', 'install.failedTwice', false],
    ['i*.f*d', 'install.finished', true],
    ['*install*', 'install.failed', true],
    ['aba*ba', 'aba', false],
    ['*', 'hook.dead', false],
    ['hook.*', 'hook.dead', false],
    ['INSTALL.*', 'install.failed', false],
  ] as const) {
    test(`"${pattern}" ${fits ? 'fits' : 'does not fit'} ${kind}`, () =>
      expect(matchesPattern(pattern, kind)).toBe(fits));
  }

  test('fits what a regular expression made of it would', () => {
    const letters = fc.constantFrom('a', 'b', '.', '*');
    const patterns = fc.array(letters, { maxLength: 8 }).map((all) => all.join(''));
    const kinds = fc.array(fc.constantFrom('a', 'b', '.'), { maxLength: 12 }).map((all) => all.join(''));
    fc.assert(
      fc.property(patterns, kinds, (pattern, kind) => {
        const expression = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll(/\*+/g, '.*')}$`);
        expect(matchesPattern(pattern, kind), `${pattern} ${kind}`).toBe(expression.test(kind));
      }),
      { numRuns: 2000 },
    );
  });

  for (const [pattern, because] of [
    ['install.*', undefined],
    ['instal.*', /fits no kind of event: docs\/events\.md has them all/],
    ['install.[a-z]', /letters, digits, "\." and "\*" are wanted/],
    ['', /is no kind of event/],
    ['hook.*', /no hook is told of hooks/],
  ] as const) {
    test(`"${pattern}" is ${because === undefined ? 'taken' : 'refused'}`, () => {
      const objection = objectionToPattern(pattern);
      if (because === undefined) expect(objection).toBeUndefined();
      else expect(objection).toMatch(because);
    });
  }
});

test('every kind but those about hooks can be asked for by its name', () => {
  const unheard = Object.keys(EVENT_KINDS).filter((kind) => objectionToPattern(kind) !== undefined);
  expect(unheard).toEqual(Object.keys(EVENT_KINDS).filter((kind) => kind.startsWith('hook.')));
});

describe('a hook with a selector', () => {
  const wish = { patterns: ['install.*'], selector: parseSelector('rack=a') };
  for (const [title, kind, labels, wants] of [
    ['wants what happens to machines with such labels', 'install.failed', { rack: 'a' }, true],
    ['wants nothing of others', 'install.failed', { rack: 'b' }, false],
    ['wants nothing of no machine', 'install.failed', undefined, false],
    ['wants nothing of another kind', 'power.done', { rack: 'a' }, false],
  ] as const) {
    test(title, () => expect(wantsEvent(wish, kind, labels)).toBe(wants));
  }
});
