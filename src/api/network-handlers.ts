import type { Lease } from '../core/network/lease.ts';
import type { ApiNeeds } from './api-needs.ts';
import type { Handlers } from './handler.ts';
import { namesByMac } from './machine-names.ts';
import { done, expectSameName, found } from './problems.ts';
import { leaseToContract, subnetFromContract, subnetToContract } from './to-contract.ts';

type NetworkRoutes = 'listSubnets' | 'getSubnet' | 'putSubnet' | 'deleteSubnet' | LeaseRoutes;
type LeaseRoutes = 'listLeases' | 'getLease' | 'freeLease';

export function networkHandlers({
  subnets,
  leases,
  machines,
  clock,
}: ApiNeeds): Pick<Handlers, NetworkRoutes> {
  const shower = async () => {
    const names = await namesByMac(machines);
    const nowMs = clock.nowMs();
    return (lease: Lease) => leaseToContract(lease, names, nowMs);
  };
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
      const show = await shower();
      return { items: (await leases.list(filter, limit)).map(show) };
    },
    getLease: async ({ params: { address } }) => {
      const lease = found(await leases.byAddress(address), 'lease of', address);
      return (await shower())(lease);
    },
    freeLease: async ({ params: { address } }) => {
      const { lease } = done(await leases.free(address));
      return (await shower())(lease);
    },
  };
}
