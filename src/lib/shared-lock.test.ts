import { expect, test } from 'vitest';
import { SharedLock } from './shared-lock.ts';

/** What is under way ends when it is told to. */
function workshop() {
  const lock = new SharedLock();
  const log: string[] = [];
  const ends = new Map<string, () => void>();
  const done: Promise<void>[] = [];
  return {
    lock,
    log,
    come: (name: string, hold: 'shared' | 'alone') => {
      done.push(
        lock.hold(hold, async () => {
          log.push(`${name} begins`);
          await new Promise<void>((resolve) => ends.set(name, resolve));
          log.push(`${name} ends`);
        }),
      );
    },
    end: async (name: string) => {
      ends.get(name)?.();
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    },
    all: () => Promise.all(done),
  };
}

test('many share it, one has it alone, and each in the order in which they came', async () => {
  const { lock, log, come, end, all } = workshop();
  come('a', 'shared');
  come('b', 'shared');
  come('c', 'alone');
  come('d', 'shared');
  come('e', 'alone');
  await end('');
  expect(log).toEqual(['a begins', 'b begins']);
  await end('b');
  expect(log.at(-1)).toBe('b ends');
  await end('a');
  expect(log.slice(3)).toEqual(['a ends', 'c begins']);
  await end('c');
  expect(log.slice(5)).toEqual(['c ends', 'd begins']);
  await end('d');
  await end('e');
  await all();
  expect(log.slice(7)).toEqual(['d ends', 'e begins', 'e ends']);
  expect(lock.isFree).toBe(true);
});

test('what fails gives it back, and its failure is told', async () => {
  const lock = new SharedLock();
  const broken = lock.hold('alone', () => Promise.reject(new Error('broken')));
  await expect(broken).rejects.toThrow('broken');
  expect(await lock.hold('alone', () => Promise.resolve(1))).toBe(1);
});
