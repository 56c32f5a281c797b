import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, expect, test } from 'vitest';
import { describeInNamespace } from './namespace.ts';

/** Says `ready`, then waits; on SIGTERM it takes things down and ends with 3. */
const TIDY = `trap 'echo tidied; exit 3' TERM; echo ready; while :; do sleep 0.05; done`;
/** Asks for the signal and goes on. */
const STUBBORN = `trap '' TERM; echo ready; while :; do sleep 0.05; done`;

const running: ChildProcessWithoutNullStreams[] = [];

/** A process that runs a shell in namespaces of its own, as the lab and the benchmarks do; resolves when it is ready. */
async function runInside(script: string) {
  const source = `
    import { runInOwnNamespaces } from './src/lab/own-namespaces.ts';
    process.exitCode = await runInOwnNamespaces(['sh', '-c', ${JSON.stringify(script)}], process.env);`;
  const outside = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', source]);
  running.push(outside);
  const ended = once(outside, 'close');
  const lines: string[] = [];
  outside.stderr.resume();
  const spoken = createInterface({ input: outside.stdout }).on('line', (line) => lines.push(line));
  await Promise.race([once(spoken, 'line'), ended]);
  expect(lines).toEqual(['ready']);
  return { outside, lines, ended };
}

describeInNamespace('a command in namespaces of its own', () => {
  afterEach(() => {
    for (const child of running.splice(0)) child.kill('SIGKILL');
  });

  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const) {
    test(`hears a ${signal} of the process outside, tidies up, and its exit status is told`, async () => {
      const { outside, lines, ended } = await runInside(TIDY);
      outside.kill(signal);
      expect(await ended).toEqual([3, null]);
      expect(lines).toEqual(['ready', 'tidied']);
    });
  }

  test('that does not end in time is taken down', async () => {
    const { outside, ended } = await runInside(STUBBORN);
    outside.kill('SIGTERM');
    expect(await ended).toEqual([128 + 9, null]);
  });
});
