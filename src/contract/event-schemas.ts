import { z } from 'zod';
import { mac, time } from './fields.ts';

export const TimelineEvent = z
  .object({
    id: z.int().describe('Grows with each event of the whole server'),
    at: time.describe('When it happened'),
    kind: z.string().describe('What kind of event: docs/events.md lists them'),
    text: z.string().describe('One sentence'),
    because: z.string().exactOptional().describe('Why it happened'),
    machineId: z.string().exactOptional().describe('Id of the machine'),
    machine: z.string().exactOptional().describe('Name of the machine, if it is still known'),
    mac: mac.exactOptional().describe('The MAC address that was seen'),
    installId: z.string().exactOptional().describe('Id of the install'),
    data: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
      .exactOptional()
      .describe('Further values, by kind'),
  })
  .describe('Something that happened');
