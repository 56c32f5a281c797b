import { z } from 'zod';
import { MAX_NAME_LENGTH, MAX_TEXT_LENGTH, line, machineName } from './fields.ts';

/** Characters of an answer file that is looked through. */
const MAX_ANSWER_LENGTH = 1_048_576;

export const AnswerFinding = z
  .object({
    level: z
      .enum(['error', 'warning'])
      .describe('error: the installer stops, asks or does something else; warning: it goes on'),
    line: z.int().describe('From 1'),
    column: z.int().exactOptional().describe('From 1, where one is known'),
    text: z.string().describe('What is wrong'),
  })
  .describe('Something about an answer file that its installer will not take as it was meant');

export const ProfileFinding = AnswerFinding.extend({
  file: z
    .string()
    .describe('In what: `profile web` or `snippet users` (a template), or `answer` (what comes of it)'),
}).describe('Something about an answer file, or about the template it comes of');

export const ProfileLint = z
  .object({
    profile: z.string().describe('Its name'),
    machine: machineName.describe('For which machine it was rendered; example: for none that is known'),
    kind: z.string().describe('Which installer reads it; none: nobody does'),
    findings: z.array(ProfileFinding).describe('All that was found, by line'),
    because: z.string().exactOptional().describe('Why there is nothing to look through'),
  })
  .describe('What was found in the answer file of a profile');

export const LintInput = z
  .strictObject({
    kind: line(MAX_NAME_LENGTH).describe(
      'Which installer reads it, such as kickstart; or cloud-init; or template, for one in Jinja or a snippet',
    ),
    text: z.string().max(MAX_ANSWER_LENGTH).describe('The answer file'),
    title: line(MAX_TEXT_LENGTH).exactOptional().describe('The system it installs: Fedora 42'),
    release: line(MAX_NAME_LENGTH).exactOptional().describe('Its release: 42'),
  })
  .describe('An answer file to look through');
