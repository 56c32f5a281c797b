import type { z } from 'zod';
import { type InstallInput, MAX_ARMED_AT_ONCE } from '../contract/install-schemas.ts';
import type { ProblemType } from '../contract/problem.ts';
import type { Install } from '../core/install/install.ts';
import type { Machine } from '../core/machines/machine.ts';
import type { ArmOptions, ArmWish, RefusedMachine } from '../services/installs/arm-options.ts';
import type { ApiNeeds } from './api-needs.ts';
import type { Handlers } from './handler.ts';
import { namedInstalls } from './named-installs.ts';
import { ApiProblem, found } from './problems.ts';
import { readSelector } from './read-selector.ts';
import type { installToContract } from './to-contract.ts';

/** Machines whose refusals are told in one sentence; all of them stand beside it. */
const REFUSALS_TOLD = 10;

export function installArmHandlers(needs: ApiNeeds): Pick<Handlers, 'armInstall' | 'armInstalls'> {
  const { installs, machines, groups } = needs;
  /** Without a profile that is asked for, each with that of its groups. */
  const wishesFor = async (
    chosen: readonly Machine[],
    profile: string | undefined,
  ): Promise<readonly ArmWish[]> =>
    profile === undefined
      ? await groups.profilesFor(chosen)
      : chosen.map((machine) => ({ machine, profile }));
  const withReasons = async (
    armed: readonly Install[],
    wishes: readonly ArmWish[],
  ): Promise<ReturnType<typeof armedToContract>[]> => {
    const reasons = new Map(wishes.map(({ machine, because }) => [machine.id, because]));
    const named = await namedInstalls({ installs, machines }, armed);
    return named.map((one) => armedToContract(one, reasons.get(one.machineId)));
  };

  return {
    armInstall: async ({ input }) => {
      const machine = found(await machines.find(input.machine), 'machine', input.machine);
      const wishes = await wishesFor([machine], input.profile);
      const armed = await installs.armMany(wishes, armOptions(input));
      if (!armed.armed) throw notArmed(machine, armed.refused);
      const one = found((await withReasons(armed.installs, wishes))[0], 'machine', machine.name);
      return { ...one, ...(await warningsOf(needs, [machine], armed.installs)) };
    },
    armInstalls: async ({ input }) => {
      const { selector, profile, limit, skipRefused } = input;
      const chosen = (await machines.choose(readSelector(selector))).map(({ machine }) => machine);
      if (chosen.length === 0)
        throw new ApiProblem(
          'not-found',
          `no machine has labels such as "${selector}": muster machine ls shows them`,
        );
      const wishes = await wishesFor(chosen, profile);
      const armed = await installs.armMany(wishes, {
        ...armOptions(input),
        limit: Math.min(limit ?? MAX_ARMED_AT_ONCE, MAX_ARMED_AT_ONCE),
        refused: skipRefused === true ? 'pass over' : 'stop',
      });
      if (!armed.armed) throw noneArmed(armed.refused);
      return {
        items: await withReasons(armed.installs, wishes),
        passedOver: armed.passedOver.map(({ machine, because }) => ({ machine: machine.name, because })),
        ...(await warningsOf(needs, chosen, armed.installs)),
      };
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

function armedToContract(install: ReturnType<typeof installToContract>, profileBecause: string | undefined) {
  return { ...install, ...(profileBecause === undefined ? {} : { profileBecause }) };
}

function notArmed(machine: Machine, [refused]: readonly RefusedMachine[]): ApiProblem {
  const { no, because } = found(refused, 'machine', machine.name);
  return new ApiProblem(TYPE_OF_NO[no], because);
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
