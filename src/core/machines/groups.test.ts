import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseProfile, type Group, groupsOf, inherit, originsOf } from './groups.ts';
import { parseSelector } from './selector.ts';

const MACHINE = {
  name: 'web-1',
  labels: { rack: 'a', role: 'web' },
  variables: { own: 'machine', both: 'machine' },
};

function group(name: string, selector: string, change: Partial<Group> = {}): Group {
  return { name, selector: parseSelector(selector), priority: 0, arguments: '', variables: {}, ...change };
}

describe('the groups of a machine', () => {
  for (const [title, groups, expected] of [
    ['are those whose selector holds', [group('a', 'rack=a'), group('b', 'rack=b')], ['a']],
    [
      'stand in the order of their priority, whatever their selectors say',
      [group('high', 'rack=a', { priority: 5 }), group('low', 'rack=a,role=web', { priority: -5 })],
      ['low', 'high'],
    ],
    [
      'stand, where the priority is equal, with the one last that says most',
      [group('narrow', 'rack=a,role=web'), group('wide', 'rack')],
      ['wide', 'narrow'],
    ],
    [
      'stand, where all else is equal, with the first by name last',
      [group('a', 'rack=a'), group('b', 'role=web'), group('c', 'rack')],
      ['c', 'b', 'a'],
    ],
    ['are none where the selector is empty', [group('all', '')], []],
  ] as const) {
    test(title, () => {
      expect(groupsOf(MACHINE, groups).map((one) => one.group.name)).toEqual(expected);
    });
  }

  test('come with the reason', () => {
    expect(groupsOf(MACHINE, [group('a', 'rack in (a,b),!old')])).toMatchObject([
      { because: 'rack is "a", old is not set' },
    ]);
  });

  test('are the same in whichever order they are kept', () => {
    const any = fc.record({
      selector: fc.constantFrom('rack=a', 'rack', 'role=web,rack=a', '!old', 'rack=b'),
      priority: fc.integer({ min: -2, max: 2 }),
    });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 8 }), fc.infiniteStream(fc.nat()), (drafts, keys) => {
        const groups = drafts.map(({ selector, priority }, at) => group(`g${at}`, selector, { priority }));
        const shuffled = groups
          .map((one) => ({ one, key: keys.next().value as number }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ one }) => one);
        expect(groupsOf(MACHINE, shuffled)).toEqual(groupsOf(MACHINE, groups));
      }),
    );
  });
});

describe('the profile of a machine', () => {
  for (const [title, groups, expected] of [
    [
      'is that of the group that wins of those that name one',
      [
        group('site', '!old', { profile: 'plain' }),
        group('web', 'rack=a,role=web', { profile: 'web' }),
        group('last', 'rack', { priority: 9 }),
      ],
      { profile: 'web', because: 'web-1 is in group web, since rack is "a", role is "web"' },
    ],
    [
      'is none where no group names one',
      [group('a', 'rack=a'), group('b', 'role=web')],
      { profile: undefined, because: 'none of the groups of web-1 names a profile: b, a' },
    ],
    ['is none in no group', [], { profile: undefined, because: 'web-1 is in no group' }],
  ] as const) {
    test(title, () => {
      expect(chooseProfile(MACHINE, groupsOf(MACHINE, groups))).toEqual(expected);
    });
  }
});

describe('what a machine inherits', () => {
  const GROUPS = [
    group('wide', 'rack', { arguments: 'quiet', variables: { own: 'wide', all: 'wide', some: 'wide' } }),
    group('narrow', 'rack=a,role=web', { arguments: 'console=ttyS1', variables: { some: 'narrow' } }),
    group('other', 'rack=b', { arguments: 'nomodeset', variables: { other: 'other' } }),
  ];
  const PROFILE = {
    name: 'plain',
    arguments: 'console=ttyS0',
    variables: { both: 'profile', all: 'profile' },
  };
  const memberships = groupsOf(MACHINE, GROUPS);

  test('is the words of its groups before those of the profile, and the variables of the profile over theirs', () => {
    expect(inherit(PROFILE, memberships)).toEqual({
      name: 'plain',
      arguments: 'quiet console=ttyS1 console=ttyS0',
      variables: { own: 'wide', all: 'profile', some: 'narrow', both: 'profile' },
    });
  });

  test('is the profile as it stands in no group', () => {
    expect(inherit(PROFILE, [])).toBe(PROFILE);
  });

  test('is told with where each part comes from', () => {
    const { variables, arguments: words } = originsOf(MACHINE, PROFILE, memberships);
    expect(variables.map(({ name, value, by }) => `${name}=${value} of ${by.kind} ${by.name}`)).toEqual([
      'all=profile of profile plain',
      'both=machine of machine web-1',
      'own=machine of machine web-1',
      'some=narrow of group narrow',
    ]);
    expect(words).toEqual([
      { words: 'quiet', by: { kind: 'group', name: 'wide' } },
      { words: 'console=ttyS1', by: { kind: 'group', name: 'narrow' } },
      { words: 'console=ttyS0', by: { kind: 'profile', name: 'plain' } },
    ]);
  });

  test('is told as templates get it', () => {
    const told = originsOf(MACHINE, PROFILE, memberships).variables.map(({ name, value }) => [name, value]);
    const given = { ...inherit(PROFILE, memberships).variables, ...MACHINE.variables };
    expect(Object.fromEntries(told)).toEqual(given);
  });
});
