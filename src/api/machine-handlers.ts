import type { MachinePower } from '../core/power/machine-power.ts';
import type { ApiNeeds } from './api-needs.ts';
import type { Handlers } from './handler.ts';
import { machineOrMac, namesById, namesByMac } from './machine-names.ts';
import { refusal } from '../services/refusal.ts';
import { done, found } from './problems.ts';
import { powerSeenToContract } from './power-to-contract.ts';
import { readSelector } from './read-selector.ts';
import { explanationToContract, machineToContract } from './to-contract.ts';

type MachineRoutes =
  | 'listMachines'
  | 'addMachine'
  | 'getMachine'
  | 'changeMachine'
  | 'deleteMachine'
  | 'explainMachine'
  | 'mediaOfMachine';

export function machineHandlers({
  machines,
  explain,
  bootMedia,
  installs,
  power,
}: ApiNeeds): Pick<Handlers, MachineRoutes> {
  return {
    listMachines: async ({ query: { selector } }) => {
      const shown =
        selector === undefined
          ? await machines.list()
          : (await machines.choose(readSelector(selector))).map(({ machine }) => machine);
      const seen = new Map((await power.list()).map((one) => [one.machineId, one]));
      return { items: shown.map((machine) => withPower(machineToContract(machine), seen.get(machine.id))) };
    },
    addMachine: async ({ input }) => machineToContract(done(await machines.add(input)).machine),
    getMachine: async ({ params: { machine } }) => {
      const known = found(await machines.find(machine), 'machine', machine);
      return withPower(machineToContract(known), await power.ofMachine(known.id));
    },
    changeMachine: async ({ params: { machine }, input }) =>
      machineToContract(done(await machines.change(machine, input)).machine),
    deleteMachine: async ({ params: { machine } }) => {
      done(await machines.remove(machine));
    },
    mediaOfMachine: async ({ params: { machine } }) => {
      const media = await bootMedia.urlFor(found(await machines.find(machine), 'machine', machine));
      const { url, image, left } = done(
        media.found ? { done: true, ...media } : refusal('refused', media.because),
      );
      return { url, image, left: [...left] };
    },
    explainMachine: async ({ params: { machine } }) => {
      const explanation = await explain.explain(await machineOrMac(machines, machine));
      const ids = explanation.decisions.map(({ machineId }) => machineId);
      const names = {
        ofMac: await namesByMac(machines),
        ofId: await namesById(machines, [explanation.machine?.id, ...ids]),
      };
      return explanationToContract(explanation, names, installs.now());
    },
  };
}

function withPower<Wire extends object>(machine: Wire, power: MachinePower | undefined) {
  return power === undefined ? machine : { ...machine, power: powerSeenToContract(power) };
}
