import { z } from 'zod';
import { line, machineReference, name } from './fields.ts';

/** Characters of the name of a disk below /dev. */
const MAX_DISK = 200;

const tool = z.enum(['local-disk', 'discover', 'memtest', 'rescue', 'shell', 'wipe']);

export const Tool = z
  .object({
    name: tool.describe('What it is called'),
    does: z.string().describe('What it does'),
    images: z.array(z.string()).describe('The images it boots from; the first is taken unless told'),
    because: z.string().exactOptional().describe('Why it cannot be booted now'),
  })
  .describe('What a machine can be booted into besides an installer');

export const ToolBootInput = z
  .strictObject({
    machine: machineReference.describe('Name, id or MAC address of the machine'),
    tool: tool.describe('The tool'),
    image: name.exactOptional().describe('The image it boots from; left out: the first that can'),
    disk: line(MAX_DISK)
      .min(1)
      .exactOptional()
      .describe('Of wipe: the disk, by its name below /dev, such as sda or disk/by-id/ata-X'),
    confirmErase: z.boolean().exactOptional().describe('Of wipe: all that is on the disk may be overwritten'),
  })
  .describe('A tool to boot, once');
