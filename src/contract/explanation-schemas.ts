import { z } from 'zod';
import { source } from './fields.ts';
import { Lease } from './subnet-schemas.ts';
import { Machine } from './machine-schemas.ts';
import { Inheritance } from './group-schemas.ts';
import { Install } from './install-schemas.ts';
import { TimelineEvent } from './event-schemas.ts';
import { LoaderFinding } from './server-schemas.ts';

export const BootExplanation = z
  .object({
    machine: Machine.exactOptional().describe('The machine, if it is known'),
    boots: z
      .object({
        boot: z
          .enum(['nothing', 'menu', 'wait', 'discovery', 'installer', 'local disk'])
          .describe('What it would boot now'),
        because: z.string().describe('Why'),
        installId: z.string().exactOptional().describe('The install whose installer it is'),
        profile: z.string().exactOptional().describe('The profile of that install'),
        source: z
          .object({
            protocol: source
              .exactOptional()
              .describe('Left out: it cannot be given its tree, and boots its disk'),
            because: z.string().describe('Why'),
          })
          .exactOptional()
          .describe('Over what its installer gets the tree of the image'),
      })
      .describe('The decision'),
    firmware: z
      .object({
        architecture: z.int().describe('IANA number of its architecture (option 93)'),
        name: z.string().describe('As people call it: x86 BIOS'),
        from: z
          .enum(['seen', 'assumed'])
          .describe('seen: from its last request; assumed: it has not asked yet'),
        gives: z
          .enum(['boot file', 'Raspberry Pi boot', 'nothing'])
          .describe('What the DHCP answer says about booting'),
        file: z.string().exactOptional().describe('The boot file'),
        chain: z.string().exactOptional().describe('The programs it goes through, up to the script it reads'),
        rule: z.string().describe('Which rule it was: firmware table, wish, subnet boot file, …'),
        because: z.string().describe('Why'),
      })
      .describe('What its firmware is told'),
    loader: LoaderFinding.exactOptional().describe('The boot file among the loaders of this server'),
    lease: Lease.exactOptional().describe('Its newest lease'),
    install: Install.exactOptional().describe('Its newest install'),
    groups: Inheritance.shape.groups.exactOptional().describe('Its groups; each wins over those before it'),
    profile: Inheritance.shape.profile
      .exactOptional()
      .describe('What it is installed with where nobody says otherwise'),
    decisions: z.array(TimelineEvent).describe('The last decisions about it, oldest first'),
  })
  .describe('What a machine would boot now, and because');
