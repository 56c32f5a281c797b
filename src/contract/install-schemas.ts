import { z } from 'zod';
import { time, name, machineReference } from './fields.ts';

export const Install = z
  .object({
    id: z.string().describe('Its id'),
    machine: z.string().describe('Name of the machine'),
    machineId: z.string().describe('Id of the machine'),
    profile: z.string().describe('Name of the profile'),
    state: z
      .enum(['requested', 'booting', 'installing', 'installed', 'failed', 'cancelled'])
      .describe('How far it is; docs/install-life.md says what may follow'),
    step: z.string().exactOptional().describe("The installer's last words on how far it is"),
    percent: z.number().exactOptional().describe('0 to 100, as the installer said it'),
    because: z.string().exactOptional().describe('Why it failed or was cancelled'),
    requestedAt: time.describe('When it was armed'),
    changedAt: time.describe('When it last changed'),
  })
  .describe('One armed try to install one machine');

export const InstallInput = z
  .strictObject({
    machine: machineReference.describe('Name, id or MAC address of the machine'),
    profile: name.describe('Name of the profile'),
  })
  .describe('An install to arm');
