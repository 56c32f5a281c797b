import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { type CpioEntry, encodeCpio } from './cpio-archive.ts';

const entries: readonly CpioEntry[] = [
  { kind: 'file', path: 'init', bytes: Buffer.from('#!/bin/sh\n'), executable: true },
  { kind: 'file', path: 'lib/modules/a.ko', bytes: Buffer.from('abc'), executable: false },
  { kind: 'link', path: 'bin/sh', target: 'busybox' },
  { kind: 'folder', path: 'proc' },
];

describe('encodeCpio', () => {
  test('writes headers, names and data on 4-byte borders and ends with the trailer', () => {
    const archive = encodeCpio(entries);
    expect(archive.length % 4).toBe(0);
    expect(archive.subarray(0, 6).toString()).toBe('070701');
    expect(archive.includes('TRAILER!!!\0')).toBe(true);
  });

  test('makes the folders a path runs through, once each and before what is in them', () => {
    const text = encodeCpio(entries).toString('latin1');
    expect(text.split('lib/modules\0')).toHaveLength(2);
    expect(text.indexOf('lib/modules\0')).toBeLessThan(text.indexOf('lib/modules/a.ko\0'));
  });

  test('gives the same bytes for the same entries', () => {
    expect(encodeCpio(entries).equals(encodeCpio(entries))).toBe(true);
  });

  for (const path of ['/init', '../init', 'a//b', './a', '']) {
    test(`refuses the path "${path}"`, () => {
      expect(() => encodeCpio([{ kind: 'folder', path }])).toThrow(RangeError);
    });
  }

  const cpio = spawnSync('cpio', ['--version']).status === 0;
  test.runIf(cpio)('is read back by cpio with modes and links', () => {
    const listed = spawnSync('cpio', ['-itv', '--quiet'], { input: encodeCpio(entries) });
    const rows = listed.stdout
      .toString()
      .trim()
      .split('\n')
      .map((row) => {
        const words = row.split(/\s+/);
        return `${words[0]} ${words.slice(8).join(' ')}`;
      });
    expect(rows).toEqual([
      '-rwxr-xr-x init',
      'drwxr-xr-x lib',
      'drwxr-xr-x lib/modules',
      '-rw-r--r-- lib/modules/a.ko',
      'drwxr-xr-x bin',
      'lrwxrwxrwx bin/sh -> busybox',
      'drwxr-xr-x proc',
    ]);
  });
});
