import type { GroupStore } from '../core/machines/group-store.ts';
import type { SubnetStore } from '../core/network/subnet-store.ts';
import type { PolicyStore } from '../core/policy/policy-store.ts';
import type { SiteStore } from '../core/site/site-store.ts';
import type { Stores } from '../core/stores.ts';
import type { WaveStore } from '../core/waves/wave-store.ts';
import { cachedInstalls } from './cached-installs.ts';
import { cachedMachines } from './cached-machines.ts';
import { cachedPower } from './cached-power.ts';
import { type Cached, CachedRead, type WhileWritingOne } from './cached-read.ts';

/**
 * The same stores, with what is asked for each packet and each list (subnets, policy, the machine of a MAC address, its
 * newest install, its power) answered from memory. Every write of this process goes through here, so nothing is answered that is old;
 * a database that several processes write must not be opened this way.
 */
export function cachedStores(stores: Stores): Stores {
  const installs = cachedInstalls(stores.installs);
  const waves = cachedWaves(stores.waves, installs.whileWritingOne);
  const power = cachedPower(stores.power);
  const machines = cachedMachines(stores.machines, installs.newest, (id, remove) =>
    waves.whileWriting(() => installs.whileWritingOne(id, () => power.whileWritingOne(id, remove))),
  );
  const subnets = cachedSubnets(stores.subnets);
  const policy = cachedPolicy(stores.policy);
  const groups = cachedGroups(stores.groups);
  return {
    ...stores,
    installs: installs.store,
    waves: waves.store,
    power: power.store,
    machines: machines.store,
    subnets: subnets.store,
    policy: policy.store,
    groups: groups.store,
    site: cachedSite(stores.site, [
      machines.reads,
      installs.reads,
      power.reads,
      waves,
      subnets.reads,
      policy.reads,
      groups.reads,
    ]),
  };
}

/** It writes to all the others. */
function cachedSite(site: SiteStore, reads: readonly Pick<CachedRead<unknown>, 'whileWriting'>[]): SiteStore {
  return {
    ...site,
    change: (decide) => {
      const all = reads.reduce<() => Promise<void>>(
        (write, one) => () => one.whileWriting(write),
        () => site.change(decide),
      );
      return all();
    },
  };
}

function cachedSubnets(subnets: SubnetStore): Cached<SubnetStore> {
  const all = new CachedRead(() => subnets.list());
  const store: SubnetStore = {
    list: () => all.get(),
    byName: async (name) => (await all.get()).find((subnet) => subnet.name === name),
    put: (subnet, objection) => all.whileWriting(() => subnets.put(subnet, objection)),
    remove: (name) => all.whileWriting(() => subnets.remove(name)),
  };
  return { store, reads: all };
}

function cachedGroups(groups: GroupStore): Cached<GroupStore> {
  const all = new CachedRead(() => groups.list());
  const store: GroupStore = {
    ...groups,
    list: () => all.get(),
    byName: async (name) => (await all.get()).find((group) => group.name === name),
    put: (group) => all.whileWriting(() => groups.put(group)),
    remove: (name) => all.whileWriting(() => groups.remove(name)),
  };
  return { store, reads: all };
}

function cachedPolicy(policy: PolicyStore): Cached<PolicyStore> {
  const current = new CachedRead(() => policy.get());
  const store: PolicyStore = {
    get: () => current.get(),
    put: (changed) => current.whileWriting(() => policy.put(changed)),
  };
  return { store, reads: current };
}

interface CachedWaves {
  readonly store: WaveStore;
  readonly whileWriting: <T>(write: () => Promise<T>) => Promise<T>;
}

/** Those that are active, with their machines: whether a machine waits in one is asked whenever it boots. */
function cachedWaves(waves: WaveStore, whileCreating: WhileWritingOne): CachedWaves {
  const active = new CachedRead(() => waves.active());
  const store: WaveStore = {
    ...waves,
    active: () => active.get(),
    create: (...wave) => active.whileWriting(() => waves.create(...wave)),
    start: (name, install, event) =>
      active.whileWriting(() => whileCreating(install.machineId, () => waves.start(name, install, event))),
    putMember: (name, from, changed) => active.whileWriting(() => waves.putMember(name, from, changed)),
    advance: (name, from, changed, event) =>
      active.whileWriting(() => waves.advance(name, from, changed, event)),
    remove: (name) => active.whileWriting(() => waves.remove(name)),
  };
  return { store, whileWriting: (write) => active.whileWriting(write) };
}
