import { z } from 'zod';

/**
 * Every way in which the API says no (RFC 9457, Problem Details for HTTP APIs). The status is the usual one; where
 * HTTP has a more exact one (405, 413, 415), the answer carries that.
 */
export const PROBLEMS = {
  'not-found': { status: 404, title: 'There is no such thing' },
  conflict: { status: 409, title: 'It collides with something that is there' },
  'holds-data': { status: 409, title: 'It would erase data, and nobody has confirmed that' },
  refused: { status: 409, title: 'It cannot be done as things are now' },
  changed: { status: 412, title: 'It is not what it was when it was read' },
  'under-way': { status: 409, title: 'The same is under way already' },
  'bad-request': { status: 400, title: 'The request cannot be understood' },
  'bad-configuration': { status: 422, title: 'It would not work' },
  'key-reused': { status: 422, title: 'Its key was used for something else' },
  'not-logged-in': { status: 401, title: 'Nobody is logged in' },
  'not-permitted': { status: 403, title: 'Whoever asks may not do that' },
  'too-often': { status: 429, title: 'It was asked too often' },
  busy: { status: 503, title: 'Too many ask at once' },
  internal: { status: 500, title: 'Muster made a mistake' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemType = keyof typeof PROBLEMS;

export const PROBLEM_TYPES = Object.keys(PROBLEMS) as readonly ProblemType[];

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

export const Problem = z
  .object({
    type: z.enum(PROBLEM_TYPES).describe('Which kind of no; programs look at this'),
    title: z.string().describe('The kind as a sentence'),
    status: z.int().describe('The HTTP status'),
    detail: z.string().describe('What is the matter, and what to do'),
    issues: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .exactOptional()
      .describe('Each field that does not fit: where it is, and what is wanted there'),
  })
  .describe('Why a request was not done');

export type Problem = z.output<typeof Problem>;
