import type { ApiNeeds } from './api-needs.ts';
import type { Handlers } from './handler.ts';

export function machineImportHandlers({ machineImports }: ApiNeeds): Pick<Handlers, 'importMachines'> {
  return {
    importMachines: async ({ input: { machines, purpose } }) => {
      const { applied, rows, objections } = await machineImports.import(machines, purpose);
      return {
        applied,
        machines: rows.map(({ machine: { name }, what, fields }) => ({ name, what, fields: [...fields] })),
        objections: [...objections],
      };
    },
  };
}
