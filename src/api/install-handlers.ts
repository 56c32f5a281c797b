import type { Install } from '../core/install/install.ts';
import type { ApiNeeds } from './api-needs.ts';
import type { Handlers } from './handler.ts';
import { installArmHandlers } from './install-arm-handlers.ts';
import { namedInstalls } from './named-installs.ts';
import { readNumberPlace } from './pages.ts';
import { ApiProblem, found } from './problems.ts';
import type { installToContract } from './to-contract.ts';

type InstallRoutes = 'listInstalls' | 'armInstall' | 'armInstalls' | 'getInstall' | 'cancelInstall';

export function installHandlers(needs: ApiNeeds): Pick<Handlers, InstallRoutes> {
  const { installs, machines } = needs;
  const one = async (install: Install): Promise<ReturnType<typeof installToContract>> =>
    found((await namedInstalls(needs, [install]))[0], 'install', install.id);

  return {
    ...installArmHandlers(needs),
    listInstalls: async ({ query: { machine: reference, after, ...query } }) => {
      const machine =
        reference === undefined ? undefined : found(await machines.find(reference), 'machine', reference);
      const filter = machine === undefined ? {} : { machineId: machine.id };
      const place = readNumberPlace(after);
      const page = await installs.page({
        ...query,
        ...filter,
        ...(place === undefined ? {} : { after: place }),
      });
      return {
        items: await namedInstalls(needs, page.installs),
        ...(page.next === undefined ? {} : { next: String(page.next) }),
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
