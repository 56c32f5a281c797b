import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { InstallLogs, type InstallLogLimits } from './install-logs.ts';

const ONE = 'i-000000000001';
const TWO = 'i-000000000002';
const THREE = 'i-000000000003';

let folder: string;
let open: Set<string>;
let faults: unknown[];
/** Of the clock from outside; files from before have times of their own. */
let nowMs: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-logs-'));
  open = new Set();
  faults = [];
  nowMs = Date.now();
});
afterEach(() => rmSync(folder, { recursive: true }));

async function started(limits: Partial<InstallLogLimits> = {}): Promise<InstallLogs> {
  const logs = new InstallLogs({
    folder,
    limits: { installBytes: 1_000, totalBytes: 10_000, ...limits },
    isOpen: async (id) => open.has(id),
    clock: { nowMs: () => nowMs },
    failed: (error) => void faults.push(error),
  });
  await logs.start();
  return logs;
}

async function text(logs: InstallLogs, id: string, offset = 0): Promise<string> {
  return Buffer.from(await logs.read(id, offset, 1_000_000)).toString('utf8');
}

test('lines are appended in their order, each install in a file of its own that only its owner reads', async () => {
  const logs = await started();
  logs.append(ONE, ['a', 'b']);
  logs.append(TWO, ['x']);
  logs.append(ONE, ['c']);
  await logs.settled();
  expect(await text(logs, ONE)).toBe('a\nb\nc\n');
  expect(readFileSync(join(folder, `${TWO}.log`), 'utf8')).toBe('x\n');
  expect(statSync(join(folder, `${ONE}.log`)).mode & 0o777).toBe(0o600);
  expect([logs.size(ONE), logs.size(TWO), logs.totalBytes]).toEqual([6, 2, 8]);
});

test('lines are on disk by themselves, and who listens is told', async () => {
  const logs = await started();
  const told = new Promise<void>((resolve) => void logs.listen(ONE, resolve));
  logs.append(ONE, ['a']);
  await told;
  expect(readFileSync(join(folder, `${ONE}.log`), 'utf8')).toBe('a\n');
});

test('what was kept before a restart is there, and goes on', async () => {
  const before = await started();
  before.append(ONE, ['a']);
  await before.close();
  const logs = await started();
  expect(logs.size(ONE)).toBe(2);
  logs.append(ONE, ['b']);
  await logs.settled();
  expect(await text(logs, ONE)).toBe('a\nb\n');
});

for (const [lines, expected] of [
  [0, ''],
  [1, 'line 299\n'],
  [2, 'line 298\nline 299\n'],
  [1_000, undefined],
] as const) {
  test(`the last ${lines} lines`, async () => {
    const logs = await started({ installBytes: 1_000_000 });
    const all = Array.from({ length: 300 }, (_, index) => `line ${index}`);
    logs.append(ONE, all);
    await logs.settled();
    const whole = `${all.join('\n')}\n`;
    expect(await text(logs, ONE, await logs.tailOffset(ONE, lines))).toBe(expected ?? whole);
  });
}

test('the last lines of a log larger than what is read at once', async () => {
  const logs = await started({ installBytes: 10_000_000, totalBytes: 20_000_000 });
  const all = Array.from({ length: 2_000 }, (_, index) => `${index} ${'x'.repeat(200)}`);
  logs.append(ONE, all);
  await logs.settled();
  const tail = await text(logs, ONE, await logs.tailOffset(ONE, 1_500));
  expect(tail).toBe(`${all.slice(-1_500).join('\n')}\n`);
});

test('a full log says so in its last line, once, and counts what is not kept', async () => {
  const logs = await started({ installBytes: 20 });
  logs.append(ONE, ['0123456789', '0123456789', 'more']);
  logs.append(ONE, ['even more']);
  await logs.settled();
  logs.append(ONE, ['and more']);
  await logs.settled();
  expect(await text(logs, ONE)).toBe(
    '0123456789\nmuster: this log has its 20 bytes, and what comes now is not kept\n',
  );
  expect(Object.fromEntries(logs.fates.counts)).toEqual({ kept: 1, full: 4 });
});

test('where all of it is full, the log goes that was over first, and never one that is under way', async () => {
  for (const [id, hour] of [
    [ONE, 1],
    [TWO, 2],
    [THREE, 3],
  ] as const) {
    const path = join(folder, `${id}.log`);
    writeFileSync(path, `${'x'.repeat(99)}\n`);
    utimesSync(path, hour * 3600, hour * 3600);
  }
  open = new Set([ONE]);
  const logs = await started({ totalBytes: 350 });
  logs.append('i-00000000000a', ['y'.repeat(99)]);
  await logs.settled();
  expect(readdirSync(folder).sort()).toEqual([`${ONE}.log`, `${THREE}.log`, 'i-00000000000a.log']);
  expect(logs.totalBytes).toBe(300);
  open = new Set([ONE, THREE, 'i-00000000000a']);
  logs.append('i-00000000000b', ['z'.repeat(99)]);
  await logs.settled();
  expect(logs.size('i-00000000000b')).toBe(0);
  expect(logs.fates.counts.get('full')).toBe(1);
});

test('names that are no id of an install reach no file', async () => {
  const logs = await started();
  logs.append('../../etc/x', ['a']);
  await logs.settled();
  expect([readdirSync(folder), logs.size('../../etc/x')]).toEqual([[], 0]);
});

test('a link in the place of a log is not followed; the trouble is told once', async () => {
  symlinkSync('/tmp/muster-nowhere', join(folder, `${ONE}.log`));
  const logs = new InstallLogs({
    folder,
    limits: { installBytes: 1_000, totalBytes: 10_000 },
    isOpen: async () => true,
    clock: { nowMs: () => nowMs },
    failed: (error) => void faults.push(error),
  });
  logs.append(ONE, ['a']);
  await logs.settled();
  logs.append(ONE, ['b']);
  await logs.settled();
  expect(faults).toHaveLength(1);
  expect(logs.fates.counts.get('not written')).toBe(2);
});

test('room is never made by taking away the log that grows, though its install is over', async () => {
  const logs = await started({ totalBytes: 250 });
  logs.append(ONE, ['x'.repeat(99)]);
  await logs.settled();
  nowMs += 1_000;
  logs.append(TWO, ['y'.repeat(99)]);
  await logs.settled();
  logs.append(ONE, ['z'.repeat(99)]);
  await logs.settled();
  expect(readdirSync(folder)).toEqual([`${ONE}.log`]);
  expect(await text(logs, ONE)).toBe(`${'x'.repeat(99)}\n${'z'.repeat(99)}\n`);
  expect([logs.size(ONE), logs.totalBytes]).toEqual([200, 200]);
});

test('which log was written to longest ago is told by the clock from outside', async () => {
  const logs = await started({ totalBytes: 250 });
  nowMs = 2_000;
  logs.append(ONE, ['x'.repeat(99)]);
  await logs.settled();
  nowMs = 1_000;
  logs.append(TWO, ['y'.repeat(99)]);
  await logs.settled();
  logs.append(THREE, ['z'.repeat(99)]);
  await logs.settled();
  expect(readdirSync(folder).sort()).toEqual([`${ONE}.log`, `${THREE}.log`]);
});

test('a log that was full before a restart is full after it, though a shorter line would fit', async () => {
  const before = await started();
  before.append(ONE, ['a', 'x'.repeat(1_000)]);
  await before.close();
  const whole = readFileSync(join(folder, `${ONE}.log`), 'utf8');
  expect(whole).toMatch(/^a\nmuster: this log has its 1000 bytes/);
  const logs = await started();
  logs.append(ONE, ['b']);
  await logs.settled();
  expect(await text(logs, ONE)).toBe(whole);
  expect(Object.fromEntries(logs.fates.counts)).toEqual({ kept: 0, full: 1 });
});
