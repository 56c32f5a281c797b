import type { MachinePower, PowerStore } from '../core/power/machine-power.ts';
import { ByMachine, byMachineId } from './by-machine.ts';
import { CachedIndex } from './cached-index.ts';
import type { Cached, WhileWritingOne } from './cached-read.ts';

export interface CachedPower extends Cached<PowerStore> {
  /** What another store writes of the power of one machine. */
  readonly whileWritingOne: WhileWritingOne;
}

/** What each list of machines tells of their power. Secrets are never remembered. */
export function cachedPower(power: PowerStore): CachedPower {
  const index = new CachedIndex<MachinePower, ByMachine<MachinePower>>({
    empty: () => new ByMachine(),
    all: () => power.list(),
    some: async (machineIds) => byMachineId(await power.list(machineIds)),
  });
  const whileWritingOne: WhileWritingOne = (machineId, write) => index.whileWritingSome([machineId], write);
  const store: PowerStore = {
    ...power,
    list: async (machineIds) => {
      // All of them come by the names of their machines.
      if (machineIds === undefined) return await power.list();
      const known = await index.get();
      return machineIds.flatMap((id) => known.of(id) ?? []);
    },
    ofMachine: async (machineId) => (await index.get()).of(machineId),
    put: (one, secret) => whileWritingOne(one.machineId, () => power.put(one, secret)),
    saw: (machineId, setAtMs, sight) =>
      whileWritingOne(machineId, () => power.saw(machineId, setAtMs, sight)),
    remove: (machineId) => whileWritingOne(machineId, () => power.remove(machineId)),
  };
  return { store, reads: index, whileWritingOne };
}
