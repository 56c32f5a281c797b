import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { getPriority } from 'node:os';
import { expect, onTestFinished, test } from 'vitest';
import { threadsOf, type ThreadSeen } from './suite/threads-of.ts';

/** @param first what a program does before it keeps much, and throws more away. @returns its threads then. */
async function threadsAfter(first: string): Promise<readonly [ThreadSeen, ...ThreadSeen[]]> {
  const program = `
    const { Worker } = require('node:worker_threads');
    import(${JSON.stringify(new URL('./engine-threads.ts', import.meta.url).href)}).then(async ({ lowerEngineThreads }) => {
      ${first}
      const worker = new Worker('setInterval(() => undefined, 1000)', { eval: true });
      await new Promise((resolve) => worker.once('online', resolve));
      const kept = [];
      for (let at = 0; at < 3_000_000; at += 1) kept[at % 500_000] = { at, more: [at, { at }] };
      console.log('collected');
    })`;
  const child = spawn(process.execPath, ['--import', 'tsx', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  const [said] = await once(child.stdout, 'data');
  expect(String(said)).toBe('collected\n');
  return threadsOf(child.pid ?? 0);
}

test('the threads that look for garbage have a lower priority; those that answer keep theirs', async () => {
  const [main, ...others] = await threadsAfter('lowerEngineThreads();');
  const usual = getPriority();
  expect(main.niceness).toBe(usual);
  const lowered = others.filter(({ niceness }) => niceness > usual);
  const kept = others.filter(({ niceness }) => niceness === usual);
  expect(lowered).toHaveLength(5);
  expect(kept).toHaveLength(others.length - 5);
  // A thread of JavaScript's own is among those; so are those that read files.
  expect(kept.length).toBeGreaterThanOrEqual(5);
  expect(lowered.filter(({ ranMs }) => ranMs > 5)).not.toEqual([]);
});

test('where nothing was done all are alike', async () => {
  const threads = await threadsAfter('');
  expect(threads.filter(({ niceness }) => niceness !== getPriority())).toEqual([]);
});
