import type { ApiNeeds } from './api-needs.ts';
import type { Handlers } from './handler.ts';
import { groupFromContract, inheritanceToContract, knownGroupToContract } from './group-to-contract.ts';
import { done, expectSameName, found } from './problems.ts';

type GroupRoutes = 'listGroups' | 'getGroup' | 'putGroup' | 'deleteGroup' | 'machineInheritance';

/** What machines have in common. */
export function groupHandlers({ groups, machines }: ApiNeeds): Pick<Handlers, GroupRoutes> {
  return {
    listGroups: async ({ query }) => {
      const { groups: listed, next } = await groups.page(query);
      return { items: listed.map(knownGroupToContract), ...(next === undefined ? {} : { next }) };
    },
    getGroup: async ({ params: { name } }) =>
      knownGroupToContract(found(await groups.byName(name), 'group', name)),
    putGroup: async ({ params: { name }, input }) => {
      expectSameName(name, input.name);
      return knownGroupToContract(done(await groups.put(groupFromContract(name, input))));
    },
    deleteGroup: async ({ params: { name } }) => {
      done(await groups.remove(name));
    },
    machineInheritance: async ({ params: { machine: reference }, query: { profile } }) => {
      const machine = found(await machines.find(reference), 'machine', reference);
      return inheritanceToContract(done(await groups.inheritanceOf(machine, profile)));
    },
  };
}
