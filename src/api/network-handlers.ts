import type { Lease } from '../core/network/lease.ts';
import type { ApiNeeds } from './api-needs.ts';
import type { Handlers } from './handler.ts';
import { namesByMac } from './machine-names.ts';
import { nextOf } from './pages.ts';
import { done, expectSameName, found } from './problems.ts';
import { leaseToContract, subnetFromContract, subnetToContract } from './network-to-contract.ts';

type NetworkRoutes = 'listSubnets' | 'getSubnet' | 'putSubnet' | 'deleteSubnet' | LeaseRoutes;
type LeaseRoutes = 'listLeases' | 'getLease' | 'freeLease';

export function networkHandlers({
  subnets,
  leases,
  machines,
  clock,
}: ApiNeeds): Pick<Handlers, NetworkRoutes> {
  const show = async (shown: readonly Lease[]) => {
    const names = await namesByMac(
      machines,
      shown.map(({ mac }) => mac),
    );
    const nowMs = clock.nowMs();
    return shown.map((lease) => leaseToContract(lease, names, nowMs));
  };
  const showOne = async (lease: Lease) => found((await show([lease]))[0], 'lease of', lease.address);
  return {
    listSubnets: async () => ({ items: (await subnets.list()).map(subnetToContract) }),
    getSubnet: async ({ params: { name } }) =>
      subnetToContract(found(await subnets.byName(name), 'subnet', name)),
    putSubnet: async ({ params: { name }, input }) => {
      expectSameName(name, input.name);
      return subnetToContract(done(await subnets.put(subnetFromContract(name, input))).subnet);
    },
    deleteSubnet: async ({ params: { name } }) => {
      done(await subnets.remove(name));
    },
    listLeases: async ({ query: { limit, ...filter } }) => {
      if (filter.subnet !== undefined) found(await subnets.byName(filter.subnet), 'subnet', filter.subnet);
      // One more than is wanted, which tells whether there is a next page.
      const fitting = await leases.list(filter, limit + 1);
      const items = fitting.slice(0, limit);
      return { items: await show(items), ...nextOf(fitting.length > limit, items.at(-1)?.address) };
    },
    getLease: async ({ params: { address } }) => {
      const lease = found(await leases.byAddress(address), 'lease of', address);
      return await showOne(lease);
    },
    freeLease: async ({ params: { address } }) => {
      const { lease } = done(await leases.free(address));
      return await showOne(lease);
    },
  };
}
