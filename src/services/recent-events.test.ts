import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EventFilter } from '../core/events/event-store.ts';
import type { TimelineEvent } from '../core/events/timeline-event.ts';
import type { Stores } from '../core/stores.ts';
import { openEmptyStores } from '../store/sqlite/suite/open-sqlite.ts';
import { event, MAC, NOON, OTHER_MAC } from '../store/suite/samples.ts';
import { EventLog } from './event-log.ts';
import { MAX_RECENT, RecentEvents } from './recent-events.ts';

let stores: Stores;

beforeEach(async () => {
  stores = await openEmptyStores();
});
afterEach(async () => {
  await stores.close();
});

const COUNT = 24;

function nth(at: number) {
  return event({
    text: `number ${at}`,
    kind: at % 3 === 0 ? 'dhcp.offered' : 'install.failed',
    ...(at % 2 === 0 ? { machineId: 'm-1' } : {}),
    ...(at % 5 === 0 ? { mac: MAC } : at % 7 === 0 ? { mac: OTHER_MAC } : {}),
    ...(at % 4 === 0 ? { installId: 'i-1' } : {}),
  });
}

const FILTERS: readonly EventFilter[] = [
  {},
  { machineId: 'm-1' },
  { machineId: 'm-1', macs: [MAC, OTHER_MAC] },
  { macs: [MAC] },
  { macs: [] },
  { installId: 'i-1' },
  { kinds: ['dhcp.offered'] },
  { kinds: [] },
  { machineId: 'm-1', macs: [OTHER_MAC], kinds: ['install.failed'], installId: 'i-1' },
];

test('whatever is asked of the newest, the answer is that of the store', async () => {
  const recent = new RecentEvents();
  const written = await stores.events.append(Array.from({ length: COUNT }, (_, at) => nth(at)));
  for (const one of written) recent.add(one);
  for (const filter of FILTERS)
    for (const [afterId, beforeId] of [
      [1, COUNT + 1],
      [3, 17],
      [5, 6],
      [COUNT, COUNT + 1],
    ] as const)
      for (const limit of [0, 2, 100]) {
        const asked = { ...filter, afterId, beforeId };
        const known = recent.list(asked, limit);
        expect(known, JSON.stringify({ asked, limit })).toBeDefined();
        expect(known).toEqual(await stores.events.list(asked, limit));
      }
});

function numbered(id: number, change: Partial<TimelineEvent> = {}): TimelineEvent {
  return { id, atMs: NOON, kind: 'dhcp.offered', text: `${id}`, ...change };
}

test('what is not known from the first to the last is left to the store', () => {
  const recent = new RecentEvents();
  for (const id of [4, 5, 6, 8]) recent.add(numbered(id));
  const list = (filter: EventFilter) => recent.list(filter, 9)?.map(({ id }) => id);
  expect(list({ afterId: 4, beforeId: 7 })).toEqual([5, 6]);
  expect(list({ afterId: 3, beforeId: 7 })).toBeUndefined();
  expect(list({ afterId: 4, beforeId: 9 })).toBeUndefined();
  recent.add(numbered(7));
  expect(list({ afterId: 4, beforeId: 9 })).toEqual([5, 6, 7, 8]);
  for (const filter of [{}, { text: 'x' }, { selector: [] }, { downToId: 5 }])
    expect(
      list({ beforeId: 9, ...(Object.keys(filter).length === 0 ? {} : { afterId: 4 }), ...filter }),
    ).toBeUndefined();
});

test('so many are kept and no more, and none that became those of another machine', () => {
  const recent = new RecentEvents();
  for (let id = 1; id <= MAX_RECENT + 1; id += 1) recent.add(numbered(id));
  expect(recent.list({ afterId: 1, beforeId: 3 }, 9)).toBeUndefined();
  expect(recent.list({ afterId: 2, beforeId: MAX_RECENT + 2 }, 9)).toHaveLength(9);
  recent.add(numbered(MAX_RECENT + 2, { kind: 'machine.merged' }));
  expect(recent.list({ afterId: 5, beforeId: 9 }, 9)).toBeUndefined();
});

test('many readers who follow ask the store for nothing', async () => {
  let questions = 0;
  const events = {
    ...stores.events,
    list: (...asked: Parameters<Stores['events']['list']>) => {
      questions += 1;
      return stores.events.list(...asked);
    },
  };
  const log = new EventLog({
    events,
    clock: { nowMs: () => NOON },
    failed: (error) => expect.fail(String(error)),
  });
  for (let at = 0; at < 3; at += 1) log.note({ kind: 'dhcp.silent', text: `${at}` });
  await log.settled();
  for (let reader = 0; reader < 10; reader += 1)
    expect(await log.list({ afterId: 1, beforeId: 4 }, 200)).toHaveLength(2);
  expect(questions).toBe(0);
  expect(await log.list({}, 200)).toHaveLength(3);
  expect(questions).toBe(1);
});
