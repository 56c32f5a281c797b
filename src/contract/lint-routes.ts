import { z } from 'zod';
import { machineReference } from './fields.ts';
import { AnswerFinding, LintInput, ProfileLint } from './lint-schemas.ts';
import { byName, listOf, row } from './route-row.ts';

export const LINT_ROUTES = {
  lintProfile: row({
    method: 'GET',
    path: '/profiles/{name}/lint',
    params: byName,
    query: z.strictObject({
      machine: machineReference.exactOptional().describe('For which machine; left out: one made up'),
    }),
    output: ProfileLint,
    answers: 'thing',
    role: 'viewer',
    sentence: 'What is wrong with the answer file of a profile; nothing changes',
  }),
  lintAnswer: row({
    method: 'POST',
    path: '/lint',
    input: LintInput,
    output: listOf(AnswerFinding),
    answers: 'thing',
    role: 'viewer',
    harmless: 'it reads the text that is sent, and keeps nothing',
    notAudited: 'nothing is changed',
    sentence: 'What is wrong with an answer file; nothing is kept',
  }),
} as const;
