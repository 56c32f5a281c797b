import type { Install } from '../core/install/install.ts';
import type { InstallStore } from '../core/install/install-store.ts';
import type { GroupStore } from '../core/machines/group-store.ts';
import type { Machine } from '../core/machines/machine.ts';
import type { SubnetStore } from '../core/network/subnet-store.ts';
import type { PolicyStore } from '../core/policy/policy-store.ts';
import type { SiteStore } from '../core/site/site-store.ts';
import type { Stores } from '../core/stores.ts';
import type { WaveStore } from '../core/waves/wave-store.ts';
import { cachedMachines } from './cached-machines.ts';
import { type Cached, CachedRead, type WhileWritingOne } from './cached-read.ts';

/** Machines whose newest install is remembered at most; that of others is read each time. */
const MAX_INSTALLS = 100_000;

/**
 * The same stores, with what is asked for each packet (subnets, policy, the machine of a MAC address, its newest
 * install) answered from memory. Every write of this process goes through here, so nothing is answered that is old;
 * a database that several processes write must not be opened this way.
 */
export function cachedStores(stores: Stores): Stores {
  const installs = cachedInstalls(stores.installs);
  const waves = cachedWaves(stores.waves, installs.whileCreating);
  const machines = cachedMachines(stores.machines, (id, remove) =>
    waves.whileWriting(async () => {
      const removed = await remove();
      installs.forget(id);
      return removed;
    }),
  );
  const subnets = cachedSubnets(stores.subnets);
  const policy = cachedPolicy(stores.policy);
  const groups = cachedGroups(stores.groups);
  return {
    ...stores,
    installs: installs.store,
    waves: waves.store,
    machines: machines.store,
    subnets: subnets.store,
    policy: policy.store,
    groups: groups.store,
    site: cachedSite(
      stores.site,
      [machines.reads, waves, subnets.reads, policy.reads, groups.reads],
      installs.forget,
    ),
  };
}

/** It writes to all the others. */
function cachedSite(
  site: SiteStore,
  reads: readonly Pick<CachedRead<unknown>, 'whileWriting'>[],
  forgetInstall: (machineId: string) => void,
): SiteStore {
  return {
    ...site,
    change: async (decide) => {
      let gone: readonly Machine[] = [];
      const change = (): Promise<void> =>
        site.change((contents) => {
          const writes = decide(contents);
          gone = writes?.machines.remove ?? [];
          return writes;
        });
      const all = reads.reduce<() => Promise<void>>((write, one) => () => one.whileWriting(write), change);
      await all();
      for (const { id } of gone) forgetInstall(id);
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

interface CachedInstalls {
  readonly store: InstallStore;
  /** One that another store creates for this machine. */
  readonly whileCreating: WhileWritingOne;
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
    createAll: (wanted) =>
      whileWritingAll(
        wanted.map(({ install }) => newestOf(install.machineId)),
        () => installs.createAll(wanted),
      ),
    advanceAndCreate: (from, changed, next) =>
      newestOf(changed.install.machineId).whileWriting(() => installs.advanceAndCreate(from, changed, next)),
  };
  return {
    store,
    whileCreating: (machineId, write) => newestOf(machineId).whileWriting(write),
    forget: (machineId) => newest.delete(machineId),
  };
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

function whileWritingAll<T>(
  [first, ...others]: readonly CachedRead<unknown>[],
  write: () => Promise<T>,
): Promise<T> {
  return first ? first.whileWriting(() => whileWritingAll(others, write)) : write();
}
