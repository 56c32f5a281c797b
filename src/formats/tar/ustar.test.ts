import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { writeTar } from './ustar.ts';

const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const ARCHIVE = writeTar([
  { kind: 'folder', path: 'etc' },
  { kind: 'file', path: 'etc/empty', bytes: text(''), mode: 0o644 },
  { kind: 'file', path: 'etc/run.start', bytes: text('#!/bin/sh\n'.repeat(60)), mode: 0o755 },
  { kind: 'link', path: 'etc/local', target: '/etc/init.d/local' },
]);

describe('an archive of tar', () => {
  test('is read by tar, with types, modes, owners and sizes', () => {
    const { stdout, status } = spawnSync('tar', ['-tvf', '-', '--numeric-owner', '--utc'], {
      input: ARCHIVE,
      encoding: 'utf8',
    });
    expect(status).toBe(0);
    expect(stdout.split('\n')).toEqual([
      'drwxr-xr-x 0/0               0 1970-01-01 00:00 etc/',
      '-rw-r--r-- 0/0               0 1970-01-01 00:00 etc/empty',
      '-rwxr-xr-x 0/0             600 1970-01-01 00:00 etc/run.start',
      'lrwxrwxrwx 0/0               0 1970-01-01 00:00 etc/local -> /etc/init.d/local',
      '',
    ]);
  });

  test('gives its files back byte for byte', () => {
    const { stdout } = spawnSync('tar', ['-xOf', '-', 'etc/run.start'], { input: ARCHIVE, encoding: 'utf8' });
    expect(stdout).toBe('#!/bin/sh\n'.repeat(60));
  });

  test('is made of whole blocks, two of zeros at its end', () => {
    expect(ARCHIVE.length % 512).toBe(0);
    expect(ARCHIVE.subarray(-1024).every((byte) => byte === 0)).toBe(true);
  });

  for (const [what, entry] of [
    ['a name that is too long', { kind: 'folder', path: 'x'.repeat(100) }],
    ['a target that is too long', { kind: 'link', path: 'a', target: 'x'.repeat(101) }],
    ['a name with NUL in it', { kind: 'file', path: 'a\0b', bytes: text(''), mode: 0o644 }],
  ] as const) {
    test(`is refused for ${what}`, () => {
      expect(() => writeTar([entry])).toThrow(/it may have 100 bytes/);
    });
  }
});
