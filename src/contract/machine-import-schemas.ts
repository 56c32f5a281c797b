import { z } from 'zod';
import { entries } from './fields.ts';
import { machineFields, MachineChange } from './machine-schemas.ts';

/** Machines of one import. */
export const MAX_IMPORT_ROWS = 10_000;
/** Bytes of the body of one: of so many machines with a few labels and variables each. */
export const MAX_IMPORT_BYTES = 16 * 1_048_576;

export const ImportRow = MachineChange.extend({ name: machineFields.name }).describe(
  'One machine; of one that is there, what is not named stays, and null takes a value away',
);

export const ImportInput = z
  .strictObject({
    machines: entries(ImportRow, MAX_IMPORT_ROWS).describe('The machines'),
    purpose: z
      .enum(['apply', 'look'])
      .default('apply')
      .describe('look: tell what would become of them, and change nothing'),
  })
  .describe('Machines to add, or to change where they are there');

export const Imported = z
  .object({
    applied: z.boolean().describe('Whether anything that was to be changed is changed'),
    machines: z
      .array(
        z.object({
          name: z.string().describe('Its name'),
          what: z.enum(['added', 'changed', 'unchanged']).describe('What becomes of it'),
          fields: z.array(z.string()).describe('The fields that are changed'),
        }),
      )
      .describe('All that nothing speaks against'),
    objections: z
      .array(
        z.object({
          row: z.int().describe('Which of the machines, from 0'),
          because: z.string().describe('What speaks against it'),
        }),
      )
      .describe('Where there is one, nothing is changed'),
  })
  .describe('What became of each machine, or would');
