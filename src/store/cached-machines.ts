import type { Install } from '../core/install/install.ts';
import { MachineIndex } from '../core/machines/machine-index.ts';
import type { MachineStore } from '../core/machines/machine-store.ts';
import type { Machine } from '../core/machines/machine.ts';
import { pageOfMachines } from '../core/machines/page-of-machines.ts';
import type { MacAddress } from '../lib/addresses.ts';
import type { ByMachine } from './by-machine.ts';
import { CachedIndex } from './cached-index.ts';
import type { Cached, WhileWritingOne } from './cached-read.ts';

/**
 * All that is asked of machines answered from memory.
 *
 * @param newest the newest install of each, whose state machines are found and sorted by.
 * @param whileRemoving what goes along when one is taken away.
 */
export function cachedMachines(
  machines: MachineStore,
  newest: () => Promise<ByMachine<Install>>,
  whileRemoving: WhileWritingOne,
): Cached<MachineStore> {
  const index = new CachedIndex<Machine, MachineIndex>({
    empty: () => new MachineIndex([]),
    all: () => machines.list(),
    some: (ids) => byIds(machines, ids),
  });
  const store: MachineStore = {
    ...machines,
    list: async () => (await index.get()).all,
    page: async (query) => {
      const installs = await newest();
      return pageOfMachines((await index.get()).all, query, ({ id }) => installs.of(id)?.state ?? 'none');
    },
    byId: async (id) => (await index.get()).byId(id),
    byName: async (name) => (await index.get()).byName(name),
    namesOf: async (ids) => namesIn(await index.get(), ids),
    namesOfMacs: async (macs) => namesOfMacsIn(await index.get(), macs),
    byMac: async (mac) => (await index.get()).byMac(mac),
    byClaims: async (claims) => (await index.get()).byClaims(claims),
    unmet: async () => (await index.get()).unmet,
    names: async () => (await index.get()).names,
    put: (machine) => index.whileWritingSome([machine.id], () => machines.put(machine)),
    change: (id, decide) => index.whileWritingSome([id], () => machines.change(id, decide)),
    putAll: (decide) => index.whileWriting(() => machines.putAll(decide)),
    learn: (id, mac, event) => index.whileWritingSome([id], () => machines.learn(id, mac, event)),
    enrol: (machine, ...given) =>
      index.whileWritingSome([machine.id], () => machines.enrol(machine, ...given)),
    merge: (ids, decide) =>
      index.whileWritingSome([ids.into, ids.from], () =>
        whileRemoving(ids.into, () => whileRemoving(ids.from, () => machines.merge(ids, decide))),
      ),
    remove: (id) => index.whileWritingSome([id], () => whileRemoving(id, () => machines.remove(id))),
  };
  return { store, reads: index };
}

async function byIds(machines: MachineStore, ids: readonly string[]): Promise<ReadonlyMap<string, Machine>> {
  const found = new Map<string, Machine>();
  for (const id of ids) {
    const machine = await machines.byId(id);
    if (machine) found.set(id, machine);
  }
  return found;
}

function namesIn(index: MachineIndex, ids: readonly string[]): ReadonlyMap<string, string> {
  return new Map(ids.flatMap((id) => pairOf(id, index.byId(id))));
}

function namesOfMacsIn(index: MachineIndex, macs: readonly MacAddress[]): ReadonlyMap<MacAddress, string> {
  return new Map(macs.flatMap((mac) => pairOf(mac, index.byMac(mac))));
}

function pairOf<Key>(key: Key, machine: Machine | undefined): readonly (readonly [Key, string])[] {
  return machine ? [[key, machine.name]] : [];
}
