import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashPassword } from '../../src/services/answers/hash-password.ts';

function run(program: string, words: readonly string[], password: string): string {
  const { stdout, stderr, status } = spawnSync(program, words, { input: `${password}\n`, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout.trimEnd();
}

const letter = fc.oneof(
  fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 1 }),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
);
const password = fc
  .string({ unit: letter, minLength: 1, maxLength: 100 })
  .filter((text) => !/[\0\r\n]|\p{Cs}/u.test(text) && Buffer.byteLength(text) <= 250);
const salt = fc.string({ unit: fc.constantFrom('a', 'Z', '0', '.', '/'), minLength: 8, maxLength: 16 });

test('any password gets the hash that OpenSSL and the libcrypt of this system make of it', () => {
  fc.assert(
    fc.property(password, salt, (text, grain) => {
      const hash = hashPassword(text, undefined, grain);
      expect(run('openssl', ['passwd', '-6', '-salt', grain, '-stdin'], text)).toBe(hash);
      expect(run('mkpasswd', ['-m', 'sha512crypt', '-S', grain, '-s'], text)).toBe(hash);
    }),
    { numRuns: 100 },
  );
});

test('and so with other rounds', () => {
  for (const rounds of [1_000, 1_001, 4_999, 20_000]) {
    const hash = hashPassword('Straße 7', rounds, 'saltsalt');
    expect(
      run('mkpasswd', ['-m', 'sha512crypt', '-R', String(rounds), '-S', 'saltsalt', '-s'], 'Straße 7'),
    ).toBe(hash);
  }
});
