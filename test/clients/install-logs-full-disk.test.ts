import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';

const run = promisify(execFile);
const DISK_BYTES = 64 * 1024;
const BALLAST_BYTES = 40_000;
const LINE_LENGTH = 999;
const INSTALL = 'i-000000000001';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-small-disk-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Writes a log on a disk that gets full in the middle of it, and goes on when there is room again. */
function program(disk: string): string {
  const logs = new URL('../../src/services/installs/install-logs.ts', import.meta.url).pathname;
  return `
    const { readFileSync, rmSync, writeFileSync } = await import('node:fs');
    const { InstallLogs } = await import(${JSON.stringify(logs)});
    const faults = [];
    const logs = new InstallLogs({
      folder: ${JSON.stringify(disk)},
      limits: { installBytes: 1_000_000, totalBytes: 2_000_000 },
      isOpen: async () => true,
      clock: { nowMs: () => Date.now() },
      failed: ({ code }) => void faults.push(code),
    });
    await logs.start();
    const write = async (letter, count) => {
      logs.append('${INSTALL}', Array(count).fill(letter.repeat(${LINE_LENGTH})));
      await logs.settled();
    };
    writeFileSync('${disk}/ballast', Buffer.alloc(${BALLAST_BYTES}));
    await write('a', 2);
    await write('b', 40);
    rmSync('${disk}/ballast');
    await write('c', 2);
    const text = readFileSync('${disk}/${INSTALL}.log', 'utf8');
    const read = Buffer.from(await logs.read('${INSTALL}', 0, 1_000_000)).toString();
    const tail = await logs.tailOffset('${INSTALL}', 1);
    const lines = text.split('\\n').map((line) => line.slice(0, 1) + line.length);
    const { totalBytes, fates } = logs;
    console.log(JSON.stringify({ faults, lines, isSame: text === read, tail, totalBytes, fates: [...fates.counts] }));
  `;
}

test('what a full disk takes of some lines is taken back: the log goes on behind its last whole line', async () => {
  const script = 'mount -t tmpfs -o size="$1" small "$2" && exec "$3" --import tsx --eval "$4"';
  const words = [script, 'sh', String(DISK_BYTES), folder, process.execPath, program(folder)];
  const { stdout } = await run('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', ...words]);
  expect(JSON.parse(stdout)).toEqual({
    faults: ['ENOSPC'],
    lines: ['a999', 'a999', 'c999', 'c999', '0'],
    isSame: true,
    tail: 3_000,
    totalBytes: 4_000,
    fates: [
      ['kept', 4],
      ['not written', 40],
    ],
  });
});
