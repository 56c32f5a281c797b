import type { ApiNeeds } from './api-needs.ts';
import type { Handlers } from './handler.ts';
import { done } from './problems.ts';
import { machineToContract } from './to-contract.ts';

export function machineChangeHandlers({
  machineChanges,
}: ApiNeeds): Pick<Handlers, 'mergeMachine' | 'splitMachine'> {
  return {
    mergeMachine: async ({ params: { machine }, input: { from } }) => {
      const { machine: merged, lost } = done(await machineChanges.merge(machine, from));
      return { machine: machineToContract(merged), lost: [...lost] };
    },
    splitMachine: async ({ params: { machine }, input }) =>
      machineToContract(done(await machineChanges.split(machine, input)).machine),
  };
}
