import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Packing } from '../../core/mirrors/proof-lists.ts';
import { MAX_UNPACKED_BYTES, unpackList } from './unpack-list.ts';

/** Some hundred thousand bytes like those of a list: they can be packed, and not by much. */
const LIST = Array.from({ length: 4000 }, (_, at) => {
  const digest = createHash('sha256').update(String(at)).digest('hex');
  return `Package: p${at}\nFilename: pool/p${at}.deb\nSize: ${at}\nSHA256: ${digest}\n\n`;
}).join('');
const LIST_SHA256 = createHash('sha256').update(LIST).digest('hex');
const MISSING = ['xz', 'zstd', 'gzip'].filter((name) => spawnSync(name, ['--version']).status !== 0);

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-unpack-'));
  writeFileSync(join(folder, 'list'), LIST);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A file that a shell command writes to its standard output; `list` is there to be packed. */
function made(command: string): string {
  const path = join(folder, 'packed');
  const { status, stderr } = spawnSync('bash', ['-c', `set -o pipefail; (${command}) > packed`], {
    cwd: folder,
  });
  if (status !== 0) throw new Error(`${command} failed: ${String(stderr)}`);
  return path;
}

async function sha256Of(file: string, packing: Packing, maxBytes?: number): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of unpackList(file, packing, maxBytes)) hash.update(piece);
  return hash.digest('hex');
}

describe.skipIf(MISSING.length > 0)(`lists as real programs pack them ${MISSING.join(', ')}`, () => {
  for (const [packing, command] of [
    ['plain', 'cat list'],
    ['gzip', 'gzip -c list'],
    ['xz', 'xz -9 -c list'],
    ['xz', 'xz -0 -T2 --block-size=100000 -c list'],
    ['xz', 'xz --check=crc32 -c list'],
    ['xz', 'xz --check=none -c list'],
    ['xz', 'head -c 1000 list | xz -c; tail -c +1001 list | xz -c'],
    ['zstd', 'zstd -19 -c list'],
    ['zstd', 'zstd --fast=5 --no-check -c list'],
    ['zstd', 'cat list | zstd -T2 --long=27 -c'],
    ['zstd', 'head -c 1000 list | zstd -c; tail -c +1001 list | zstd -c'],
  ] as const)
    test(`${packing}: ${command}`, async () => {
      expect(await sha256Of(made(command), packing)).toBe(LIST_SHA256);
    });

  for (const [packing, what, command, reason] of [
    ['xz', 'one that needs much memory', 'xz --lzma2=dict=256MiB -c list', /more than 64 MiB of memory/],
    ['xz', 'a filter for programs', 'xz --x86 --lzma2 -c list', /a filter or a check of xz that is not read/],
    [
      'xz',
      'a check that nobody has',
      'xz --check=sha256 -c list',
      /a filter or a check of xz that is not read/,
    ],
    ['xz', 'another packing', 'gzip -c list', /not packed with xz/],
    ['xz', 'nothing', 'true', /it ends too early/],
    ['xz', 'rubbish behind it', 'xz -c list; echo rubbish that is long enough', /not packed with xz/],
    [
      'zstd',
      'one that needs much memory',
      'cat list | zstd --ultra --long=31 -c',
      /more than 128 MiB of memory/,
    ],
    ['zstd', 'another packing', 'gzip -c list', /it is damaged/],
    ['zstd', 'rubbish behind it', 'zstd -q -c list; echo rubbish', /it is damaged/],
    ['gzip', 'another packing', 'xz -c list', /incorrect header/],
  ] as const)
    test(`${packing} refuses ${what}, with its reason`, async () => {
      await expect(sha256Of(made(command), packing)).rejects.toThrow(reason);
    });

  for (const packing of ['gzip', 'xz', 'zstd'] as const) {
    test(`${packing} refuses a list of which a part is missing`, async () => {
      const file = made(`${packing} -c list`);
      truncateSync(file, statSync(file).size - 1000);
      await expect(sha256Of(file, packing)).rejects.toThrow(
        /ends too early|Incomplete stream|unexpected end/,
      );
    });

    test(`${packing} refuses a list of which one byte was changed`, async () => {
      const file = made(`${packing} -c list`);
      const bytes = readFileSync(file);
      const middle = Math.floor(bytes.length / 2);
      bytes.writeUInt8(bytes.readUInt8(middle) ^ 0x10, middle);
      writeFileSync(file, bytes);
      await expect(sha256Of(file, packing)).rejects.toThrow(/damaged|incorrect|invalid/);
    });

    test(`${packing} refuses a small file that holds very much, as soon as it is too much`, async () => {
      const file = made(`head -c 100000000 /dev/zero | ${packing} -c`);
      expect(statSync(file).size).toBeLessThan(110_000);
      let [bytes, pieces] = [0, 0];
      const read = async (): Promise<void> => {
        for await (const piece of unpackList(file, packing, 5_000_000)) {
          bytes += piece.length;
          pieces += 1;
        }
      };
      await expect(read()).rejects.toThrow('it has more than 5000000 bytes when it is unpacked');
      expect(bytes).toBeLessThanOrEqual(5_000_000);
      expect(bytes / pieces).toBeLessThanOrEqual(131_072);
    });
  }

  test('what Muster takes at the most is known: a gigabyte of nothing is refused, however small its file is', async () => {
    const file = made(`head -c ${MAX_UNPACKED_BYTES + 1} /dev/zero | zstd -c`);
    expect(statSync(file).size).toBeLessThan(100_000);
    await expect(sha256Of(file, 'zstd')).rejects.toThrow(`it has more than ${MAX_UNPACKED_BYTES} bytes`);
  });

  test('others have their turn after every piece, however fast they come', async () => {
    const file = made('head -c 20000000 /dev/zero | zstd -c');
    let [pieces, withoutTurn, longest, isOver] = [0, 0, 0, false];
    const turn = (): void => {
      withoutTurn = 0;
      if (!isOver) setImmediate(turn);
    };
    turn();
    for await (const piece of unpackList(file, 'zstd')) {
      pieces += 1;
      withoutTurn += 1;
      longest = Math.max(longest, withoutTurn);
      // Work that takes longer than unpacking, so that the next piece is always there.
      for (let again = 0; again < 20; again += 1) createHash('sha256').update(piece).digest();
    }
    isOver = true;
    expect(pieces).toBeGreaterThan(100);
    expect(longest).toBeLessThanOrEqual(2);
  });

  test('a reader that has enough ends its thread', async () => {
    const file = made('head -c 1000000000 /dev/zero | zstd -c');
    const threads = (): number => readdirSync('/proc/self/task').length;
    const before = threads();
    for (let reader = 0; reader < 6; reader += 1)
      for await (const piece of unpackList(file, 'zstd')) {
        expect(piece.every((byte) => byte === 0)).toBe(true);
        break;
      }
    // Those of Node's own that read files may have been added.
    expect(threads()).toBeLessThan(before + 6);
  });
});
