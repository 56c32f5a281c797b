import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { takeName } from './name-lock.ts';

test('one holds a name at a time; others can have it afterwards', async () => {
  const name = randomUUID();
  const lock = await takeName(name);
  expect(lock).toBeDefined();
  expect(await takeName(name)).toBeUndefined();
  const other = await takeName(randomUUID());
  await lock?.release();
  const again = await takeName(name);
  expect(again).toBeDefined();
  await Promise.all([again?.release(), other?.release()]);
});

test('a process that is killed gives its name back', async () => {
  const name = randomUUID();
  const program = `import(${JSON.stringify(new URL('./name-lock.ts', import.meta.url).href)}).then(async ({ takeName }) => {
    console.log((await takeName(process.argv[1])) ? 'held' : 'taken');
    setInterval(() => undefined, 1000);
  })`;
  const holder = spawn(process.execPath, ['--import', 'tsx', '-e', program, name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await once(holder.stdout, 'data');
  expect(String(said)).toBe('held\n');
  expect(await takeName(name)).toBeUndefined();
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  const lock = await takeName(name);
  expect(lock).toBeDefined();
  await lock?.release();
});
