import { expect } from 'vitest';
import type { Machine } from '../../core/machines/machine.ts';
import { macFromBytes } from '../../lib/addresses.ts';
import { mergeContract } from './machine-merge-contract.ts';
import type { StoreTest } from './open-stores.ts';
import { event, install, MAC, machine, OTHER_MAC, putInstallable } from './samples.ts';

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

function macOf(number: number) {
  return macFromBytes(Uint8Array.of(0x52, 0x54, 1, 0, number >> 8, number & 0xff));
}
