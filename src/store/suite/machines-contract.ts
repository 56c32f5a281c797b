import { expect } from 'vitest';
import type { Machine } from '../../core/machines/machine.ts';
import { MAX_MACS_PER_MACHINE } from '../../core/machines/machine.ts';
import { macFromBytes, parseMac, parseUuid } from '../../lib/addresses.ts';
import type { StoreTest } from './open-stores.ts';
import { AWKWARD, MAC, OTHER_MAC, UUID, event, install, machine, putInstallable } from './samples.ts';

const OTHER: Machine = machine({ id: 'm-000000000002', name: 'web-2', macs: [OTHER_MAC] });

export function machinesContract(storeTest: StoreTest): void {
  findContract(storeTest);
  putContract(storeTest);
  refusalContract(storeTest);
  removeContract(storeTest);
}

function findContract(storeTest: StoreTest): void {
  storeTest('lists machines by name, byte by byte', async (stores) => {
    const names = ['web2', 'web-1', 'a', 'web10', 'web1', '0'];
    for (const [at, name] of names.entries()) {
      await stores.machines.put(machine({ id: `m-${at}`, name, macs: [macOf(at)] }));
    }
    const listed = await stores.machines.list();
    expect(listed.map((each) => each.name)).toEqual(['0', 'a', 'web-1', 'web1', 'web10', 'web2']);
    expect(await stores.machines.names()).toEqual(new Set(names));
  });

  storeTest('finds a machine by its id, its name and its UUID', async (stores) => {
    const ways = { loader: 'ipxe', source: 'nfs', memoryMegabytes: 2048, memoryCheck: 'off' } as const;
    const known = machine({ uuid: UUID, ...ways });
    await stores.machines.put(known);
    await stores.machines.put(OTHER);
    expect(await stores.machines.byId(known.id)).toEqual(known);
    expect(await stores.machines.byName(known.name)).toEqual(known);
    expect(await stores.machines.byClaims({ uuids: [UUID] })).toEqual([known]);
  });

  storeTest('finds a machine by each of its MAC addresses, and gives all of them', async (stores) => {
    const known = machine({ macs: [OTHER_MAC, MAC] });
    await stores.machines.put(known);
    expect(await stores.machines.byMac(MAC)).toEqual(known);
    expect(await stores.machines.byMac(OTHER_MAC)).toEqual(known);
  });

  storeTest('finds nothing where there is nothing', async (stores) => {
    await stores.machines.put(machine());
    expect(await stores.machines.byId('m-000000000009')).toBeUndefined();
    expect(await stores.machines.byName('web')).toBeUndefined();
    expect(await stores.machines.byMac(OTHER_MAC)).toBeUndefined();
    expect(await stores.machines.byClaims({ uuids: [UUID] })).toEqual([]);
  });

  storeTest('finds all that have one of the claims, in letters of either size', async (stores) => {
    const port = { circuitId: 'eth0/7', remoteId: 'rack1' };
    const known = [
      machine({ macs: [], serial: 'ABC-1', uuid: UUID }),
      { ...OTHER, macs: [], assetTag: 'Tag 7', uuid: UUID },
      machine({ id: 'm-000000000003', name: 'web-3', macs: [], port }),
      machine({ id: 'm-000000000004', name: 'web-4', macs: [macOf(4)], port: { circuitId: 'eth0/7' } }),
    ];
    for (const each of known) expect(await stores.machines.put(each)).toEqual({ put: true });
    for (const [claims, names] of [
      [{}, []],
      [{ uuids: [UUID] }, ['web-1', 'web-2']],
      [{ uuids: [parseUuid('00000000-0000-0000-0000-000000000001')] }, []],
      [{ serial: 'abc-1' }, ['web-1']],
      [{ serial: 'abc' }, []],
      [{ assetTag: 'TAG 7' }, ['web-2']],
      [{ port: { circuitId: 'eth0/7', remoteId: 'rack2' } }, ['web-3', 'web-4']],
      [{ serial: 'ABC-1', assetTag: 'tag 7', port: { circuitId: 'no' } }, ['web-1', 'web-2']],
    ] as const) {
      const found = await stores.machines.byClaims(claims);
      expect(found.map(({ name }) => name).toSorted(), JSON.stringify(claims)).toEqual(names);
    }
    expect(await stores.machines.unmet()).toEqual(known.slice(0, 3));
    expect(await stores.machines.list()).toEqual(known);
  });
}

function putContract(storeTest: StoreTest): void {
  storeTest('keeps every field, and the MAC addresses in their order', async (stores, reopen) => {
    const macs = Array.from({ length: MAX_MACS_PER_MACHINE }, (_, at) => macOf(255 - at));
    const full = machine({
      macs,
      uuid: UUID,
      labels: { 'example.org/rack': 'a', gpu: '' },
      variables: { [AWKWARD]: AWKWARD, empty: '' },
    });
    expect(await stores.machines.put(full)).toEqual({ put: true });
    expect(await (await reopen()).machines.byId(full.id)).toEqual(full);
  });

  storeTest('replaces the machine with that id, whatever else changed', async (stores) => {
    await stores.machines.put(machine({ uuid: UUID, variables: { role: 'old' } }));
    const changed = machine({ name: 'db-1', macs: [OTHER_MAC], variables: {} });
    expect(await stores.machines.put(changed)).toEqual({ put: true });
    expect(await stores.machines.list()).toEqual([changed]);
    expect(await stores.machines.byMac(MAC)).toBeUndefined();
    expect(await stores.machines.byClaims({ uuids: [UUID] })).toEqual([]);
  });

  storeTest('leaves its installs alone when it is replaced', async (stores) => {
    await putInstallable(stores);
    await stores.installs.create(install(), event());
    await stores.machines.put(machine({ name: 'renamed' }));
    expect(await stores.installs.openOf(machine().id)).toEqual(install());
  });

  storeTest('gives a name and a MAC address to another machine once they are free', async (stores) => {
    await stores.machines.put(machine());
    await stores.machines.put(machine({ name: 'db-1', macs: [OTHER_MAC] }));
    const heir = machine({ id: 'm-000000000002' });
    expect(await stores.machines.put(heir)).toEqual({ put: true });
    expect(await stores.machines.byMac(MAC)).toEqual(heir);
  });

  storeTest('of two machines put at once with one MAC address, one is written whole', async (stores) => {
    const rivals = [machine(), { ...OTHER, macs: [OTHER_MAC, MAC] }];
    const results = await Promise.all(rivals.map((rival) => stores.machines.put(rival)));
    expect(results.map((result) => result.put)).toEqual(expect.arrayContaining([true, false]));
    expect(await stores.machines.list()).toEqual(rivals.filter((_, at) => results[at]?.put));
  });
}

function refusalContract(storeTest: StoreTest): void {
  const rows: readonly (readonly [string, Machine, string])[] = [
    [
      'the name of another',
      { ...OTHER, name: 'web-1' },
      'the name "web-1" belongs to machine m-000000000001',
    ],
    [
      'a MAC address of another',
      { ...OTHER, macs: [OTHER_MAC, MAC] },
      `the MAC address ${MAC} belongs to machine "web-1"`,
    ],
    ['one MAC address twice', { ...OTHER, macs: [OTHER_MAC, OTHER_MAC] }, `${OTHER_MAC} is listed twice`],
    [
      'nothing to be known by',
      { ...OTHER, macs: [] },
      'machine web-2 has nothing to be known by: a MAC address,',
    ],
  ];
  for (const [what, refused, because] of rows) {
    storeTest(`refuses a machine with ${what}, and writes nothing`, async (stores) => {
      await stores.machines.put(machine());
      const result = await stores.machines.put(refused);
      expect(result).toEqual({ put: false, because: expect.stringContaining(because) });
      expect(await stores.machines.list()).toEqual([machine()]);
    });
  }

  storeTest('refuses to rename a machine to the name of another, which both keep', async (stores) => {
    await stores.machines.put(machine());
    await stores.machines.put(OTHER);
    expect(await stores.machines.put({ ...OTHER, name: 'web-1', macs: [macOf(9)] })).toMatchObject({
      put: false,
    });
    expect(await stores.machines.list()).toEqual([machine(), OTHER]);
  });
}

function removeContract(storeTest: StoreTest): void {
  storeTest('removes a machine with its installs, and leaves its events', async (stores) => {
    await putInstallable(stores);
    const over = install({ state: 'failed' });
    const told = event({ machineId: machine().id, installId: over.id });
    await stores.installs.create(over, told);
    expect(await stores.machines.remove(machine().id)).toEqual({ removed: true });
    expect(await stores.machines.list()).toEqual([]);
    expect(await stores.machines.byMac(MAC)).toBeUndefined();
    expect(await stores.installs.byId(over.id)).toBeUndefined();
    expect(await stores.events.list({ machineId: machine().id }, 10)).toMatchObject([told]);
  });

  storeTest('removes nothing but that machine', async (stores) => {
    await stores.machines.put(machine());
    await stores.machines.put(OTHER);
    await stores.machines.remove(machine().id);
    expect(await stores.machines.list()).toEqual([OTHER]);
  });

  for (const state of ['requested', 'booting', 'installing'] as const) {
    storeTest(`refuses to remove a machine whose install is ${state}`, async (stores) => {
      await putInstallable(stores);
      await stores.installs.create(install({ state }), event());
      const because = `its install i-000000000001 is ${state}: cancel that first`;
      expect(await stores.machines.remove(machine().id)).toEqual({ removed: false, because });
      expect(await stores.machines.byMac(MAC)).toEqual(machine());
      expect(await stores.installs.byId('i-000000000001')).toBeDefined();
    });
  }

  storeTest('refuses to remove a machine that is not there', async (stores) => {
    const because = 'there is no machine with the id "m-000000000009"';
    expect(await stores.machines.remove('m-000000000009')).toEqual({ removed: false, because });
  });

  storeTest('takes a MAC address back when its machine was removed', async (stores) => {
    await stores.machines.put(machine());
    await stores.machines.remove(machine().id);
    expect(await stores.machines.put({ ...OTHER, macs: [MAC] })).toEqual({ put: true });
    expect(parseMac('52-54-00-12-34-56')).toBe((await stores.machines.byMac(MAC))?.macs[0]);
  });
}

function macOf(number: number) {
  return macFromBytes(Uint8Array.of(0x52, 0x54, 0, 0, 0, number));
}
