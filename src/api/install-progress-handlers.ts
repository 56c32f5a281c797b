import { imagePath } from '../core/boot/machine-urls.ts';
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
  profiles,
  images,
  events,
}: ApiNeeds): Pick<Handlers, 'getInstallProgress'> {
  /** As TFTP calls it, and as HTTP does. */
  const kernelFiles = async (profileName: string): Promise<readonly string[]> => {
    const profile = await profiles.byName(profileName);
    const image = profile && (await images.byName(profile.image));
    if (image?.kernel === undefined) return [];
    return [imagePath(image.name, image.kernel), `${image.name}/${image.kernel}`];
  };

  return {
    getInstallProgress: async ({ params: { id } }) => {
      const install = found(await installs.byId(id), 'install', id);
      const names = await namesById(machines, [install.machineId]);
      const its = await events.list({ installId: id, machineId: install.machineId }, MAX_EVENTS_OF_INSTALL);
      return {
        ...installToContract(install, names.get(install.machineId) ?? install.machineId, installs.now()),
        steps: stepsTaken(its, await kernelFiles(install.profile)).map(stepToContract),
        logBytes: installLogs.size(id),
      };
    },
  };
}
