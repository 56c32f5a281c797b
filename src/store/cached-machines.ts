import type { MachineIndex } from '../core/machines/machine-index.ts';
import type { MachineStore } from '../core/machines/machine-store.ts';
import type { Machine } from '../core/machines/machine.ts';
import { isOwnQuery, pageOfMachines } from '../core/machines/page-of-machines.ts';
import type { MacAddress } from '../lib/addresses.ts';
import { CachedIndex } from './cached-index.ts';
import type { Cached, WhileWritingOne } from './cached-read.ts';

/**
 * All that is asked of machines answered from memory, but for the state of their installs.
 *
 * @param whileRemoving what goes along when one is taken away.
 */
export function cachedMachines(machines: MachineStore, whileRemoving: WhileWritingOne): Cached<MachineStore> {
  const index = new CachedIndex({ all: () => machines.list(), byId: (id) => machines.byId(id) });
  const store: MachineStore = {
    ...machines,
    list: async () => (await index.get()).all,
    page: async (query) =>
      isOwnQuery(query) ? pageOfMachines((await index.get()).all, query) : await machines.page(query),
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

function namesIn(index: MachineIndex, ids: readonly string[]): ReadonlyMap<string, string> {
  return new Map(ids.flatMap((id) => pairOf(id, index.byId(id))));
}

function namesOfMacsIn(index: MachineIndex, macs: readonly MacAddress[]): ReadonlyMap<MacAddress, string> {
  return new Map(macs.flatMap((mac) => pairOf(mac, index.byMac(mac))));
}

function pairOf<Key>(key: Key, machine: Machine | undefined): readonly (readonly [Key, string])[] {
  return machine ? [[key, machine.name]] : [];
}
