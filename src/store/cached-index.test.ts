import { describe, expect, test } from 'vitest';
import { MachineIndex } from '../core/machines/machine-index.ts';
import type { Machine } from '../core/machines/machine.ts';
import type { Stores } from '../core/stores.ts';
import { parseMac, parseUuid } from '../lib/addresses.ts';
import { SeededRandom } from '../../bench/seeded-random.ts';
import { CachedIndex } from './cached-index.ts';
import { cachedStores } from './read-cache.ts';
import { openSqlite } from './sqlite/suite/open-sqlite.ts';
import { storeTests } from './suite/open-stores.ts';
import { event, machine } from './suite/samples.ts';

const COUNT = 8;

function nth(at: number, random: SeededRandom): Machine {
  const some = () => random.below(COUNT);
  return machine({
    id: `m-${at}`,
    name: `web-${at}-${some()}`,
    macs: random.below(3) === 0 ? [] : [parseMac(`0200000000${String(10 + at)}`)],
    uuid: parseUuid(`00000000-0000-4000-8000-00000000000${some()}`),
    serial: `S${some()}`,
    ...(random.below(2) === 0 ? { port: { circuitId: `p${some()}` } } : {}),
  });
}

/** Whatever may be asked of an index. */
function told(index: MachineIndex): unknown {
  const each = Array.from({ length: COUNT }, (_, at) => at);
  return {
    all: index.all,
    unmet: index.unmet,
    names: [...index.names].toSorted(),
    byId: each.map((at) => index.byId(`m-${at}`)),
    byName: index.all.map(({ name }) => index.byName(name)),
    byMac: each.map((at) => index.byMac(parseMac(`0200000000${10 + at}`))),
    byClaims: each.map((at) => [
      index.byClaims({ serial: `s${at}` }),
      index.byClaims({
        uuids: [parseUuid(`00000000-0000-4000-8000-00000000000${at}`)],
        port: { circuitId: `p${at}` },
      }),
    ]),
  };
}

test('an index that was changed many times tells the same as one made anew', () => {
  const random = new SeededRandom(7);
  const index = new MachineIndex([]);
  const there = new Map<string, Machine>();
  for (let turn = 0; turn < 500; turn += 1) {
    const one = nth(random.below(COUNT), random);
    if (random.below(4) === 0) {
      index.remove(one.id);
      there.delete(one.id);
    } else {
      index.put(one);
      there.set(one.id, one);
    }
    expect(told(index)).toEqual(told(new MachineIndex([...there.values()])));
  }
});

test('names and addresses that change hands stay with their new owner, whichever is told first', () => {
  const [mac, other] = [parseMac('020000000001'), parseMac('020000000002')];
  const before = [
    machine({ id: 'm-1', name: 'a', macs: [mac] }),
    machine({ id: 'm-2', name: 'b', macs: [other] }),
  ];
  const after = [
    machine({ id: 'm-1', name: 'b', macs: [other] }),
    machine({ id: 'm-2', name: 'a', macs: [mac] }),
  ];
  for (const order of [after, after.toReversed()]) {
    const index = new MachineIndex(before);
    for (const one of order) index.put(one);
    expect([index.byMac(mac)?.id, index.byMac(other)?.id, [...index.names].toSorted()]).toEqual([
      'm-2',
      'm-1',
      ['a', 'b'],
    ]);
  }
});

describe('machines in memory', () => {
  const beneath = new Map<Stores, Stores>();
  const storeTest = storeTests(async () => {
    const opened = await openSqlite();
    const stores = cachedStores(opened.stores);
    beneath.set(stores, opened.stores);
    return { ...opened, stores };
  });

  storeTest('are those of the store after any writes and reads at once', async (stores) => {
    const random = new SeededRandom(11);
    const write = async (): Promise<unknown> => {
      const one = nth(random.below(COUNT), random);
      switch (random.below(7)) {
        case 0:
          return await stores.machines.remove(one.id);
        case 1:
          return await stores.machines.change(one.id, (now) => ({
            change: true,
            machine: { ...now, serial: 'S1' },
          }));
        case 2:
          return await stores.machines.putAll(() => ({ put: [one], events: [] }));
        case 3:
          return await stores.machines.learn(
            one.id,
            parseMac(`0200000000${10 + random.below(COUNT)}`),
            event(),
          );
        case 4:
          return await stores.machines.merge({ into: one.id, from: `m-${random.below(COUNT)}` }, (into) => ({
            merge: true,
            machine: into,
            event: event(),
          }));
        default:
          return await stores.machines.put(one);
      }
    };
    for (let round = 0; round < 60; round += 1) {
      const writing = Array.from({ length: 4 }, () => write().catch(() => undefined));
      const reading = Array.from({ length: 3 }, () => stores.machines.list());
      await Promise.all([...writing, ...reading]);
      const listed = await beneath.get(stores)!.machines.list();
      expect(await stores.machines.list()).toEqual(listed);
      expect(await stores.machines.unmet()).toEqual(await beneath.get(stores)!.machines.unmet());
    }
  });

  test('are read anew when a reading failed, and one that was written is read alone', async () => {
    let broken = true;
    const reads: string[] = [];
    let there = machine();
    const index = new CachedIndex<Machine, MachineIndex>({
      empty: () => new MachineIndex([]),
      all: async () => {
        reads.push('all');
        if (broken) throw new Error('broken');
        return [there];
      },
      some: async (ids) => {
        reads.push(...ids);
        if (broken) throw new Error('broken');
        return new Map([[there.id, there]]);
      },
    });
    await expect(index.get()).rejects.toThrow('broken');
    broken = false;
    expect((await index.get()).all).toEqual([there]);
    broken = true;
    await index.whileWritingSome([there.id], async () => {
      there = machine({ serial: 'new' });
    });
    await expect(index.get()).rejects.toThrow('broken');
    broken = false;
    expect((await index.get()).all).toEqual([there]);
    expect((await index.get()).all).toEqual([there]);
    expect(reads).toEqual(['all', 'all', there.id, there.id]);
  });
});
