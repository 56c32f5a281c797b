import type { ApiNeeds } from './api-needs.ts';
import type { Handlers } from './handler.ts';
import { namesByMac } from './machine-names.ts';
import { done, expectSameName, found } from './problems.ts';
import { leaseToContract, subnetFromContract, subnetToContract } from './to-contract.ts';

type NetworkRoutes = 'listSubnets' | 'getSubnet' | 'putSubnet' | 'deleteSubnet' | 'listLeases';

export function networkHandlers({
  subnets,
  leases,
  machines,
  clock,
}: ApiNeeds): Pick<Handlers, NetworkRoutes> {
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
    listLeases: async ({ query: { subnet } }) => {
      if (subnet !== undefined) found(await subnets.byName(subnet), 'subnet', subnet);
      const names = await namesByMac(machines);
      const now = clock.nowMs();
      return { items: (await leases.list(subnet)).map((lease) => leaseToContract(lease, names, now)) };
    },
  };
}
