import type { Install } from '../core/install/install.ts';
import type { InstallStore } from '../core/install/install-store.ts';
import type { MachineStore } from '../core/machines/machine-store.ts';
import { MachineIndex } from '../core/machines/machine-index.ts';
import type { SubnetStore } from '../core/network/subnet-store.ts';
import type { PolicyStore } from '../core/policy/policy-store.ts';
import type { Stores } from '../core/stores.ts';
import { CachedRead } from './cached-read.ts';

/** Machines whose newest install is remembered at most; that of others is read each time. */
const MAX_INSTALLS = 100_000;

/**
 * The same stores, with what is asked for each packet (subnets, policy, the machine of a MAC address, its newest
 * install) answered from memory. Every write of this process goes through here, so nothing is answered that is old;
 * a database that several processes write must not be opened this way.
 */
export function cachedStores(stores: Stores): Stores {
  const installs = cachedInstalls(stores.installs);
  return {
    ...stores,
    installs: installs.store,
    machines: cachedMachines(stores.machines, installs.forget),
    subnets: cachedSubnets(stores.subnets),
    policy: cachedPolicy(stores.policy),
  };
}

function cachedSubnets(subnets: SubnetStore): SubnetStore {
  const all = new CachedRead(() => subnets.list());
  return {
    list: () => all.get(),
    byName: async (name) => (await all.get()).find((subnet) => subnet.name === name),
    put: (subnet, objection) => all.whileWriting(() => subnets.put(subnet, objection)),
    remove: (name) => all.whileWriting(() => subnets.remove(name)),
  };
}

function cachedPolicy(policy: PolicyStore): PolicyStore {
  const current = new CachedRead(() => policy.get());
  return {
    get: () => current.get(),
    put: (changed) => current.whileWriting(() => policy.put(changed)),
  };
}

function cachedMachines(machines: MachineStore, forgetInstall: (machineId: string) => void): MachineStore {
  const index = new CachedRead(async () => new MachineIndex(await machines.list()));
  return {
    ...machines,
    byMac: async (mac) => (await index.get()).byMac(mac),
    byClaims: async (claims) => (await index.get()).byClaims(claims),
    unmet: async () => (await index.get()).unmet,
    put: (machine) => index.whileWriting(() => machines.put(machine)),
    putAll: (decide) => index.whileWriting(() => machines.putAll(decide)),
    learn: (id, mac, event) => index.whileWriting(() => machines.learn(id, mac, event)),
    merge: async (ids, decide) => {
      const merged = await index.whileWriting(() => machines.merge(ids, decide));
      forgetInstall(ids.into);
      forgetInstall(ids.from);
      return merged;
    },
    remove: async (id) => {
      const removed = await index.whileWriting(() => machines.remove(id));
      forgetInstall(id);
      return removed;
    },
  };
}

interface CachedInstalls {
  readonly store: InstallStore;
  readonly forget: (machineId: string) => void;
}

/** Only the newest of each machine is remembered: that is what decides what it boots. */
function cachedInstalls(installs: InstallStore): CachedInstalls {
  const newest = new Map<string, CachedRead<readonly Install[]>>();
  const newestOf = (machineId: string): CachedRead<readonly Install[]> => {
    const known = newest.get(machineId);
    if (known) return known;
    const read = new CachedRead(() => installs.list({ machineId, limit: 1 }));
    if (newest.size < MAX_INSTALLS) newest.set(machineId, read);
    return read;
  };
  const store: InstallStore = {
    ...installs,
    list: (filter) =>
      filter.machineId === undefined || filter.limit !== 1
        ? installs.list(filter)
        : newestOf(filter.machineId).get(),
    create: (install, event) =>
      newestOf(install.machineId).whileWriting(() => installs.create(install, event)),
    advance: (from, changed, event) =>
      newestOf(changed.machineId).whileWriting(() => installs.advance(from, changed, event)),
  };
  return { store, forget: (machineId) => newest.delete(machineId) };
}
