import { stepsTaken } from '../core/progress/steps-taken.ts';
import type { ApiNeeds } from './api-needs.ts';
import type { Handlers } from './handler.ts';
import { namesById } from './machine-names.ts';
import { found } from './problems.ts';
import { installToContract, stepToContract } from './to-contract.ts';

/** Events of one install that are looked at; an install has some fifty. */
export const MAX_EVENTS_OF_INSTALL = 1_000;

export function installProgressHandlers({
  installs,
  installLogs,
  machines,
  events,
}: ApiNeeds): Pick<Handlers, 'getInstallProgress'> {
  return {
    getInstallProgress: async ({ params: { id } }) => {
      const install = found(await installs.byId(id), 'install', id);
      const names = await namesById(machines, [install.machineId]);
      const its = await events.list({ installId: id, machineId: install.machineId }, MAX_EVENTS_OF_INSTALL);
      return {
        ...installToContract(install, names.get(install.machineId) ?? install.machineId, installs.now()),
        steps: stepsTaken(its).map(stepToContract),
        logBytes: installLogs.size(id),
      };
    },
  };
}
