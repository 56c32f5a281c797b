import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { putSubnet } from '../suite/samples.ts';
import { openSqliteStores } from './open.ts';
// Only for its type: so that a change of that program breaks this test when it is compiled.
import type { writeUntilKilled } from './write-until-killed.ts';

const ROUNDS = 5;
const LINES_BEFORE_THE_KILL = [1, 30, 77, 150, 301];
const ADDRESSES_PER_ROUND = 10_000;

test('everything a killed process was told is on disk is there afterwards', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'muster-killed-'));
  const path = join(folder, 'muster.db');
  try {
    const first = await openSqliteStores(path);
    await putSubnet(first);
    await first.close();
    const told: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const lines = await runAndKill([path, round * ADDRESSES_PER_ROUND], LINES_BEFORE_THE_KILL[round] ?? 1);
      told.push(...lines);
      await expectAllThere(path, told);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}, 120_000);

/** @returns every line the process printed before it died in the middle of its work. */
async function runAndKill(
  args: Parameters<typeof writeUntilKilled>,
  lineCount: number,
): Promise<readonly string[]> {
  const module = new URL('write-until-killed.ts', import.meta.url).href;
  const code = `import(${JSON.stringify(module)}).then((it) => it.writeUntilKilled(...${JSON.stringify(args)}))`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--eval', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const died = new Promise<NodeJS.Signals | null>((resolve) => {
    child.once('close', (_code, signal) => resolve(signal));
  });
  const lines: string[] = [];
  try {
    for await (const line of createInterface(child.stdout)) {
      lines.push(line);
      if (lines.length === lineCount) child.kill('SIGKILL');
    }
  } finally {
    child.kill('SIGKILL');
  }
  expect(await died).toBe('SIGKILL');
  expect(lines.length).toBeGreaterThanOrEqual(lineCount);
  return lines;
}

async function expectAllThere(path: string, told: readonly string[]): Promise<void> {
  const stores = await openSqliteStores(path);
  try {
    const leases = (await stores.leases.list()).map(({ address }) => `lease ${address}`);
    const events = (await stores.events.list({}, 1_000_000)).map(({ id }) => `event ${id}`);
    const there = new Set([...leases, ...events]);
    expect(told.filter((line) => !there.has(line))).toEqual([]);
    expect(events).toEqual(events.map((_, at) => `event ${at + 1}`));
  } finally {
    await stores.close();
  }
}
