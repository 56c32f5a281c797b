import { spawnSync } from 'node:child_process';
import { getPriority } from 'node:os';
import { expect, test } from 'vitest';

interface ThreadSeen {
  readonly niceness: number;
  /** Nanoseconds that it ran, so far. */
  readonly ran: number;
}

/** @param first what the program does before it keeps much, and throws more away. @returns its threads, the main one first. */
function threadsOf(first: string): readonly ThreadSeen[] {
  const program = `
    const { readdirSync, readFileSync } = require('node:fs');
    const { Worker } = require('node:worker_threads');
    import(${JSON.stringify(new URL('./engine-threads.ts', import.meta.url).href)}).then(async ({ lowerEngineThreads }) => {
      ${first}
      const worker = new Worker('setInterval(() => undefined, 1000)', { eval: true });
      await new Promise((resolve) => worker.once('online', resolve));
      const kept = [];
      for (let at = 0; at < 3_000_000; at += 1) kept[at % 500_000] = { at, more: [at, { at }] };
      const read = (file) => readFileSync('/proc/self/task/' + file, 'utf8');
      const threads = readdirSync('/proc/self/task').map((thread) => ({
        niceness: Number(read(thread + '/stat').split(') ')[1].split(' ')[16]),
        ran: Number(read(thread + '/schedstat').split(' ')[0]),
      }));
      console.log(JSON.stringify(threads));
      process.exit();
    })`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '-e', program], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as ThreadSeen[];
}

test('the threads that look for garbage have a lower priority; those that answer keep theirs', () => {
  const [main, ...others] = threadsOf('lowerEngineThreads();');
  const usual = getPriority();
  expect(main?.niceness).toBe(usual);
  const lowered = others.filter(({ niceness }) => niceness > usual);
  const kept = others.filter(({ niceness }) => niceness === usual);
  expect(lowered).toHaveLength(5);
  expect(kept.length).toBe(others.length - 5);
  // A thread of JavaScript's own is among those; so are those that read files.
  expect(kept.length).toBeGreaterThanOrEqual(5);
  expect(lowered.filter(({ ran }) => ran > 5e6)).not.toEqual([]);
});

test('where nothing was done all are alike', () => {
  expect(threadsOf('').filter(({ niceness }) => niceness !== getPriority())).toEqual([]);
});
