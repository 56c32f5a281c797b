import type { InstallStore } from '../core/install/install-store.ts';
import type { Install } from '../core/install/install.ts';
import { ByMachine, byMachineId } from './by-machine.ts';
import { CachedIndex } from './cached-index.ts';
import type { Cached, WhileWritingOne } from './cached-read.ts';

export interface CachedInstalls extends Cached<InstallStore> {
  readonly newest: () => Promise<ByMachine<Install>>;
  /** What another store writes of the installs of one machine. */
  readonly whileWritingOne: WhileWritingOne;
}

/** Only the newest of each machine is remembered: that decides what it boots, and is told of it in every list. */
export function cachedInstalls(installs: InstallStore): CachedInstalls {
  const index = new CachedIndex<Install, ByMachine<Install>>({
    empty: () => new ByMachine(),
    all: () => installs.newestOfAll(),
    some: async (machineIds) => byMachineId(await installs.newestOf(machineIds)),
  });
  const newestOf = async (machineIds: readonly string[]): Promise<readonly Install[]> => {
    const newest = await index.get();
    return [...new Set(machineIds)].flatMap((id) => newest.of(id) ?? []);
  };
  const whileWritingOne: WhileWritingOne = (machineId, write) => index.whileWritingSome([machineId], write);
  const store: InstallStore = {
    ...installs,
    newestOf,
    list: (filter) =>
      filter.machineId === undefined || filter.limit !== 1
        ? installs.list(filter)
        : newestOf([filter.machineId]),
    create: (install, event) => whileWritingOne(install.machineId, () => installs.create(install, event)),
    advance: (from, changed, event) =>
      whileWritingOne(changed.machineId, () => installs.advance(from, changed, event)),
    createAll: (wanted) =>
      index.whileWritingSome(
        wanted.map(({ install }) => install.machineId),
        () => installs.createAll(wanted),
      ),
    advanceAndCreate: (from, changed, next) =>
      whileWritingOne(changed.install.machineId, () => installs.advanceAndCreate(from, changed, next)),
  };
  return { store, reads: index, newest: () => index.get(), whileWritingOne };
}
