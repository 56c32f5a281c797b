import type { z } from 'zod';
import type { ROUTES } from '../contract/routes.ts';
import type { Install } from '../core/install/install.ts';
import { formatPlace, type MachineQuery, parsePlace } from '../core/machines/machine-page.ts';
import type { MachinePower } from '../core/power/machine-power.ts';
import type { ApiNeeds } from './api-needs.ts';
import { explanationToContract } from './explanation-to-contract.ts';
import type { Handlers } from './handler.ts';
import { machineOrMac, namesById, namesByMac } from './machine-names.ts';
import { readField } from './pages.ts';
import { refusal } from '../services/refusal.ts';
import { done, found } from './problems.ts';
import { powerSeenToContract } from './power-to-contract.ts';
import { readSelector } from './read-selector.ts';
import { machineToContract, timeText } from './to-contract.ts';

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
    listMachines: async ({ query }) => {
      const page = await machines.page(machineQuery(query));
      const ids = page.machines.map(({ id }) => id);
      const seen = new Map((await power.list(ids)).map((one) => [one.machineId, one]));
      const newest = new Map((await installs.newestOf(ids)).map((one) => [one.machineId, one]));
      return {
        items: page.machines.map((machine) => ({
          ...withPower(machineToContract(machine), seen.get(machine.id)),
          ...newestToContract(newest.get(machine.id)),
        })),
        ...(page.next === undefined ? {} : { next: formatPlace(page.next) }),
        ...(query.limit === undefined ? {} : { total: page.total }),
      };
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
        ofMac: await namesByMac(machines, [explanation.lease?.mac]),
        ofId: await namesById(machines, [explanation.machine?.id, ...ids]),
      };
      return explanationToContract(explanation, names, installs.now());
    },
  };
}

type ListQuery = z.output<(typeof ROUTES)['listMachines']['query']>;

/** @throws ApiProblem */
function machineQuery({
  selector,
  q,
  state,
  sort,
  after,
  limit = Number.MAX_SAFE_INTEGER,
}: ListQuery): MachineQuery {
  return {
    sort,
    // One more is looked for, and is still a number.
    limit: Math.min(limit, Number.MAX_SAFE_INTEGER - 1),
    ...(selector === undefined ? {} : { selector: readSelector(selector) }),
    ...(q === undefined ? {} : { text: q }),
    ...(state === undefined ? {} : { state }),
    ...(after === undefined ? {} : { after: readField('after', () => parsePlace(after, sort)) }),
  };
}

function newestToContract(install: Install | undefined) {
  if (!install) return {};
  const { id, profile, state, changedAtMs } = install;
  return { install: { id, profile, state, changedAt: timeText(changedAtMs) } };
}

function withPower<Wire extends object>(machine: Wire, power: MachinePower | undefined) {
  return power === undefined ? machine : { ...machine, power: powerSeenToContract(power) };
}
