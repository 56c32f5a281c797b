import type { Install } from '../core/install/install.ts';
import type { Machine } from '../core/machines/machine.ts';
import type { ApiNeeds } from './api-needs.ts';
import type { Handlers } from './handler.ts';
import { namesById } from './machine-names.ts';
import type { z } from 'zod';
import { type InstallInput, MAX_ARMED_AT_ONCE } from '../contract/install-schemas.ts';
import type { ProblemType } from '../contract/problem.ts';
import type { ArmOptions, RefusedMachine } from '../services/installs/arm-options.ts';
import { ApiProblem, found } from './problems.ts';
import { readSelector } from './read-selector.ts';
import { installToContract } from './to-contract.ts';

type InstallRoutes = 'listInstalls' | 'armInstall' | 'armInstalls' | 'getInstall' | 'cancelInstall';
/** Machines whose refusals are told in one sentence; all of them stand beside it. */
const REFUSALS_TOLD = 10;

export function installHandlers(needs: ApiNeeds): Pick<Handlers, InstallRoutes> {
  const { installs, machines, groups } = needs;
  const withNames = async (records: readonly Install[]): Promise<ReturnType<typeof installToContract>[]> => {
    const names = await namesById(
      machines,
      records.map(({ machineId }) => machineId),
    );
    const now = installs.now();
    return records.map((install) =>
      installToContract(install, names.get(install.machineId) ?? install.machineId, now),
    );
  };
  const one = async (install: Install): Promise<ReturnType<typeof installToContract>> =>
    found((await withNames([install]))[0], 'install', install.id);
  const machineCalled = async (reference: string) =>
    found(await machines.find(reference), 'machine', reference);

  return {
    listInstalls: async ({ query: { machine, limit } }) => {
      const filter = machine === undefined ? {} : { machineId: (await machineCalled(machine)).id };
      return { items: await withNames(await installs.list({ ...filter, limit })) };
    },
    armInstall: async ({ input }) => {
      const machine = await machineCalled(input.machine);
      const profile = input.profile ?? (await groups.profiles());
      const armed = await installs.arm(machine, profile, armOptions(input));
      if (!armed.armed) throw new ApiProblem(TYPE_OF_NO[armed.no], armed.because);
      return { ...(await one(armed.install)), ...(await warningsOf(needs, [machine], [armed.install])) };
    },
    armInstalls: async ({ input }) => {
      const { selector, limit, skipRefused } = input;
      const profile = input.profile ?? (await groups.profiles());
      const chosen = (await machines.choose(readSelector(selector))).map(({ machine }) => machine);
      if (chosen.length === 0)
        throw new ApiProblem(
          'not-found',
          `no machine has labels such as "${selector}": muster machine ls shows them`,
        );
      const armed = await installs.armMany(chosen, profile, {
        ...armOptions(input),
        limit: Math.min(limit ?? MAX_ARMED_AT_ONCE, MAX_ARMED_AT_ONCE),
        refused: skipRefused === true ? 'pass over' : 'stop',
      });
      if (!armed.armed) throw noneArmed(armed.refused);
      return {
        items: await withNames(armed.installs),
        passedOver: armed.passedOver.map(({ machine, because }) => ({ machine: machine.name, because })),
        ...(await warningsOf(needs, chosen, armed.installs)),
      };
    },
    getInstall: async ({ params: { id } }) => await one(found(await installs.byId(id), 'install', id)),
    cancelInstall: async ({ params: { id } }) => {
      found(await installs.byId(id), 'install', id);
      const cancelled = await installs.cancel(id);
      if (!cancelled.cancelled) throw new ApiProblem('refused', cancelled.because);
      return await one(cancelled.install);
    },
  };
}

/** What was armed goes on without: variables that installers are not told of. */
async function warningsOf(
  { notTold }: Pick<ApiNeeds, 'notTold'>,
  machines: readonly Machine[],
  armed: readonly Install[],
): Promise<{ warnings?: string[] }> {
  const byId = new Map(machines.map((machine) => [machine.id, machine]));
  const wanted = armed.flatMap(({ machineId, profile }) => {
    const machine = byId.get(machineId);
    return machine ? [{ machine, profile }] : [];
  });
  const warnings = await notTold.warnings(wanted);
  return warnings.length === 0 ? {} : { warnings };
}

const TYPE_OF_NO: Readonly<Record<RefusedMachine['no'], ProblemType>> = {
  refused: 'refused',
  'holds data': 'holds-data',
};

function armOptions({
  expiresSeconds,
  confirmErase,
}: Pick<z.output<typeof InstallInput>, 'expiresSeconds' | 'confirmErase'>): ArmOptions {
  return {
    ...(expiresSeconds === undefined
      ? {}
      : { expires: expiresSeconds === 'never' ? expiresSeconds : expiresSeconds * 1_000 }),
    ...(confirmErase === undefined ? {} : { confirmErase }),
  };
}

/** It is for a confirmation to mend only where nothing else stands in the way. */
function noneArmed(refused: readonly RefusedMachine[]): ApiProblem {
  const isErasing = refused.every(({ no }) => no === 'holds data');
  const told = refused.slice(0, REFUSALS_TOLD).map(({ machine, because }) => `${machine.name}: ${because}`);
  const more = refused.length > told.length ? [`and ${refused.length - told.length} more`] : [];
  return new ApiProblem(
    isErasing ? 'holds-data' : 'refused',
    `none is armed, since ${refused.length} of the machines cannot be: ${[...told, ...more].join('; ')}`,
    { issues: refused.map(({ machine, because }) => ({ path: machine.name, message: because })) },
  );
}
