import { z } from 'zod';
import { mac, machineName, machineReference } from './fields.ts';
import { Machine } from './machine-schemas.ts';

export const MergeInput = z
  .strictObject({
    from: machineReference.describe('Name, id or MAC address of the machine that is the same computer'),
  })
  .describe('Which machine is to be merged into this one');

export const MergedMachine = z
  .object({
    machine: Machine.describe('What is one machine now'),
    lost: z.array(z.string()).describe('What the other had otherwise, one sentence each'),
  })
  .describe('A machine that was two');

export const SplitInput = z
  .strictObject({
    mac: mac.describe('The MAC address of the other computer'),
    name: machineName.describe('What the new machine is called'),
  })
  .describe('What belongs to another computer');
