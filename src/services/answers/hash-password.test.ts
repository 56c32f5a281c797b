import { describe, expect, test } from 'vitest';
import { MAX_ROUNDS } from '../../core/answers/sha512-crypt.ts';
import { hashPassword } from './hash-password.ts';

describe("the vectors of Drepper's specification", () => {
  for (const [salt, rounds, password, hash] of [
    [
      'saltstring',
      undefined,
      'Hello world!',
      '$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1',
    ],
    [
      'saltstringsaltst',
      10_000,
      'Hello world!',
      '$6$rounds=10000$saltstringsaltst$OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v.',
    ],
    [
      'anotherlongsalts',
      1_400,
      'a very much longer text to encrypt.  This one even stretches over morethan one line.',
      '$6$rounds=1400$anotherlongsalts$POfYwTEok97VWcjxIiSOjiykti.o/pQs.wPvMxQ6Fm7I6IoYN3CmLs66x9t0oSwbtEW7o7UmJEiDwGqd8p4ur1',
    ],
    [
      'short',
      77_777,
      'we have a short salt string but not a short password',
      '$6$rounds=77777$short$WuQyW2YR.hBNpjjRhpYD/ifIw05xdfeEyQoMxIXbkvr0gge1a1x3yRULJ5CCaUeOxFmtlcGZelFl5CxtgfiAc0',
    ],
    [
      'asaltof16chars..',
      123_456,
      'a short string',
      '$6$rounds=123456$asaltof16chars..$BtCwjqMJGx5hrJhZywWvt0RLE8uZ4oPwcelCjmw2kSYu.Ec6ycULevoBK25fs2xXgMNrCzIMVcgEJAstJeonj1',
    ],
  ] as const) {
    test(`${salt}, ${rounds ?? 'the usual'} rounds`, () => {
      expect(hashPassword(password, rounds, salt)).toBe(hash);
    });
  }
});

test('every hash has a salt of its own', () => {
  const hashes = Array.from({ length: 5 }, () => hashPassword('same', 1_000));
  expect(new Set(hashes).size).toBe(5);
  for (const hash of hashes) expect(hash).toMatch(/^\$6\$rounds=1000\$[./0-9A-Za-z]{16}\$[./0-9A-Za-z]{86}$/);
});

describe('what cannot be a password is refused, and not repeated', () => {
  for (const [name, password, rounds, because] of [
    ['nothing', '', undefined, /is empty/],
    ['two lines', 'secret\nword', undefined, /line break or NUL/],
    ['a very long one', 'secret'.repeat(100), undefined, /more than 511 bytes/],
    ['too few rounds', 'secret', 999, /999 rounds/],
    ['too many rounds', 'secret', MAX_ROUNDS + 1, /rounds/],
  ] as const) {
    test(name, () => {
      expect(() => hashPassword(password, rounds)).toThrow(because);
      expect(() => hashPassword(password, rounds)).not.toThrow(/secret/);
    });
  }
});
