import type { z } from 'zod';
import type { MachineFacts } from '../contract/fact-schemas.ts';
import type { FactOrigin } from '../core/machines/merge-facts.ts';
import type { FactsOfMachine } from '../services/machines/fact-service.ts';
import type { ApiNeeds } from './api-needs.ts';
import type { Handlers } from './handler.ts';
import { found } from './problems.ts';
import { timeText } from './to-contract.ts';

export function factHandlers({
  machines,
  facts,
}: Pick<ApiNeeds, 'machines' | 'facts'>): Pick<Handlers, 'factsOfMachine'> {
  return {
    factsOfMachine: async ({ params: { machine } }) => {
      const { id, name } = found(await machines.find(machine), 'machine', machine);
      return factsToContract(name, await facts.ofMachine(id));
    },
  };
}

type WireFacts = z.input<typeof MachineFacts>;

/** Records of core have the same fields as those of the contract, which may not be changed there. */
function factsToContract(machine: string, { facts, origins, reports }: FactsOfMachine): WireFacts {
  return {
    machine,
    facts: copied(facts),
    origins: Object.fromEntries(
      Object.entries<FactOrigin>(origins).map(([name, { source, atMs }]) => [
        name,
        { source, at: timeText(atMs) },
      ]),
    ),
    reports: reports.map(({ source, atMs, facts: said }) => ({
      source,
      at: timeText(atMs),
      facts: copied(said),
    })),
  };
}

function copied({ disks, nics, ...rest }: FactsOfMachine['facts']): WireFacts['facts'] {
  return {
    ...rest,
    ...(disks === undefined
      ? {}
      : { disks: disks.map(({ byId, ...disk }) => ({ ...disk, ...(byId ? { byId: [...byId] } : {}) })) }),
    ...(nics === undefined ? {} : { nics: [...nics] }),
  };
}
