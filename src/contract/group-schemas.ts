import { z } from 'zod';
import { line, MAX_ARGUMENTS_LENGTH, name, selector, variables } from './fields.ts';

/** How far up or down a priority may go: room enough to put a group between any two. */
const MAX_PRIORITY = 1000;

const groupFields = {
  selector: selector.describe(
    'Which machines are in it, by their labels: rack=a,role!=db,env in (lab,test),gpu,!old',
  ),
  priority: z
    .int()
    .min(-MAX_PRIORITY)
    .max(MAX_PRIORITY)
    .describe('Of several groups of one machine, the one with the higher number wins'),
  profile: name.exactOptional().describe('What its machines are installed with where nobody says otherwise'),
  arguments: line(MAX_ARGUMENTS_LENGTH).describe(
    "Put on the kernel's command line before those of the profile",
  ),
  variables: variables.describe("Handed to the answer file's template; the profile's and the machine's win"),
};

export const Group = z
  .object({
    name: name.describe('Its name'),
    ...groupFields,
    machines: z.array(z.string()).describe('Names of the machines that are in it now'),
  })
  .describe('Machines chosen by their labels, and what they have in common');

export const GroupInput = z
  .strictObject({
    name: name.exactOptional().describe('May be left out; if there, it is the name in the path'),
    ...groupFields,
    priority: groupFields.priority.default(0),
    arguments: groupFields.arguments.default(''),
    variables: groupFields.variables.default({}),
  })
  .describe('A group as it shall be, whole: what is left out gets its default');

/** What a value comes from. */
const by = z
  .object({
    kind: z.enum(['group', 'profile', 'machine']).describe('What kind of thing'),
    name: z.string().describe('Its name'),
  })
  .describe('What says so');

export const Inheritance = z
  .object({
    groups: z
      .array(
        z.object({
          name: z.string().describe('Its name'),
          priority: z.int().describe('Its priority'),
          because: z.string().describe('Why the machine is in it'),
        }),
      )
      .describe('Its groups; each wins over those before it'),
    profile: z
      .object({
        name: z.string().exactOptional().describe('The profile; left out: no group names one'),
        because: z.string().describe('Why it is this one'),
      })
      .describe('What it is installed with where nobody says otherwise'),
    arguments: z
      .array(z.object({ words: z.string().describe('As they stand'), by }))
      .describe(
        "Words for the kernel's command line, in their order; of one that stands twice, the last counts",
      ),
    variables: z
      .array(
        z.object({
          name: z.string().describe('Its name'),
          value: z.string().describe('Its value; of a secret only that it is one'),
          by,
        }),
      )
      .describe('Its variables by name, and which group, profile or machine gives each'),
  })
  .describe('What a machine gets from its groups, a profile and itself');
