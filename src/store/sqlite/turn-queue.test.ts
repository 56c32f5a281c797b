import { expect, test } from 'vitest';
import { MAX_WAITING_CALLS, TurnQueue } from './turn-queue.ts';

/** Enough microtasks for everybody whose turn it is to go on. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

test('callers get their turn one at a time, in the order in which they came', async () => {
  const queue = new TurnQueue();
  const log: string[] = [];
  const callers = ['a', 'b', 'c'].map(async (name) => {
    await queue.acquire();
    log.push(`${name} begins`);
    await settle();
    log.push(`${name} ends`);
    queue.release();
  });
  await Promise.all(callers);
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});

test('a turn that ended is free for the next who comes', async () => {
  const queue = new TurnQueue();
  for (let turn = 0; turn < 3; turn += 1) {
    await queue.acquire();
    queue.release();
  }
});

test('a queue that never gets empty keeps its order', async () => {
  const queue = new TurnQueue();
  const order: number[] = [];
  await queue.acquire();
  let next = 0;
  const join = (): void => {
    const number = next;
    next += 1;
    void queue.acquire().then(() => order.push(number));
  };
  for (let at = 0; at < 5; at += 1) join();
  for (let at = 0; at < 1_000; at += 1) {
    join();
    queue.release();
    await settle();
  }
  expect(order).toEqual(Array.from({ length: 1_000 }, (_, at) => at));
});

test('refuses those who come when the queue is full, and takes others once it is not', async () => {
  const queue = new TurnQueue();
  await queue.acquire();
  const waiting = Array.from({ length: MAX_WAITING_CALLS }, () => queue.acquire());
  await expect(queue.acquire()).rejects.toMatchObject({ kind: 'overloaded' });
  queue.release();
  await waiting[0];
  const welcome = queue.acquire();
  for (let turn = 0; turn < MAX_WAITING_CALLS; turn += 1) queue.release();
  await expect(welcome).resolves.toBeUndefined();
});

test('closing waits for those who came before, and refuses those who come after', async () => {
  const queue = new TurnQueue();
  const log: string[] = [];
  await queue.acquire();
  const before = queue.acquire().then(() => log.push('before'));
  const closed = queue.close().then(() => log.push('closed'));
  await expect(queue.acquire()).rejects.toMatchObject({ kind: 'closed' });
  await settle();
  expect(log).toEqual([]);
  queue.release();
  await before;
  await settle();
  expect(log).toEqual(['before']);
  queue.release();
  await closed;
  expect(log).toEqual(['before', 'closed']);
});

test('a full queue can be closed', async () => {
  const queue = new TurnQueue();
  await queue.acquire();
  for (let at = 0; at < MAX_WAITING_CALLS; at += 1) void queue.acquire();
  const closed = queue.close();
  for (let turn = 0; turn <= MAX_WAITING_CALLS; turn += 1) queue.release();
  await expect(closed).resolves.toBeUndefined();
});
