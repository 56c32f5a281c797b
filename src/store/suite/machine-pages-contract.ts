import { expect } from 'vitest';
import type { MachineQuery } from '../../core/machines/machine-page.ts';
import type { Machine } from '../../core/machines/machine.ts';
import { chooseMachines, parseSelector } from '../../core/machines/selector.ts';
import type { Stores } from '../../core/stores.ts';
import { parseMac, parseUuid } from '../../lib/addresses.ts';
import type { StoreTest } from './open-stores.ts';
import { AWKWARD, event, image, install, machine, NOON, profile } from './samples.ts';

function numbered(at: number, change: Partial<Machine> = {}): Machine {
  const hex = at.toString(16).padStart(12, '0');
  const mac = parseMac(`02${hex.slice(2)}`);
  return machine({ id: `m-${hex}`, name: `web-${at}`, macs: [mac], createdAtMs: NOON + at, ...change });
}

async function put(stores: Stores, machines: readonly Machine[]): Promise<void> {
  for (const each of machines) expect(await stores.machines.put(each)).toEqual({ put: true });
}

async function namesIn(stores: Stores, query: Partial<MachineQuery>): Promise<readonly string[]> {
  const { machines } = await stores.machines.page({ sort: 'name', limit: 1000, ...query });
  return machines.map(({ name }) => name);
}

export function machinePagesContract(storeTest: StoreTest): void {
  orderContract(storeTest);
  filterContract(storeTest);
  nameContract(storeTest);
}

/** Two of the same moment, and names whose order is not that of their times. */
const ORDERED = ['b', 'd', 'a', 'e', 'c'].map((name, at) =>
  numbered(at + 1, { name, createdAtMs: NOON + Math.floor(at / 2) }),
);

/** a failed and is armed again, c failed; the others never had an install. */
const NEWEST_INSTALLS = [
  ['a', 'failed'],
  ['c', 'failed'],
  ['a', 'requested'],
] as const;

async function armOrdered(stores: Stores): Promise<void> {
  await stores.images.add(image());
  await stores.profiles.put(profile());
  for (const [at, [name, state]] of NEWEST_INSTALLS.entries()) {
    const machineId = ORDERED.find((one) => one.name === name)!.id;
    await stores.installs.create(install({ id: `i-${at}`, machineId, state, token: `${at}` }), event());
  }
}

function orderContract(storeTest: StoreTest): void {
  storeTest(
    'pages of the machines of one state, in the order of their states, go on by name',
    async (stores) => {
      await put(stores, ORDERED);
      await armOrdered(stores);
      for (const [sort, names] of [
        ['state', 'bde'],
        ['-state', 'edb'],
      ] as const) {
        const query = { state: 'none', sort, limit: 1 } as const;
        const pages = [await stores.machines.page(query)];
        for (let next = pages[0]!.next; next; next = pages.at(-1)!.next)
          pages.push(await stores.machines.page({ ...query, after: next }));
        expect(pages.map(({ machines: [only] }) => only?.name).join('')).toBe(names);
        expect(pages.every(({ total }) => total === 3)).toBe(true);
      }
    },
  );
  for (const [sort, names] of [
    ['name', 'abcde'],
    ['-name', 'edcba'],
    ['created', 'bdaec'],
    ['-created', 'ceadb'],
    // By the words "failed", "none" and "requested".
    ['state', 'cbdea'],
    ['-state', 'aedbc'],
  ] as const) {
    storeTest(
      `pages of machines by ${sort} hold each once, in order, and say how many there are`,
      async (stores) => {
        await put(stores, ORDERED);
        await armOrdered(stores);
        for (const limit of [1, 2, 5, 6]) {
          const pages = [await stores.machines.page({ sort, limit })];
          for (let next = pages[0]!.next; next; next = pages.at(-1)!.next)
            pages.push(await stores.machines.page({ sort, limit, after: next }));
          const found = pages.flatMap(({ machines }) => machines);
          expect(found.map(({ name }) => name).join('')).toBe(names);
          expect(pages).toHaveLength(Math.ceil(5 / limit));
          expect(pages.every(({ total }) => total === 5)).toBe(true);
          expect(found).toEqual(expect.arrayContaining(ORDERED));
        }
      },
    );
  }

  storeTest(
    'a page goes on in its place while machines come and go, the one it ended with too',
    async (stores) => {
      await put(stores, ORDERED);
      const first = await stores.machines.page({ sort: 'name', limit: 3 });
      await stores.machines.remove(ORDERED[4]!.id);
      await stores.machines.remove(ORDERED[2]!.id);
      await put(stores, [numbered(7, { name: 'aa' }), numbered(8, { name: 'ca' })]);
      expect(await namesIn(stores, { after: first.next! })).toEqual(['ca', 'd', 'e']);
    },
  );

  storeTest('a page counts machines, not their addresses', async (stores) => {
    const macs = [parseMac('020000000101'), parseMac('020000000102'), parseMac('020000000103')];
    await put(stores, [numbered(1, { macs }), numbered(2), numbered(3, { macs: [], serial: 'S3' })]);
    const page = await stores.machines.page({ sort: 'name', limit: 2 });
    expect([page.machines.map((each) => each.macs.length), page.total]).toEqual([[3, 1], 3]);
    expect(page.machines[0]?.macs).toEqual(macs);
  });
}

const LABELLED = [
  numbered(1, { labels: { rack: 'a', role: 'db' } }),
  numbered(2, { labels: { rack: 'b', 'example.com/role': 'web' } }),
  numbered(3, { labels: { rack: '', Rack: 'a', arack: 'a' } }),
  numbered(4, { labels: {} }),
  numbered(5, { labels: { role: 'rack', a: 'rack' } }),
  numbered(6, { labels: { rack: 'A' } }),
  numbered(7, { labels: { rack: 'aa', ro_le: 'x' } }),
];

const SELECTORS = [
  'rack=a',
  'rack!=a',
  'rack=',
  'rack',
  '!rack',
  'Rack',
  'rack in (a,b)',
  'rack notin (a,A)',
  'example.com/role=web',
  'role=rack,a=rack',
  'ro_le',
  'ro-le',
  'rack,!role,rack!=b',
  'nonsense',
  '',
];

function filterContract(storeTest: StoreTest): void {
  storeTest('selects machines in a page as the core does', async (stores) => {
    await put(stores, LABELLED);
    for (const text of SELECTORS) {
      const selector = parseSelector(text);
      const names = chooseMachines(selector, LABELLED).map((one) => one.machine.name);
      expect(await namesIn(stores, { selector }), text).toEqual(names);
      const counted = await stores.machines.page({ selector, sort: 'name', limit: 1 });
      expect(counted.total, text).toBe(names.length);
    }
    const most = parseSelector(Array.from({ length: 64 }, (_, at) => `!x${at}`).join(','));
    expect(await namesIn(stores, { selector: most })).toHaveLength(LABELLED.length);
    const values = Array.from({ length: 256 }, (_, at) => `v${at}`).join(',');
    expect(await namesIn(stores, { selector: parseSelector(`rack notin (${values}),!no`) })).toHaveLength(7);
  });

  storeTest('selects the events of machines as the core does', async (stores) => {
    await put(stores, LABELLED);
    await stores.events.append(LABELLED.map(({ id, name }) => ({ ...event(), machineId: id, text: name })));
    for (const text of SELECTORS) {
      const selector = parseSelector(text);
      const found = await stores.events.list({ selector }, 100);
      const names = chooseMachines(selector, LABELLED).map((one) => one.machine.name);
      expect(new Set(found.map((one) => one.text)), text).toEqual(new Set(names));
    }
  });

  storeTest('finds machines by a part of what they are known by', async (stores) => {
    await put(stores, [
      numbered(1, { serial: 'ABC-1', uuid: parseUuid('4c4c4544-0042-3510-8056-b7c04f4e3232') }),
      numbered(2, { assetTag: `T ${AWKWARD}`, macs: [parseMac('525400abcd12')] }),
      numbered(3, { name: 'db-100', serial: '100%_x' }),
    ]);
    for (const [text, names] of [
      ['web', ['web-1', 'web-2']],
      ['WEB-', ['web-1', 'web-2']],
      ['abc-1', ['web-1']],
      ['4c4c4544', ['web-1']],
      ['52:54:00:AB', ['web-2']],
      ['52-54', ['web-2']],
      ['5400.abcd', ['web-2']],
      ['%', ['db-100', 'web-2']],
      ['100%_', ['db-100']],
      ['drop table', ['web-2']],
      ['abcd12 web', ['web-2']],
      ['abcd12 abc-1', []],
      ['  ', ['db-100', 'web-1', 'web-2']],
      ['', ['db-100', 'web-1', 'web-2']],
      ['zz', []],
    ] as const) {
      expect(await namesIn(stores, { text }), text).toEqual(names);
    }
  });

  storeTest('finds machines by the state of their newest install', async (stores) => {
    await put(
      stores,
      [1, 2, 3].map((at) => numbered(at)),
    );
    await stores.images.add(image());
    await stores.profiles.put(profile());
    const arm = async (id: string, at: number, state: 'requested' | 'failed') => {
      const armed = install({ id, machineId: numbered(at).id });
      await stores.installs.create(armed, event());
      if (state !== 'requested') await stores.installs.advance(armed, { ...armed, state }, event());
    };
    await arm('i-1', 1, 'failed');
    await arm('i-2', 1, 'requested');
    await arm('i-3', 2, 'failed');
    for (const [state, names] of [
      ['requested', ['web-1']],
      ['failed', ['web-2']],
      ['none', ['web-3']],
      ['installed', []],
    ] as const) {
      expect(await namesIn(stores, { state }), state).toEqual(names);
    }
    const both = { state: 'failed', text: 'web-1' } as const;
    expect(await namesIn(stores, both)).toEqual([]);
  });
}

function nameContract(storeTest: StoreTest): void {
  storeTest(
    'tells what machines are called, of many at once, and leaves out those that are not there',
    async (stores) => {
      const machines = Array.from({ length: 1200 }, (_, at) => numbered(at + 1));
      await stores.machines.putAll(() => ({ put: machines, events: [] }));
      const ids = machines.map(({ id }) => id);
      const names = await stores.machines.namesOf([...ids, ...ids, 'm-ffffffffffff']);
      expect([...names].length).toBe(1200);
      expect(names.get(ids[700]!)).toBe('web-701');
      const macs = machines.flatMap((each) => each.macs);
      const ofMacs = await stores.machines.namesOfMacs([...macs, parseMac('06ffffffffff')]);
      expect([...ofMacs].length).toBe(1200);
      expect(ofMacs.get(macs[1100]!)).toBe('web-1101');
      expect([...(await stores.machines.namesOf([]))]).toEqual([]);
    },
  );
}
