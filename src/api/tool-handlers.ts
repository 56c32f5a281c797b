import type { ApiNeeds } from './api-needs.ts';
import type { Handlers } from './handler.ts';
import { done, found } from './problems.ts';
import { installToContract } from './to-contract.ts';

export function toolHandlers({
  machines,
  tools,
  installs,
}: Pick<ApiNeeds, 'machines' | 'tools' | 'installs'>): Pick<Handlers, 'listTools' | 'bootTool'> {
  return {
    listTools: async () => ({
      items: (await tools.list()).map(({ images, ...tool }) => ({ ...tool, images: [...images] })),
    }),
    bootTool: async ({ input: { machine: reference, ...wish } }) => {
      const machine = found(await machines.find(reference), 'machine', reference);
      const { install } = done(await tools.arm(machine, wish));
      return installToContract(install, machine.name, installs.now());
    },
  };
}
