import { expect, test } from 'vitest';
import { hashHere } from '../suite/hash-here.ts';
import { hidePasswords } from './hide-passwords.ts';

test('a password is kept as its hash, in place of the hash before', async () => {
  const given = { root_password: 'secret', root_password_hash: '$6$old$x', timezone: 'Etc/UTC' };
  expect(await hidePasswords(given, hashHere)).toEqual({
    done: true,
    variables: { root_password_hash: expect.stringMatching(/^\$6\$[^$]{16}\$/), timezone: 'Etc/UTC' },
  });
});

test("the first user's password is hashed too, and nothing else changes", async () => {
  const hidden = await hidePasswords({ user_password: 'word', user: 'anna' }, hashHere);
  expect(hidden).toMatchObject({ variables: { user: 'anna', user_password_hash: expect.any(String) } });
  expect(JSON.stringify(hidden)).not.toContain('word"');
  expect(await hidePasswords({ user: 'anna' }, hashHere)).toEqual({
    done: true,
    variables: { user: 'anna' },
  });
});

test('one that cannot be a password is refused by the name of its variable, and not repeated', async () => {
  expect(await hidePasswords({ root_password: 'se\ncret' }, hashHere)).toEqual({
    done: false,
    no: 'refused',
    because:
      'variable root_password: The password holds a line break or NUL, which nobody can type at a log-in',
  });
});
