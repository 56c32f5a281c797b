import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ByteSource, sourceOfBytes } from '../../lib/byte-source.ts';
import { makeMemoryFolder } from '../../os/suite/memory-folder.ts';
import { OverlayFiles } from './overlay-files.ts';

let home = '';
let overlays: OverlayFiles;

beforeEach(() => {
  home = makeMemoryFolder('muster-overlay-');
  overlays = new OverlayFiles({ folder: home });
});
afterEach(() => rmSync(home, { recursive: true }));

function put(path: string, content: string | Uint8Array): string {
  const place = join(home, 'web/initrd', path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, content);
  return place;
}

/** Writes what it is given in capitals. */
const render = async (text: string) => ({ rendered: true, text: text.toUpperCase() }) as const;

function watched(bytes: Uint8Array): ByteSource & { readonly closed: () => number } {
  let closed = 0;
  const source = sourceOfBytes(bytes);
  return {
    size: source.size,
    read: (offset, length) => source.read(offset, length),
    close: async () => {
      closed += 1;
    },
    closed: () => closed,
  };
}

async function append(initrd: ByteSource | undefined): Promise<Buffer> {
  const found = await overlays.append('web', initrd, render);
  if (!found.found) throw new Error(found.because);
  const bytes = await found.source.read(0, found.source.size);
  await found.source.close();
  return Buffer.from(bytes);
}

test('a profile without a folder, and one with an empty folder, have no overlay', async () => {
  expect(await overlays.has('web')).toBe(false);
  mkdirSync(join(home, 'web/initrd'), { recursive: true });
  expect(await overlays.has('web')).toBe(false);
  put('a', '');
  expect(await overlays.has('web')).toBe(true);
  expect(await overlays.has('other')).toBe(false);
});

describe.skipIf(spawnSync('cpio', ['--version']).status !== 0)(
  'the files stand behind the initrd (skipped where cpio is not installed)',
  () => {
    function unpack(archive: Uint8Array): string {
      const folder = join(home, 'unpacked');
      mkdirSync(folder);
      const { status, stderr } = spawnSync('cpio', ['-idm', '--quiet'], { cwd: folder, input: archive });
      if (status !== 0) throw new Error(stderr.toString());
      return folder;
    }

    test('as they are: small and large, programs and links; templates rendered', async () => {
      const large = Buffer.alloc(200_001, 'x');
      put('etc/small', 'small');
      chmodSync(put('usr/bin/tool', '#!/bin/sh\n'), 0o755);
      put('usr/lib/firmware/one.bin', large);
      put('usr/lib/firmware/two.bin', large.subarray(0, 70_000));
      put('etc/secret.conf.j2', 'for {{ machine }}');
      symlinkSync('small', join(home, 'web/initrd/etc/link'));
      mkdirSync(join(home, 'web/initrd/empty'));
      const initrd = watched(Buffer.from('packed initrd of 23 byt'));
      const whole = await append(initrd);
      expect(whole.subarray(0, 24).toString('latin1')).toBe('packed initrd of 23 byt\0');
      expect(initrd.closed()).toBe(1);
      const folder = unpack(whole.subarray(24));
      expect(readFileSync(join(folder, 'etc/small'), 'utf8')).toBe('small');
      expect(lstatSync(join(folder, 'usr/bin/tool')).mode & 0o777).toBe(0o755);
      expect(readFileSync(join(folder, 'usr/lib/firmware/one.bin')).equals(large)).toBe(true);
      expect(readFileSync(join(folder, 'usr/lib/firmware/two.bin'))).toHaveLength(70_000);
      expect(readFileSync(join(folder, 'etc/secret.conf'), 'utf8')).toBe('FOR {{ MACHINE }}');
      expect(readlinkSync(join(folder, 'etc/link'))).toBe('small');
      expect(lstatSync(join(folder, 'empty')).isDirectory()).toBe(true);
    });

    test('alone, where the image has no initrd; and parts of it are read by ranges', async () => {
      put('a', Buffer.alloc(100_000, 'a'));
      const whole = await append(undefined);
      expect(readFileSync(join(unpack(whole), 'a'), 'latin1')).toBe('a'.repeat(100_000));
      const found = await overlays.append('web', undefined, render);
      if (!found.found) throw new Error(found.because);
      for (const [offset, length] of [
        [0, 6],
        [100, 300],
        [99_990, 700],
      ] as const)
        expect(await found.source.read(offset, length)).toEqual(
          new Uint8Array(whole.subarray(offset, offset + length)),
        );
      await found.source.close();
    });
  },
);

describe('an overlay is refused whole, with the reason, and nothing stays open', () => {
  for (const [what, make, because] of [
    [
      'what would break a link of the initrd',
      () => put('lib/modules/a.ko', ''),
      /put it at usr\/lib instead/,
    ],
    ['a template that cannot be rendered', () => put('a.j2', 'bad'), /a\.j2: line 1/],
    [
      'too many files',
      () => {
        for (let index = 0; index <= 2_000; index += 1) put(`f${index}`, '');
      },
      /more than 2000 files/,
    ],
    ['a pipe', () => spawnSync('mkfifo', [join(dirname(put('a', '')), 'pipe')]), /"pipe" is a named pipe/],
  ] as const) {
    test(what, async () => {
      put('0-large', Buffer.alloc(70_000));
      make();
      const initrd = watched(new Uint8Array(4));
      const found = await overlays.append('web', initrd, async () => ({
        rendered: false,
        because: 'line 1: no',
      }));
      expect(found).toEqual({ found: false, because: expect.stringMatching(because) });
      expect(initrd.closed()).toBe(1);
    });
  }

  test('a link is never followed, so nothing outside gets in', async () => {
    writeFileSync(join(home, 'secret'), 'secret');
    put('a', '');
    symlinkSync('../../secret', join(home, 'web/initrd/out'));
    expect((await append(undefined)).toString('latin1')).not.toContain('secret\0\0\0secret');
    expect((await append(undefined)).toString('latin1')).toContain('../../secret');
  });
});
