import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
// Only for its type: so that a change of that program breaks this test when it is compiled.
import type { deliverUntilKilled } from './suite/deliver-until-killed.ts';
import { type Answer, HookReceiver } from './suite/hook-receiver.ts';

/** After so many events on disk the process is killed; the receiver is in trouble in between. */
const ROUNDS: readonly { readonly lines: number; readonly answers: readonly Answer[] }[] = [
  { lines: 40, answers: [] },
  { lines: 90, answers: [500] },
  { lines: 25, answers: ['reset', 503] },
  { lines: 60, answers: ['hang'] },
  { lines: 1, answers: [] },
];
const LAST_EVENTS = 20;

test('kill -9 loses no event for a hook, and keeps their order', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'muster-hooks-killed-'));
  const receiver = await HookReceiver.start();
  try {
    const onDisk = new Set<string>();
    for (const { lines, answers } of ROUNDS) {
      receiver.answers.push(...answers);
      const told = await runAndKill(
        [join(folder, 'muster.db'), receiver.url, 1_000_000],
        (told) => told.length >= lines,
      );
      for (const line of told) onDisk.add(line);
      receiver.answers.length = 0;
    }
    const last = await runAndKill(
      [join(folder, 'muster.db'), receiver.url, LAST_EVENTS],
      (told) => told.length >= LAST_EVENTS && `event ${receiver.eventIds.at(-1)}` === told.at(-1),
    );
    for (const line of last) onDisk.add(line);
    expectAllInOrder(receiver, [...onDisk]);
  } finally {
    await receiver.close();
    await rm(folder, { recursive: true });
  }
}, 120_000);

function expectAllInOrder(receiver: HookReceiver, onDisk: readonly string[]): void {
  const ids = receiver.received
    .map(({ body }) => JSON.parse(body) as { delivery: string; event: { id: number; kind: string } })
    .filter(({ event }) => event.kind === 'install.progressed')
    .map(({ delivery, event }) => {
      expect(delivery).toBe(`chat.${event.id}`);
      return event.id;
    });
  const firstTimes = [...new Set(ids)];
  expect(firstTimes, 'in order').toEqual([...firstTimes].sort((one, other) => one - other));
  const got = new Set(firstTimes.map((id) => `event ${id}`));
  expect(
    onDisk.filter((line) => !got.has(line)),
    'lost',
  ).toEqual([]);
  expect(firstTimes.length).toBeGreaterThan(200);
}

/** @returns every event the process said is on disk before it died. */
async function runAndKill(
  args: Parameters<typeof deliverUntilKilled>,
  enough: (told: readonly string[]) => boolean,
): Promise<readonly string[]> {
  const module = new URL('suite/deliver-until-killed.ts', import.meta.url).href;
  const code = `import(${JSON.stringify(module)}).then((it) => it.deliverUntilKilled(...${JSON.stringify(args)}))`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--eval', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const died = new Promise<NodeJS.Signals | null>((resolve) => {
    child.once('close', (_code, signal) => resolve(signal));
  });
  const lines: string[] = [];
  const look = setInterval(() => {
    if (enough(lines)) child.kill('SIGKILL');
  }, 5);
  try {
    for await (const line of createInterface(child.stdout)) lines.push(line);
  } finally {
    clearInterval(look);
    child.kill('SIGKILL');
  }
  expect(await died).toBe('SIGKILL');
  return lines;
}
