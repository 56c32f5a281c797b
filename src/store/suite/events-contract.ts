import { expect } from 'vitest';
import type { EventFilter } from '../../core/events/event-store.ts';
import { EVENT_KINDS, type EventKind } from '../../core/events/event-kinds.ts';
import type { NewTimelineEvent } from '../../core/events/timeline-event.ts';
import { parseSelector } from '../../core/machines/selector.ts';
import type { StoreTest } from './open-stores.ts';
import { AWKWARD, MAC, NOON, OTHER_MAC, event, impossibleEvent, machine } from './samples.ts';

export function eventsContract(storeTest: StoreTest): void {
  appendContract(storeTest);
  filterContract(storeTest);
  limitContract(storeTest);
  contentContract(storeTest);
  pruneContract(storeTest);
}

function appendContract(storeTest: StoreTest): void {
  storeTest('gives each event the next id, in the order given', async (stores) => {
    const first = await stores.events.append([event({ text: 'one' }), event({ text: 'two' })]);
    const second = await stores.events.append([event({ text: 'three' })]);
    expect([...first, ...second].map(({ id, text }) => [id, text])).toEqual([
      [1, 'one'],
      [2, 'two'],
      [3, 'three'],
    ]);
  });

  storeTest('keeps every field of every kind, as it was given back', async (stores, reopen) => {
    const kinds = Object.keys(EVENT_KINDS) as EventKind[];
    const data = { text: AWKWARD, bytes: 2 ** 40, rate: 0.5, whole: true, not: false };
    const rich: Partial<NewTimelineEvent> = {
      because: AWKWARD,
      machineId: 'm-1',
      mac: MAC,
      installId: 'i-1',
      data,
    };
    const given = [event(), ...kinds.map((kind) => event({ kind, text: AWKWARD, ...rich }))];
    const written = await stores.events.append(given);
    expect(written).toEqual(given.map((each, at) => ({ ...each, id: at + 1 })));
    expect(await (await reopen()).events.list({}, 100)).toEqual(written);
  });

  storeTest('takes no event at all', async (stores) => {
    expect(await stores.events.append([])).toEqual([]);
    expect(await stores.events.append([event()])).toMatchObject([{ id: 1 }]);
  });

  storeTest('writes thousands in one call', async (stores) => {
    const many = Array.from({ length: 5_000 }, (_, at) => event({ text: `event ${at + 1}` }));
    await stores.events.append(many);
    const listed = await stores.events.list({}, 10_000);
    expect(listed.map(({ id }) => id)).toEqual(many.map((_, at) => at + 1));
    expect(listed.every(({ id, text }) => text === `event ${id}`)).toBe(true);
  });

  storeTest('writes all events of a call or none, and leaves no gap in the ids', async (stores) => {
    const attempt = stores.events.append([event(), impossibleEvent(), event()]);
    await expect(attempt).rejects.toThrow();
    expect(await stores.events.list({}, 10)).toEqual([]);
    expect(await stores.events.append([event()])).toMatchObject([{ id: 1 }]);
  });

  storeTest('keeps the events of one call together when many call at once', async (stores) => {
    const calls = Array.from({ length: 20 }, (_, call) =>
      stores.events.append([
        event({ text: `${call}` }),
        event({ text: `${call}` }),
        event({ text: `${call}` }),
      ]),
    );
    const written = await Promise.all(calls);
    for (const batch of written) {
      const [first] = batch;
      expect(batch.map(({ id }) => id - (first?.id ?? 0))).toEqual([0, 1, 2]);
    }
    const ids = (await stores.events.list({}, 100)).map(({ id }) => id);
    expect(ids).toEqual(Array.from({ length: 60 }, (_, at) => at + 1));
  });
}

function filterContract(storeTest: StoreTest): void {
  const given = [
    event({ text: 'server' }),
    event({ text: 'before it was known', mac: MAC }),
    event({ text: 'by both', machineId: 'm-1', mac: MAC }),
    event({ text: 'by id', machineId: 'm-1', installId: 'i-1' }),
    event({ text: 'other card', mac: OTHER_MAC, installId: 'i-1' }),
    event({ text: 'other machine', machineId: 'm-2', installId: 'i-2' }),
  ];
  const rows: readonly (readonly [string, EventFilter, readonly string[]])[] = [
    ['everything', {}, given.map(({ text }) => text)],
    ['the events of a machine by its id', { machineId: 'm-1' }, ['by both', 'by id']],
    [
      'the events of a machine by its id or a MAC address',
      { machineId: 'm-1', macs: [MAC] },
      ['before it was known', 'by both', 'by id'],
    ],
    [
      'the events of each of its MAC addresses',
      { macs: [MAC, OTHER_MAC] },
      ['before it was known', 'by both', 'other card'],
    ],
    ['a machine that has no MAC address yet', { machineId: 'm-2', macs: [] }, ['other machine']],
    ['nobody, who has no MAC address', { macs: [] }, []],
    ['the events of an install', { installId: 'i-1' }, ['by id', 'other card']],
    ['an install on a machine', { machineId: 'm-1', installId: 'i-1' }, ['by id']],
    ['a machine after an id', { machineId: 'm-1', macs: [MAC], afterId: 2 }, ['by both', 'by id']],
    ['an id that is not there', { machineId: 'm-9' }, []],
  ];
  for (const [what, filter, expected] of rows) {
    storeTest(`lists ${what}`, async (stores) => {
      await stores.events.append(given);
      expect((await stores.events.list(filter, 10)).map(({ text }) => text)).toEqual(expected);
    });
  }
}

function limitContract(storeTest: StoreTest): void {
  const rows: readonly (readonly [string, EventFilter, number, readonly number[]])[] = [
    ['the newest, oldest first', {}, 3, [8, 9, 10]],
    ['the oldest after an id', { afterId: 4 }, 3, [5, 6, 7]],
    ['the oldest of all after 0', { afterId: 0 }, 2, [1, 2]],
    ['what is left after an id', { afterId: 8 }, 5, [9, 10]],
    ['nothing after the last', { afterId: 10 }, 5, []],
    ['nothing with a limit of 0', {}, 0, []],
    ['the newest of a machine', { machineId: 'even' }, 2, [8, 10]],
    ['the oldest of a machine after an id', { machineId: 'even', afterId: 2 }, 2, [4, 6]],
    ['the newest before an id', { beforeId: 5 }, 2, [3, 4]],
    ['the oldest between two ids', { afterId: 3, beforeId: 7 }, 2, [4, 5]],
    ['the newest down to an id', { downToId: 9 }, 5, [9, 10]],
    ['the newest between two ids', { downToId: 3, beforeId: 6, machineId: 'even' }, 5, [4]],
  ];
  for (const [what, filter, limit, expected] of rows) {
    storeTest(`lists ${what}`, async (stores) => {
      const ten = Array.from({ length: 10 }, (_, at) => event({ machineId: at % 2 === 1 ? 'even' : 'odd' }));
      await stores.events.append(ten);
      expect((await stores.events.list(filter, limit)).map(({ id }) => id)).toEqual(expected);
    });
  }

  storeTest('orders by id, not by the time, which may be set back', async (stores) => {
    await stores.events.append([event({ atMs: NOON }), event({ atMs: NOON - 1 })]);
    expect((await stores.events.list({}, 1)).map(({ id }) => id)).toEqual([2]);
  });

  for (const limit of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    storeTest(`refuses a limit of ${limit}`, async (stores) => {
      await expect(stores.events.list({}, limit)).rejects.toThrow(RangeError);
    });
  }
}

function contentContract(storeTest: StoreTest): void {
  storeTest(
    'lists events by their kinds, by what they say, and by the labels of their machine',
    async (stores) => {
      await stores.machines.put(machine({ labels: { rack: 'a' } }));
      await stores.events.append([
        event({ kind: 'install.failed', text: 'Nothing CAME 100%', machineId: machine().id }),
        event({ kind: 'install.finished', text: 'done', because: 'it came', machineId: 'm-gone' }),
        event({ kind: 'dhcp.silent', text: 'no answer', machineId: machine().id }),
        event({ kind: 'dhcp.silent', text: 'no machine' }),
      ]);
      for (const [filter, ids] of [
        [{ kinds: ['dhcp.silent', 'install.failed'] }, [1, 3, 4]],
        [{ kinds: [] }, []],
        [{ text: 'came' }, [1, 2]],
        [{ text: '%' }, [1]],
        [{ text: 'n_' }, []],
        [{ selector: parseSelector('rack=a') }, [1, 3]],
        [{ selector: parseSelector('rack!=b'), kinds: ['dhcp.silent'], text: 'no ' }, [3]],
        [{ selector: parseSelector('') }, []],
      ] as const) {
        const found = await stores.events.list(filter, 10);
        expect(
          found.map(({ id }) => id),
          JSON.stringify(filter),
        ).toEqual(ids);
      }
    },
  );
}

function pruneContract(storeTest: StoreTest): void {
  const rows = [
    [4, 6, [7, 8, 9, 10]],
    [10, 0, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
    [11, 0, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
    [0, 10, []],
  ] as const;
  for (const [keep, deleted, left] of rows) {
    storeTest(`deletes the oldest until ${keep} are left`, async (stores) => {
      await stores.events.append(Array.from({ length: 10 }, () => event()));
      expect(await stores.events.prune(keep)).toBe(deleted);
      expect((await stores.events.list({}, 100)).map(({ id }) => id)).toEqual(left);
    });
  }

  storeTest('never uses an id again, even when all events were deleted', async (stores, reopen) => {
    await stores.events.append([event(), event()]);
    await stores.events.prune(0);
    expect(await (await reopen()).events.append([event()])).toMatchObject([{ id: 3 }]);
  });

  storeTest('prunes nothing where there is nothing', async (stores) => {
    expect(await stores.events.prune(5)).toBe(0);
  });

  storeTest('refuses to keep fewer than none', async (stores) => {
    await expect(stores.events.prune(-1)).rejects.toThrow(RangeError);
  });
}
