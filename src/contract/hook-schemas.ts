import { z } from 'zod';
import { entries, line, name, time } from './fields.ts';
import { hasOneSecret, ONE_SECRET, siteSecret } from './site-secret-schemas.ts';

const MAX_URL_LENGTH = 2048;
const MAX_ARGUMENTS = 32;
const MAX_PATTERNS = 32;
const MAX_PATTERN_LENGTH = 64;
const MAX_SELECTOR_LENGTH = 4096;
const MAX_SECRET_LENGTH = 1024;

const secretText = z.string().min(1).max(MAX_SECRET_LENGTH);

const hookFields = {
  events: entries(line(MAX_PATTERN_LENGTH).min(1), MAX_PATTERNS)
    .min(1)
    .describe('Kinds of events, with * for any part: install.*, power.failed'),
  machines: line(MAX_SELECTOR_LENGTH).describe(
    'Only events of machines with such labels, as a selector says',
  ),
  url: line(MAX_URL_LENGTH).min(1).describe('Where each event is sent, as a signed POST'),
  argv: entries(z.string().max(MAX_URL_LENGTH), MAX_ARGUMENTS)
    .min(1)
    .describe(
      'The name of a program in commands.folder and its arguments; each event is a line on its standard input',
    ),
  secret: secretText.describe(
    'The key that signs what is sent, or what the program finds as MUSTER_SECRET; written, and never read again',
  ),
};

const ONE_TARGET = 'url or argv is wanted, and not both';
const oneTarget = ({ url, argv }: { readonly url?: unknown; readonly argv?: unknown }): boolean =>
  url === undefined || argv === undefined;

const hasTarget = (input: { readonly url?: unknown; readonly argv?: unknown }): boolean =>
  oneTarget(input) && (input.url ?? input.argv) !== undefined;

const wishFields = {
  name: name.describe('Its name'),
  events: hookFields.events,
  machines: hookFields.machines.exactOptional(),
  url: hookFields.url.exactOptional(),
  argv: hookFields.argv.exactOptional(),
};

export const HookInput = z
  .strictObject({
    ...wishFields,
    secret: hookFields.secret.exactOptional(),
  })
  .refine(hasTarget, ONE_TARGET)
  .describe('A hook to add');

/** The same as a site has it: without the key. */
export const SiteHook = z
  .strictObject({
    ...wishFields,
    mode: z.enum(['on', 'off']).default('on').describe('Whether it is told'),
    ...siteSecret(secretText),
  })
  .refine(hasTarget, ONE_TARGET)
  .refine(hasOneSecret, ONE_SECRET)
  .describe('A hook, in a site');

export const HookChange = z
  .strictObject({
    events: hookFields.events.exactOptional(),
    machines: hookFields.machines
      .nullable()
      .exactOptional()
      .describe('A selector; null: all machines, and none'),
    url: hookFields.url.exactOptional(),
    argv: hookFields.argv.exactOptional(),
    secret: hookFields.secret.exactOptional(),
    mode: z
      .enum(['on', 'off'])
      .exactOptional()
      .describe('off: it is told nothing, and later nothing of what happened meanwhile'),
  })
  .refine(oneTarget, ONE_TARGET)
  .describe('What is to change; the rest stays as it is');

export const Hook = z
  .object({
    name: name.describe('Its name'),
    events: z.array(z.string()).describe('Kinds of events, with * for any part'),
    machines: z.string().exactOptional().describe('Only events of machines with such labels'),
    url: z.string().exactOptional().describe('Where each event is sent'),
    argv: z.array(z.string()).exactOptional().describe('The program that is given each event'),
    mode: z.enum(['on', 'off']).describe('Whether it is told'),
    secret: z.enum(['kept', 'none']).describe('Whether a key is kept; it is never told'),
    createdAt: time.describe('When it was added'),
  })
  .describe('A server or a program that is told of events');

export const HookDelivery = z
  .object({
    delivery: z.string().describe('Its name: the same each time this event is sent'),
    event: z.int().describe('The id of the event'),
    kind: z.string().describe('Its kind'),
    state: z.enum(['done', 'waiting', 'dead']).describe('waiting: it is tried again; dead: it was given up'),
    attempts: z.int().describe('How often it was tried'),
    firstAt: time.describe('When it was tried first'),
    lastAt: time.describe('When it was tried last'),
    result: z.string().describe('What came of the last attempt'),
  })
  .describe('One event on its way to one hook');

export const HookTried = z
  .object({
    result: z
      .enum(['done', 'failed', 'refused'])
      .describe('failed: it would be tried again; refused: it would not'),
    said: z.string().describe('What the other side said'),
    printed: z.string().exactOptional().describe('What the program printed'),
  })
  .describe('What came of an event that did not happen');
