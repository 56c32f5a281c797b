import { z } from 'zod';
import { name } from './fields.ts';
import { GroupInput } from './group-schemas.ts';
import { SiteHook } from './hook-schemas.ts';
import { MachineInput } from './machine-schemas.ts';
import { MirrorChange, MirrorInput } from './mirror-schemas.ts';
import { PolicyChange } from './policy-schemas.ts';
import { SitePower } from './power-schemas.ts';
import { ProfileInput } from './profile-schemas.ts';
import { Snippet } from './snippet-schemas.ts';
import { SubnetInput } from './subnet-schemas.ts';

/** Bytes of the files of one site together, and of a body that holds one. */
export const MAX_SITE_BYTES = 16 * 1024 * 1024;
/** Things of one kind in one site. */
export const MAX_SITE_ENTRIES = 10_000;
/** Faults of one site that are told; a file with more is another one altogether. */
export const MAX_SITE_FAULTS = 1000;

/** Characters of a kind and a name. */
const MAX_AGREED_LENGTH = 128;

const named = { name: name.describe('Its name') };

function section<T extends z.ZodType>(item: T): z.ZodExactOptional<z.ZodArray<T>> {
  return z.array(item).max(MAX_SITE_ENTRIES).exactOptional();
}

/** A section that is not there says nothing; one that is there and empty says that there shall be none. */
export const Site = z
  .strictObject({
    images: section(name).describe(
      'Names of images that must be there; the images themselves are not carried',
    ),
    mirrors: section(MirrorInput.extend({ mode: MirrorChange.shape.mode })).describe('Package mirrors'),
    subnets: section(SubnetInput.extend(named)).describe('Subnets'),
    snippets: section(z.strictObject(Snippet.shape)).describe('Pieces of text that templates include'),
    profiles: section(ProfileInput.extend(named)).describe('Profiles'),
    groups: section(GroupInput.extend(named)).describe('Groups'),
    machines: section(MachineInput).describe('Machines'),
    power: section(SitePower).describe('How the power of machines is reached'),
    hooks: section(SiteHook).describe('Servers and programs that are told of events'),
    policy: PolicyChange.exactOptional().describe('What holds for every machine; what is left out stays'),
  })
  .describe('All that is set up, as one file holds it');

export const SITE_KINDS = [
  'image',
  'mirror',
  'subnet',
  'snippet',
  'profile',
  'group',
  'machine',
  'power',
  'hook',
  'policy',
] as const;

export const SiteApply = z
  .strictObject({
    site: Site,
    prune: z
      .boolean()
      .default(false)
      .describe('Whether what is not in a section of the site that is there, is taken away'),
    agreed: z
      .array(z.string().max(MAX_AGREED_LENGTH))
      .max(MAX_SITE_ENTRIES)
      .exactOptional()
      .describe(
        'With prune: only these may go, each as "machine web-1"; left out: whatever is not in the site',
      ),
    dryRun: z.boolean().default(false).describe('Whether nothing is changed, and only told what would be'),
  })
  .describe('A site to apply');

const thing = z.record(z.string(), z.unknown());

export const SiteOutcome = z
  .object({
    applied: z.boolean().describe('Whether it was done; false for a dry run'),
    changes: z
      .array(
        z.object({
          kind: z.enum(SITE_KINDS).describe('What kind of thing'),
          name: z.string().describe('Its name'),
          change: z.enum(['add', 'change', 'remove']).describe('What becomes of it'),
          fields: z.array(z.string()).describe('The fields that differ'),
          before: thing.exactOptional().describe('As it was, as in a site; secrets are hidden'),
          after: thing.exactOptional().describe('As it shall be; secrets are hidden'),
        }),
      )
      .describe('What differs, in the order in which it is told'),
    unchanged: z.int().describe('Things of the site that are there as they shall be'),
  })
  .describe('What came of it');
