import { ImportInput, Imported, MAX_IMPORT_BYTES } from './machine-import-schemas.ts';
import { row } from './route-row.ts';

export const MACHINE_IMPORT_ROUTES = {
  importMachines: row({
    method: 'POST',
    path: '/machine-imports',
    input: ImportInput,
    output: Imported,
    answers: 'thing',
    role: 'operator',
    maxBodyBytes: MAX_IMPORT_BYTES,
    sentence:
      'Adds many machines, and changes those that are there (by name, or else by what they are known by): all of them, or none where something speaks against one',
  }),
} as const;
