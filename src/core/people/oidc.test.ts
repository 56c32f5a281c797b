import { describe, expect, test } from 'vitest';
import { outsiderOf } from './oidc.ts';

const RULES = {
  roleClaim: 'groups',
  values: { viewer: ['*'], operator: ['lab', 'floor'], admin: ['ops'] },
} as const;
const CLAIMS = { iss: 'https://id.example', sub: '4711', preferred_username: 'anna' };

describe('whom an OpenID provider vouches for', () => {
  for (const [what, claims, expected] of [
    [
      'is who their subject says, by the name they like',
      CLAIMS,
      { subject: 'https://id.example 4711', name: 'anna' },
    ],
    [
      'is called by the address where there is no name',
      { ...CLAIMS, preferred_username: '', email: 'a@b.example' },
      { name: 'a@b.example' },
    ],
    [
      'is called by the name where there is nothing else',
      { ...CLAIMS, preferred_username: 7, name: 'Anna  Æ' },
      { name: 'Anna---' },
    ],
    ['is called by the subject at last', { iss: 'x', sub: '4711' }, { name: '4711' }],
    ['has the highest role of all groups', { ...CLAIMS, groups: ['x', 'floor', 'ops'] }, { role: 'admin' }],
    ['has the role of a group that is no list', { ...CLAIMS, groups: 'lab' }, { role: 'operator' }],
    ['has what everybody has', { ...CLAIMS, groups: [7, null] }, { role: 'viewer' }],
    [
      'is nobody without a subject',
      { iss: 'x', preferred_username: 'anna' },
      { because: 'the ID token names nobody' },
    ],
    [
      'is nobody whose name has no letter',
      { ...CLAIMS, preferred_username: '漢字' },
      { because: '"漢字" is no name that a user can have' },
    ],
  ] as const)
    test(what, () => expect(outsiderOf(claims, RULES)).toMatchObject(expected));

  test('may not log in where no group of theirs may', () => {
    const rules = { ...RULES, values: { ...RULES.values, viewer: [] } };
    expect(outsiderOf({ ...CLAIMS, groups: ['guests'] }, rules)).toEqual({
      because: 'anna is in none of the groups that may log in (claim "groups")',
    });
  });
});
