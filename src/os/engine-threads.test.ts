import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { transformSync } from 'esbuild';
import { expect, onTestFinished, test } from 'vitest';
import { threadsOf, type ThreadSeen } from './suite/threads-of.ts';

type Threads = readonly [ThreadSeen, ...ThreadSeen[]];

/** As JavaScript: what loads TypeScript has a thread of its own, which looks for garbage, too. */
const SOURCE = transformSync(readFileSync(new URL('./engine-threads.ts', import.meta.url), 'utf8'), {
  loader: 'ts',
}).code;

/**
 * @param first what a program does before it keeps much, and throws more away.
 * @returns its threads before and after that.
 */
async function threadsWhile(first: string): Promise<{ readonly before: Threads; readonly after: Threads }> {
  const program = `
    const { readFile } = await import('node:fs/promises');
    const { lowerEngineThreads } = await import(${JSON.stringify(`data:text/javascript,${encodeURIComponent(SOURCE)}`)});
    await readFile('/proc/self/stat');
    ${first}
    process.stdin.once('data', () => {
      const kept = [];
      for (let at = 0; at < 3_000_000; at += 1) kept[at % 500_000] = { at, more: [at, { at }] };
      console.log('collected');
    });
    console.log('ready');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  const said = async (): Promise<string> => String((await once(child.stdout, 'data'))[0]);
  expect(await said()).toBe('ready\n');
  const before = threadsOf(child.pid ?? 0);
  child.stdin.write('\n');
  expect(await said()).toBe('collected\n');
  return { before, after: threadsOf(child.pid ?? 0) };
}

test('the threads that look for garbage have a lower priority; those that answer keep theirs', async () => {
  const { before, after } = await threadsWhile('lowerEngineThreads();');
  const usual = getPriority();
  const [main, ...others] = after;
  expect(main.niceness).toBe(usual);
  expect(others.filter(({ niceness }) => niceness > usual)).toHaveLength(5);
  // Among those are the ones that read files.
  const usually = others.filter(({ niceness }) => niceness === usual);
  expect(usually).toHaveLength(others.length - 5);
  expect(usually.length).toBeGreaterThanOrEqual(4);
  const ranBefore = new Map(before.map(({ id, ranMs }) => [id, ranMs]));
  const looked = others.filter(({ id, ranMs }) => ranMs - (ranBefore.get(id) ?? 0) > 5);
  expect(looked).not.toEqual([]);
  expect(looked.filter(({ niceness }) => niceness === usual)).toEqual([]);
});

test('where nothing was done all are alike', async () => {
  const { after } = await threadsWhile('');
  expect(after.filter(({ niceness }) => niceness !== getPriority())).toEqual([]);
});
