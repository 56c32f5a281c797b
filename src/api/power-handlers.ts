import type { ApiNeeds } from './api-needs.ts';
import type { Handlers } from './handler.ts';
import { namesById } from './machine-names.ts';
import { actedToContract, powerFromContract, powerToContract } from './power-to-contract.ts';
import { done } from './problems.ts';

type PowerRoutes = 'listPower' | 'setPower' | 'getPower' | 'readPower' | 'actOnPower' | 'deletePower';

/** Switching machines on and off. */
export function powerHandlers({
  power,
  machines,
}: Pick<ApiNeeds, 'power' | 'machines'>): Pick<Handlers, PowerRoutes> {
  return {
    listPower: async (_, { asker }) => {
      const all = await power.list();
      const names = await namesById(
        machines,
        all.map(({ machineId }) => machineId),
      );
      const called = (id: string) => names.get(id) ?? id;
      return { items: all.map((one) => powerToContract(one, called(one.machineId), asker)) };
    },
    setPower: async ({ params: { machine }, input }, { asker }) => {
      const { settings, secret } = powerFromContract(input);
      const set = done(await power.set(machine, settings, secret));
      return powerToContract(set.power, set.machine.name, asker);
    },
    getPower: async ({ params: { machine } }, { asker }) => {
      const found = done(await power.find(machine));
      return powerToContract(found.power, found.machine.name, asker);
    },
    readPower: async ({ params: { machine } }, { asker }) => {
      const read = done(await power.read(machine));
      return powerToContract(read.power, read.machine.name, asker);
    },
    actOnPower: async ({ params: { machine, action } }) =>
      actedToContract(done(await power.act(machine, action))),
    deletePower: async ({ params: { machine } }) => {
      done(await power.unset(machine));
    },
  };
}
