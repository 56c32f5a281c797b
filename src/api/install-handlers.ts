import type { Install } from '../core/install/install.ts';
import type { ApiNeeds } from './api-needs.ts';
import type { Handlers } from './handler.ts';
import { namesById } from './machine-names.ts';
import { ApiProblem, found } from './problems.ts';
import { installToContract } from './to-contract.ts';

type InstallRoutes = 'listInstalls' | 'armInstall' | 'getInstall' | 'cancelInstall';

export function installHandlers({ installs, machines }: ApiNeeds): Pick<Handlers, InstallRoutes> {
  const withNames = async (records: readonly Install[]): Promise<ReturnType<typeof installToContract>[]> => {
    const names = await namesById(
      machines,
      records.map(({ machineId }) => machineId),
    );
    return records.map((install) =>
      installToContract(install, names.get(install.machineId) ?? install.machineId),
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
      const armed = await installs.arm(await machineCalled(input.machine), input.profile);
      if (!armed.armed) throw new ApiProblem('refused', armed.because);
      return await one(armed.install);
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
