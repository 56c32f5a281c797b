import { expect } from 'vitest';
import type { MergeDecision } from '../../core/machines/machine-store.ts';
import type { Machine } from '../../core/machines/machine.ts';
import { wave as sampleWave } from '../../core/waves/suite/wave-samples.ts';
import { macFromBytes } from '../../lib/addresses.ts';
import type { StoreTest } from './open-stores.ts';
import { event, install, MAC, machine, NOON, OTHER_MAC, putInstallable } from './samples.ts';

const ONE = machine();
const OTHER: Machine = machine({ id: 'm-000000000002', name: 'web-2', macs: [OTHER_MAC] });
const UNMET: Machine = machine({ id: 'm-000000000003', name: 'web-3', macs: [], serial: 'S3' });
const MET = event({ kind: 'machine.learned', text: 'web-3 is here', machineId: UNMET.id });

/** What changes more than one machine, or only if it still is as it was. */
export function machineChangesContract(storeTest: StoreTest): void {
  learnContract(storeTest);
  putAllContract(storeTest);
  changeContract(storeTest);
  mergeContract(storeTest);
}

function learnContract(storeTest: StoreTest): void {
  storeTest('gives a machine its first MAC address, with its event', async (stores, reopen) => {
    await stores.machines.put(UNMET);
    expect(await stores.machines.learn(UNMET.id, MAC, MET)).toMatchObject({ learned: true, event: MET });
    const { machines, events } = await reopen();
    expect(await machines.byMac(MAC)).toEqual({ ...UNMET, macs: [MAC] });
    expect(await machines.unmet()).toEqual([]);
    expect(await events.list({ machineId: UNMET.id }, 10)).toMatchObject([MET]);
  });

  storeTest('of many MAC addresses a machine is given at once, it has one', async (stores) => {
    await stores.machines.put(UNMET);
    const macs = [1, 2, 3, 4].map(macOf);
    const results = await Promise.all(macs.map((mac) => stores.machines.learn(UNMET.id, mac, MET)));
    const given = macs.filter((_, at) => results[at]?.learned);
    expect(given).toHaveLength(1);
    expect((await stores.machines.byId(UNMET.id))?.macs).toEqual(given);
    expect(await stores.events.list({}, 10)).toHaveLength(1);
  });

  for (const [title, id, mac, because] of [
    ['one that has another by now', OTHER.id, macOf(9), `web-2 has the MAC address ${OTHER_MAC} by now`],
    ['one of another machine', UNMET.id, MAC, `the MAC address ${MAC} belongs to machine "web-1"`],
    ['one of a machine that is gone', 'm-9', macOf(9), 'there is no machine with the id "m-9"'],
  ] as const) {
    storeTest(`learns no MAC address: ${title}`, async (stores) => {
      for (const each of [ONE, OTHER, UNMET]) await stores.machines.put(each);
      expect(await stores.machines.learn(id, mac, MET)).toEqual({ learned: false, because });
      expect(await stores.machines.list()).toEqual([ONE, OTHER, UNMET]);
      expect(await stores.events.list({}, 10)).toEqual([]);
    });
  }
}

function putAllContract(storeTest: StoreTest): void {
  storeTest('decides on what is there, and lets names and MAC addresses go round', async (stores) => {
    for (const each of [ONE, OTHER]) await stores.machines.put(each);
    const put = [
      { ...ONE, name: OTHER.name, macs: OTHER.macs },
      { ...OTHER, name: ONE.name, macs: ONE.macs, labels: { rack: 'a' } },
      UNMET,
    ];
    const written = await stores.machines.putAll((all) => {
      expect(all).toEqual([ONE, OTHER]);
      return { put, events: [MET], more: 'kept' };
    });
    expect(written).toMatchObject({ put: true, decided: { more: 'kept' }, events: [MET] });
    expect(await stores.machines.list()).toEqual([put[1], put[0], UNMET]);
    expect(await stores.events.list({}, 10)).toMatchObject([MET]);
  });

  storeTest('only looks where that is wanted', async (stores) => {
    const decided = { put: [ONE], events: [MET], purpose: 'look' } as const;
    expect(await stores.machines.putAll(() => decided)).toEqual({ put: true, decided, events: [] });
    expect(await stores.machines.list()).toEqual([]);
    expect(await stores.events.list({}, 10)).toEqual([]);
    const bad = { ...decided, put: [{ ...ONE, macs: [] }] };
    expect(await stores.machines.putAll(() => bad)).toMatchObject({ put: false });
  });

  storeTest('writes thousands of machines at once', async (stores) => {
    const put = Array.from({ length: 2500 }, (_, at) =>
      machine({ id: `m-${at}`, name: `web-${at}`, macs: [macOf(at), macOf(at + 30_000)] }),
    );
    expect(await stores.machines.putAll(() => ({ put, events: [] }))).toMatchObject({ put: true });
    expect(await stores.machines.putAll(() => ({ put, events: [] }))).toMatchObject({ put: true });
    expect(await stores.machines.list()).toHaveLength(put.length);
    expect(await stores.machines.byMac(macOf(32_499))).toEqual(put[2499]);
  });

  storeTest('tells every reason against it, and writes nothing', async (stores) => {
    for (const each of [ONE, OTHER]) await stores.machines.put(each);
    const good = machine({ id: 'm-000000000004', name: 'good', macs: [macOf(4)] });
    const bad: readonly (readonly [Machine, string])[] = [
      [{ ...UNMET, name: 'web-1' }, 'the name "web-1" belongs to machine m-000000000001'],
      [{ ...good, id: 'm-5', name: 'x5', macs: [MAC] }, `the MAC address ${MAC} belongs to machine "web-1"`],
      [{ ...good, id: 'm-6', name: 'x6' }, 'a MAC address of it is one of machine "good", too'],
      [{ ...good, id: 'm-7', macs: [macOf(7)] }, 'the name "good" is given twice'],
      [
        { ...good, id: 'm-8', name: 'x8', macs: [macOf(8), macOf(8)] },
        `the MAC address ${macOf(8)} is listed twice`,
      ],
      [{ ...good, id: 'm-9', name: 'x9', macs: [] }, 'machine x9 has nothing to be known by'],
    ];
    const put = [good, ...bad.map(([each]) => each)];
    const refused = await stores.machines.putAll(() => ({ put, events: [MET] }));
    expect(refused).toEqual({
      put: false,
      objections: bad.map(([each, because]) => ({
        machine: each,
        because: expect.stringContaining(because),
      })),
    });
    expect(await stores.machines.list()).toEqual([ONE, OTHER]);
    expect(await stores.events.list({}, 10)).toEqual([]);
  });

  storeTest('writes nothing where a machine is being installed that must not be', async (stores) => {
    await putInstallable(stores);
    expect(await stores.installs.create(install(), event())).toMatchObject({ created: true });
    expect(await stores.machines.putAll(() => ({ put: [UNMET], events: [MET], idle: [ONE] }))).toEqual({
      put: false,
      objections: [
        {
          machine: ONE,
          isBusy: true,
          because: expect.stringMatching(/^install .* of web-1 is (requested|armed): cancel that first$/),
        },
      ],
    });
    expect(await stores.machines.byId(UNMET.id)).toBeUndefined();
  });

  storeTest('writes nothing where its event cannot be written', async (stores) => {
    const broken = { put: [ONE], events: [event({ atMs: Number.NaN })] };
    await expect(stores.machines.putAll(() => broken)).rejects.toThrow();
    expect(await stores.machines.list()).toEqual([]);
  });
}

function changeContract(storeTest: StoreTest): void {
  storeTest('changes a machine as it is decided on what it is now', async (stores) => {
    for (const each of [ONE, OTHER]) await stores.machines.put(each);
    const adding = (name: string) =>
      stores.machines.change(ONE.id, (now) => ({
        change: true,
        machine: { ...now, labels: { ...now.labels, [name]: 'x' } },
      }));
    await Promise.all([adding('a'), adding('b'), adding('c')]);
    expect(await stores.machines.byId(ONE.id)).toEqual({ ...ONE, labels: { a: 'x', b: 'x', c: 'x' } });
    expect(await stores.machines.byId(OTHER.id)).toEqual(OTHER);
  });

  for (const [title, id, changed, expected] of [
    ['that is not there', 'm-0000000000ff', ONE, { why: 'gone' }],
    [
      'to a name of another',
      ONE.id,
      { ...ONE, name: OTHER.name },
      { why: 'taken', because: expect.stringContaining(`belongs to machine ${OTHER.id}`) },
    ],
    ['against the decision', ONE.id, undefined, { why: 'decided', because: 'no' }],
  ] as const) {
    storeTest(`changes no machine ${title}`, async (stores) => {
      for (const each of [ONE, OTHER]) await stores.machines.put(each);
      const result = await stores.machines.change(id, () =>
        changed ? { change: true, machine: changed } : { change: false, because: 'no' },
      );
      expect(result).toEqual({ changed: false, ...expected });
      expect(await stores.machines.list()).toEqual([ONE, OTHER]);
    });
  }
}

const TOGETHER: MergeDecision = (into, from) => ({
  merge: true,
  machine: { ...into, macs: [...into.macs, ...from.macs] },
  event: event({ kind: 'machine.merged', text: `${from.name} is ${into.name}`, machineId: into.id }),
});

function mergeContract(storeTest: StoreTest): void {
  storeTest(
    'makes one of two: MAC addresses, installs and timeline are the first one’s',
    async (stores, reopen) => {
      await putInstallable(stores);
      await stores.machines.put(OTHER);
      const told = event({ machineId: OTHER.id, installId: 'i-000000000002' });
      await stores.installs.create(
        install({ id: 'i-000000000002', machineId: OTHER.id, state: 'installed' }),
        told,
      );
      await stores.installs.create(install(), event({ machineId: ONE.id }));
      const both = { ...ONE, macs: [MAC, OTHER_MAC] };
      expect(await stores.machines.merge({ into: ONE.id, from: OTHER.id }, TOGETHER)).toMatchObject({
        merged: true,
        machine: both,
        event: { kind: 'machine.merged', id: 3 },
      });
      const { machines, installs, events } = await reopen();
      expect(await machines.list()).toEqual([both]);
      expect((await installs.list({ machineId: ONE.id, limit: 9 })).map(({ id }) => id)).toEqual([
        'i-000000000001',
        'i-000000000002',
      ]);
      expect(await installs.openOf(ONE.id)).toMatchObject({ id: 'i-000000000001' });
      expect(await events.list({ machineId: OTHER.id }, 9)).toEqual([]);
      expect(await events.list({ machineId: ONE.id }, 9)).toHaveLength(3);
    },
  );

  storeTest('what is under way stays the newest install, whatever comes from the other', async (stores) => {
    await putInstallable(stores);
    await stores.machines.put(OTHER);
    await stores.installs.create(install(), event());
    const later = install({ id: 'i-000000000002', machineId: OTHER.id, state: 'cancelled' });
    await stores.installs.create(later, event());
    await stores.machines.merge({ into: ONE.id, from: OTHER.id }, TOGETHER);
    const ids = (await stores.installs.list({ machineId: ONE.id, limit: 9 })).map(({ id }) => id);
    expect(ids).toEqual(['i-000000000001', 'i-000000000002']);
    expect(await stores.installs.list({ machineId: ONE.id, limit: 1 })).toEqual([install()]);
  });

  storeTest('the later of two reports on the hardware is the one that stays', async (stores) => {
    for (const each of [ONE, OTHER]) await stores.machines.put(each);
    const report = (source: 'dhcp' | 'ipxe' | 'installer', atMs: number, memoryMegabytes: number) =>
      ({ source, atMs, facts: { memoryMegabytes } }) as const;
    const own = [report('dhcp', NOON + 1, 1), report('ipxe', NOON, 1)];
    const others = [report('dhcp', NOON, 2), report('installer', NOON, 2), report('ipxe', NOON + 1, 2)];
    for (const each of own) await stores.facts.put(ONE.id, each);
    for (const each of others) await stores.facts.put(OTHER.id, each);
    await stores.machines.merge({ into: ONE.id, from: OTHER.id }, TOGETHER);
    expect(await stores.facts.all()).toEqual(new Map([[ONE.id, [own[0], others[1], others[2]]]]));
  });

  storeTest('a place in a wave moves, but for a second one in the same wave', async (stores) => {
    await putInstallable(stores);
    await stores.machines.put(OTHER);
    for (const [name, ids] of [
      ['first', [OTHER.id]],
      ['both', [ONE.id, OTHER.id]],
      ['third', [OTHER.id]],
    ] as const) {
      const { wave } = sampleWave({ name, createdAtMs: NOON, changedAtMs: NOON });
      expect(await stores.waves.create(wave, ids, event()), name).toMatchObject({ created: true });
      await stores.waves.advance(name, 'running', { state: 'cancelled', changedAtMs: NOON }, event());
    }
    await stores.machines.merge({ into: ONE.id, from: OTHER.id }, TOGETHER);
    const members = (await stores.waves.list()).map((one) => [
      one.wave.name,
      one.members.map((m) => m.machineId),
    ]);
    expect(Object.fromEntries(members)).toEqual({ first: [ONE.id], both: [ONE.id], third: [ONE.id] });
  });

  storeTest('who waits for its turn in one wave gets no second one to wait for', async (stores) => {
    await putInstallable(stores);
    await stores.machines.put(OTHER);
    for (const [name, ids] of [
      ['first', [ONE.id]],
      ['second', [OTHER.id]],
    ] as const) {
      const { wave } = sampleWave({ name, createdAtMs: NOON, changedAtMs: NOON });
      expect(await stores.waves.create(wave, ids, event()), name).toMatchObject({ created: true });
    }
    await stores.machines.merge({ into: ONE.id, from: OTHER.id }, TOGETHER);
    expect((await stores.waves.byName('first'))?.members).toHaveLength(1);
    expect((await stores.waves.byName('second'))?.members).toEqual([]);
  });

  for (const [title, prepare, ids, decide, because] of [
    [
      'while an install of the second is open',
      install({ machineId: OTHER.id, state: 'booting' }),
      { into: ONE.id, from: OTHER.id },
      TOGETHER,
      'install i-000000000001 of web-2 is booting: cancel that first',
    ],
    [
      'where it is decided otherwise',
      install({ machineId: OTHER.id, state: 'failed' }),
      { into: ONE.id, from: OTHER.id },
      () => ({ merge: false, because: 'they differ' }) as const,
      'they differ',
    ],
    [
      'where one is not there',
      install({ machineId: OTHER.id, state: 'failed' }),
      { into: ONE.id, from: 'm-9' },
      TOGETHER,
      'there is no machine with the id "m-9"',
    ],
  ] as const) {
    storeTest(`leaves two machines two ${title}`, async (stores) => {
      await putInstallable(stores);
      await stores.machines.put(OTHER);
      await stores.installs.create(prepare, event({ atMs: NOON, machineId: OTHER.id }));
      expect(await stores.machines.merge(ids, decide)).toEqual({ merged: false, because });
      expect(await stores.machines.list()).toEqual([ONE, OTHER]);
      expect(await stores.events.list({ machineId: OTHER.id }, 9)).toHaveLength(1);
    });
  }
}

function macOf(number: number) {
  return macFromBytes(Uint8Array.of(0x52, 0x54, 1, 0, number >> 8, number & 0xff));
}
