import { z } from 'zod';
import { MAX_NAME_LENGTH } from './fields.ts';

/** Characters of one snippet. */
export const MAX_SNIPPET_LENGTH = 65_536;

/** Without a `.`: the template engine would take what follows for a language and escape for it. */
export const snippetName = z
  .string()
  .max(MAX_NAME_LENGTH)
  .regex(
    /^[a-z0-9][a-z0-9_-]*$/,
    'lower-case letters, digits, "_" and "-" are wanted, a letter or digit first',
  );

const text = z.string().max(MAX_SNIPPET_LENGTH).describe('The text, in Jinja as the templates are');

export const Snippet = z
  .object({ name: snippetName.describe('Its name'), text })
  .describe('A piece of text that templates of answer files include by its name');

export const SnippetInput = z
  .strictObject({
    name: snippetName.exactOptional().describe('May be left out; if there, it is the name in the path'),
    text,
  })
  .describe('A snippet as it shall be');
