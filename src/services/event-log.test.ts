import { expect, test } from 'vitest';
import type { EventStore } from '../core/events/event-store.ts';
import type { NewTimelineEvent, TimelineEvent } from '../core/events/timeline-event.ts';
import { EventLog, MAX_WAITING_EVENTS } from './event-log.ts';

/** A disk that is as slow or as broken as a test wants; what is kept is checked against real databases in store/suite. */
function slowDisk() {
  const batches: NewTimelineEvent[][] = [];
  const gates: { open: () => void; fail: (error: Error) => void }[] = [];
  const events: EventStore = {
    append: (batch) =>
      new Promise<readonly TimelineEvent[]>((resolve, reject) => {
        const first = batches.flat().length;
        batches.push([...batch]);
        gates.push({
          open: () => resolve(batch.map((event, index) => ({ ...event, id: first + index + 1 }))),
          fail: reject,
        });
      }),
    list: () => Promise.resolve([]),
    prune: () => Promise.resolve(0),
  };
  return { events, batches, gates };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('what happens while the disk writes goes into one next batch', async () => {
  const disk = slowDisk();
  const log = new EventLog({
    events: disk.events,
    clock: { nowMs: () => 7 },
    failed: () => expect.fail('no write fails here'),
  });
  const told: number[] = [];
  log.listen((event) => told.push(event.id));
  log.note({ kind: 'server.started', text: 'first' });
  await turn();
  for (let count = 0; count < 100; count += 1) log.note({ kind: 'dhcp.silent', text: 'more' });
  expect(told).toEqual([]);
  disk.gates[0]?.open();
  await turn();
  const settled = log.settled();
  await turn();
  disk.gates[1]?.open();
  await settled;
  expect(disk.batches.map((batch) => batch.length)).toEqual([1, 100]);
  expect(disk.batches[0]?.[0]?.atMs).toBe(7);
  expect(told).toHaveLength(101);
});

test('after a batch the next one gathers, so that a crowd costs few transactions', async () => {
  const disk = slowDisk();
  const log = new EventLog({
    events: disk.events,
    clock: { nowMs: () => 0 },
    failed: () => expect.fail('no write fails here'),
  });
  log.note({ kind: 'dhcp.silent', text: 'first' });
  await turn();
  disk.gates[0]?.open();
  await turn();
  log.note({ kind: 'dhcp.silent', text: 'one' });
  await turn();
  log.note({ kind: 'dhcp.silent', text: 'another' });
  await turn();
  expect(disk.batches.map((batch) => batch.length)).toEqual([1]);
  await expect.poll(() => disk.batches.map((batch) => batch.length)).toEqual([1, 2]);
  disk.gates[1]?.open();
  await log.settled();
});

test('a failed write is told, costs its batch only, and the log goes on', async () => {
  const disk = slowDisk();
  const failures: unknown[] = [];
  const log = new EventLog({
    events: disk.events,
    clock: { nowMs: () => 0 },
    failed: (error) => failures.push(error),
  });
  log.note({ kind: 'server.started', text: 'lost' });
  await turn();
  disk.gates[0]?.fail(new Error('No space left on device'));
  await log.settled();
  log.note({ kind: 'server.stopped', text: 'kept' });
  await turn();
  disk.gates[1]?.open();
  await log.settled();
  expect(failures).toHaveLength(1);
  expect(disk.batches.at(-1)?.[0]?.text).toBe('kept');
});

test('a flood does not fill the memory: what finds the queue full is counted', async () => {
  const disk = slowDisk();
  const log = new EventLog({ events: disk.events, clock: { nowMs: () => 0 }, failed: () => undefined });
  for (let count = 0; count < MAX_WAITING_EVENTS + 5; count += 1)
    log.note({ kind: 'dhcp.silent', text: 'flood' });
  expect(log.dropped).toBe(5);
  await turn();
  disk.gates[0]?.open();
  await log.settled();
});

test('events wait while the disk is full, and are written in their order when it is not', async () => {
  const disk = slowDisk();
  const told: string[] = [];
  const written: string[] = [];
  const log = new EventLog({
    events: disk.events,
    clock: { nowMs: () => 0 },
    failed: () => expect.fail('a full disk passes'),
    waits: (error) => told.push(error instanceof Error ? error.message : 'well again'),
    isPassing: () => true,
  });
  log.listen((event) => written.push(event.text));
  const heard: string[] = [];
  log.listenToUnwritten((event) => heard.push(event.text));
  log.note({ kind: 'server.started', text: 'first' });
  await turn();
  log.note({ kind: 'server.disk', text: 'before it is known' });
  disk.gates[0]?.fail(new Error('The disk is full'));
  await turn();
  log.note({ kind: 'server.disk', text: 'after it is known' });
  log.note({ kind: 'dhcp.silent', text: 'last' });
  expect(heard).toEqual(['before it is known', 'after it is known']);
  expect(written).toEqual([]);
  const settled = log.settled();
  await turn();
  disk.gates[1]?.fail(new Error('The disk is full'));
  await settled;
  const later = log.settled();
  await turn();
  disk.gates[2]?.open();
  await later;
  expect(written).toEqual(['first', 'before it is known', 'after it is known', 'last']);
  expect(told).toEqual(['The disk is full', 'well again']);
  expect(heard).toHaveLength(2);
});

test('a disk that stays full costs the newest events, and no memory without end', async () => {
  const disk = slowDisk();
  const log = new EventLog({
    events: disk.events,
    clock: { nowMs: () => 0 },
    failed: () => undefined,
    isPassing: () => true,
  });
  log.note({ kind: 'server.started', text: 'first' });
  await turn();
  for (let count = 0; count < MAX_WAITING_EVENTS; count += 1)
    log.note({ kind: 'dhcp.silent', text: String(count) });
  disk.gates[0]?.fail(new Error('The disk is full'));
  await turn();
  log.note({ kind: 'dhcp.silent', text: 'too many' });
  expect(log.dropped).toBe(2);
  const settled = log.settled();
  await turn();
  disk.gates[1]?.open();
  await settled;
  expect(disk.batches[1]?.[0]?.text).toBe('first');
  expect(disk.batches[1]).toHaveLength(MAX_WAITING_EVENTS);
});
