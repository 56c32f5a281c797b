import { describe, expect, test } from 'vitest';
import { parseMac } from '../../lib/addresses.ts';
import { IpxeRounds, isIpxeProgram, MAX_ROUNDS, ONE_ROUND_MS } from './ipxe-rounds.ts';

const MAC = parseMac('52:54:00:12:34:56');

describe('by its name a file', () => {
  for (const [file, expected] of [
    ['undionly.kpxe', true],
    ['boot/undionly.kkpxe', true],
    ['ipxe.pxe', true],
    ['ipxe.efi', true],
    ['ipxe/snponly.efi', true],
    ['ipxe-x86_64.efi', true],
    ['http://192.0.2.1:8080/boot/snponly.efi', true],
    ['pxelinux.0', false],
    ['lpxelinux.0', false],
    ['shimx64.efi', false],
    ['http://192.0.2.1/boot.ipxe', false],
  ] as const) {
    test(`${file} is ${expected ? '' : 'not '}iPXE`, () => expect(isIpxeProgram(file)).toBe(expected));
  }
});

describe('iPXE that was loaded', () => {
  const rounds = new IpxeRounds();
  rounds.told(MAC, 'undionly.kpxe', 7, 1000);

  test('is known when it asks by a message of its own', () => {
    expect(rounds.before(MAC, 8, 2000)).toBe('undionly.kpxe');
  });

  test('is not meant when the same program asks once more', () => {
    expect(rounds.before(MAC, 7, 2000)).toBeUndefined();
  });

  test('is known until its answer is acknowledged too', () => {
    rounds.told(MAC, 'http://192.0.2.1/boot/boot.ipxe', 8, 2000);
    expect(rounds.before(MAC, 8, 3000)).toBe('undionly.kpxe');
  });

  test('is forgotten in time', () => {
    expect(rounds.before(MAC, 8, 1001 + ONE_ROUND_MS)).toBeUndefined();
  });

  test('is one of so many at most', () => {
    const many = new IpxeRounds();
    many.told(MAC, 'ipxe.efi', 1, 0);
    for (let number = 0; number < MAX_ROUNDS; number += 1) {
      const digits = number.toString(16).padStart(6, '0');
      many.told(parseMac(`02:00:00:${digits.match(/../g)?.join(':') ?? ''}`), 'ipxe.efi', 1, 0);
    }
    expect(many.before(MAC, 2, 0)).toBeUndefined();
  });
});
