import { spawnSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { sourceOfBytes } from '../../lib/byte-source.ts';
import { joinSources } from '../../lib/joined-source.ts';
import { type CpioContent, type CpioEntry, encodeCpio, layOutCpio, layOutInitrd } from './newc.ts';

const entries: readonly CpioEntry[] = [
  { kind: 'file', path: 'init', bytes: Buffer.from('#!/bin/sh\n'), executable: true },
  { kind: 'file', path: 'lib/modules/a.ko', bytes: Buffer.from('abc'), executable: false },
  { kind: 'link', path: 'bin/sh', target: 'busybox' },
  { kind: 'folder', path: 'proc' },
  { kind: 'file', path: 'a/b/c/d/e/f/with some blanks', bytes: Buffer.from('deep'), executable: false },
  { kind: 'file', path: 'Größe 漢字 😀.cfg', bytes: Buffer.from('ä'), executable: false },
  { kind: 'file', path: 'empty', bytes: new Uint8Array(), executable: false },
  { kind: 'link', path: 'über', target: '../Größe 漢字' },
];

const BUSYBOX = 'busybox';
const textOf = (archive: Uint8Array): string => Buffer.from(archive).toString('latin1');

describe('encodeCpio', () => {
  test('writes headers, names and data on 4-byte borders and ends with the trailer', () => {
    const archive = encodeCpio(entries);
    expect(archive.length % 512).toBe(0);
    const text = textOf(archive);
    const headers = [...text.matchAll(/070701(?=[0-9A-F]{104})/g)].map(({ index }) => index);
    expect(headers).toHaveLength(entries.length + 9 + 1);
    expect(headers.filter((at) => at % 4 !== 0)).toEqual([]);
    expect(text).toMatch(/TRAILER!!!\0+$/);
  });

  test('makes the folders a path runs through, once each and before what is in them', () => {
    const text = textOf(encodeCpio(entries));
    expect(text.split('lib/modules\0')).toHaveLength(2);
    expect(text.indexOf('lib/modules\0')).toBeLessThan(text.indexOf('lib/modules/a.ko\0'));
  });

  test('gives the same bytes for the same entries', () => {
    expect(encodeCpio(entries)).toEqual(encodeCpio(entries));
  });

  for (const path of ['/init', '../init', 'a//b', './a', '', 'a/', 'a\0b', 'x'.repeat(4096)]) {
    test(`refuses the path "${path.slice(0, 20)}"`, () => {
      expect(() => encodeCpio([{ kind: 'folder', path }])).toThrow(RangeError);
    });
  }

  const file = (path: string): CpioEntry => ({
    kind: 'file',
    path,
    bytes: new Uint8Array(),
    executable: false,
  });
  for (const [what, clashing] of [
    ['a path through a file', [file('a'), file('a/b')]],
    ['a path through a link', [{ kind: 'link', path: 'a', target: 'b' }, file('a/b')]],
    ['a file where a folder is', [file('a/b'), file('a')]],
    ['a folder where a file is', [file('a'), { kind: 'folder', path: 'a' }]],
  ] as const) {
    test(`refuses ${what}`, () => expect(() => encodeCpio(clashing)).toThrow(/Cannot put "a/));
  }

  const cpio = spawnSync('cpio', ['--version']).status === 0;
  test.runIf(cpio)('is read back by cpio with modes and links (skipped where that is not installed)', () => {
    const listed = spawnSync('cpio', ['-itv', '--quiet'], { input: encodeCpio(entries.slice(0, 4)) });
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

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(spawnSync(BUSYBOX, ['cpio', '--help']).error !== undefined)(
  'what busybox unpacks (skipped where that is not installed)',
  () => {
    function unpack(archive: Uint8Array): string {
      const folder = mkdtempSync(join(tmpdir(), 'muster-cpio-'));
      made.push(folder);
      const { status, stderr } = spawnSync(BUSYBOX, ['cpio', '-i', '-d'], { cwd: folder, input: archive });
      if (status !== 0) throw new Error(stderr.toString());
      return folder;
    }

    test('has every name, byte, mode and target', () => {
      const folder = unpack(encodeCpio(entries));
      for (const entry of entries) {
        const path = join(folder, entry.path);
        if (entry.kind === 'link') expect(readlinkSync(path)).toBe(entry.target);
        else if (entry.kind === 'folder') expect(lstatSync(path).isDirectory()).toBe(true);
        else {
          expect(readFileSync(path)).toEqual(Buffer.from(entry.bytes));
          expect(lstatSync(path).mode & 0o777).toBe(entry.executable ? 0o755 : 0o644);
        }
      }
    });

    test('of an initrd with files behind it are those files', async () => {
      const { archive } = layOutInitrd(1_234_567, entries);
      expect(readFileSync(join(unpack(archive.bytes), 'init'), 'utf8')).toBe('#!/bin/sh\n');
    });
  },
);

test('a place that is left free for bytes is where they would be', () => {
  const bytes = Buffer.from('abcdefg');
  const at = (entry: (typeof entries)[number] | CpioContent) => layOutCpio([entries[0]!, entry, entries[1]!]);
  const whole = at({ kind: 'file', path: 'deep/x', bytes, executable: true });
  const free = at({ kind: 'content', path: 'deep/x', size: bytes.length, executable: true });
  const offset = free.contents.get('deep/x')!;
  expect(free.size).toBe(whole.size);
  const filled = new Uint8Array(free.size);
  for (const part of [...free.parts, { offset, bytes }]) filled.set(part.bytes, part.offset);
  expect(filled).toEqual(
    encodeCpio([entries[0]!, { kind: 'file', path: 'deep/x', bytes, executable: true }, entries[1]!]),
  );
});

describe('an initrd with files behind it', () => {
  for (const rest of [0, 1, 2, 3]) {
    test(`of ${rest} bytes more than a border has them on the next border`, async () => {
      const packed = gzipSync(encodeCpio([{ kind: 'folder', path: 'old' }]));
      const initrd = Buffer.concat([packed, Buffer.alloc(-packed.length & 3), Buffer.alloc(rest, 0x55)]);
      const { size, archive } = layOutInitrd(initrd.length, entries);
      const whole = await joinSources(size, [
        { offset: 0, source: sourceOfBytes(initrd) },
        { offset: archive.offset, source: sourceOfBytes(archive.bytes) },
      ]).read(0, size);
      expect(archive.offset % 4).toBe(0);
      expect(archive.offset - initrd.length).toBe(-initrd.length & 3);
      expect(Buffer.from(whole)).toEqual(
        Buffer.concat([initrd, new Uint8Array(-initrd.length & 3), encodeCpio(entries)]),
      );
    });
  }
});
