import { expect } from 'vitest';
import type { MergeDecision } from '../../core/machines/machine-store.ts';
import type { Machine } from '../../core/machines/machine.ts';
import { wave as sampleWave } from '../../core/waves/suite/wave-samples.ts';
import type { StoreTest } from './open-stores.ts';
import { event, install, MAC, machine, NOON, OTHER_MAC, putInstallable } from './samples.ts';

const ONE = machine();
const OTHER: Machine = machine({ id: 'm-000000000002', name: 'web-2', macs: [OTHER_MAC] });

const TOGETHER: MergeDecision = (into, from) => ({
  merge: true,
  machine: { ...into, macs: [...into.macs, ...from.macs] },
  event: event({ kind: 'machine.merged', text: `${from.name} is ${into.name}`, machineId: into.id }),
});

/** Two records that are one computer. */
export function mergeContract(storeTest: StoreTest): void {
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
    const members = (await stores.waves.page({ limit: 10 })).waves.map((one) => [
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
