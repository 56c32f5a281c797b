import { z } from 'zod';
import {
  MAX_TEMPLATE_LENGTH,
  MAX_ARGUMENTS_LENGTH,
  name,
  line,
  variables,
  loader,
  source,
  memoryCheck,
} from './fields.ts';
import { AnswerFinding, ProfileLint } from './lint-schemas.ts';
import { ANSWER_KINDS } from './image-schemas.ts';

const profileFields = {
  image: name.describe('Name of the image that is installed'),
  template: z
    .string()
    .min(1)
    .max(MAX_TEMPLATE_LENGTH)
    .exactOptional()
    .describe("The answer file's template; left out: the one that comes with Muster for this image"),
  arguments: line(MAX_ARGUMENTS_LENGTH).describe("Added to the kernel's command line as they stand"),
  variables: variables.describe('Handed to the template'),
  loader: loader
    .exactOptional()
    .describe('The loader machines boot its installer with; left out: the best for each firmware'),
  source: source
    .exactOptional()
    .describe(
      "Over what its installers get the tree of the image; left out: the image's first way that is open",
    ),
  memoryCheck: memoryCheck
    .exactOptional()
    .describe('off: the image is started though a machine has less memory than it takes'),
};

export const Profile = z
  .object({ name: name.describe('Its name'), ...profileFields })
  .describe('How to install');

export const ProfileInput = z
  .strictObject({
    name: name.exactOptional().describe('May be left out; if there, it is the name in the path'),
    ...profileFields,
    arguments: profileFields.arguments.default(''),
    variables: profileFields.variables.default({}),
  })
  .describe('A profile as it shall be, whole: what is left out gets its default');

export const ProfileDraft = ProfileInput.extend({
  name: name.exactOptional().describe('What errors call it; left out: draft'),
}).describe('A profile that is kept nowhere');

export const DraftAnswer = ProfileLint.extend({
  text: z.string().exactOptional().describe('The answer file; left out: none came of it'),
}).describe('What a machine would get by a profile that is kept nowhere, and what is wrong with either');

export const TemplateWord = z
  .object({
    name: z.string().describe('As a template writes it'),
    is: z
      .enum(['variable', 'name', 'filter'])
      .describe(
        'variable: set on a machine, group or profile; name: Muster gives it; filter: quotes a value',
      ),
    sentence: z.string().describe('What it is'),
    gives: z
      .enum(['text', 'number', 'switch', 'list'])
      .exactOptional()
      .describe('What the value is in a template; a filter has none'),
    kind: z.string().exactOptional().describe('How a variable is read'),
    initial: z.string().exactOptional().describe('The value of a variable that nobody sets'),
    choices: z.array(z.string()).exactOptional().describe('All values that a variable may have'),
    secret: z.literal(true).exactOptional().describe('Its value is for the machine alone'),
    leftOut: z
      .array(
        z.object({
          kind: z.string().describe('Which installer reads it'),
          because: z.string().describe('Why it has none'),
        }),
      )
      .exactOptional()
      .describe("Muster's answer files that have no use for the variable"),
  })
  .describe('A word that the template of an answer file may use');

export const MachineAnswer = z
  .object({
    kind: z.enum(ANSWER_KINDS).describe('Which installer reads it'),
    text: z.string().describe('The answer file'),
    profile: z.string().describe('The profile it came of'),
    file: z.string().describe('Its name, as the installer asks for it'),
    findings: z
      .array(AnswerFinding)
      .describe(
        "What is wrong with it; files beside the answer file are Muster's own and not looked through",
      ),
    files: z.array(z.string()).describe('All that its installer can fetch there, the answer file first'),
  })
  .describe('The answer file of a machine or one beside it, and by which profile');
