import type { FastifyRequest } from 'fastify';
import { IDEMPOTENCY_KEY, MAX_KEY_LENGTH, REPEATED_HEADER, WITHOUT_KEY } from '../contract/idempotency.ts';
import { PROBLEM_MEDIA_TYPE, type ProblemType } from '../contract/problem.ts';
import { ROUTES } from '../contract/routes.ts';
import type { RouteRow } from '../contract/route-row.ts';
import type { Once, RequestKeys } from '../services/requests/request-keys.ts';
import type { Call } from './audited.ts';
import { ApiProblem, badRequest, problemOf } from './problems.ts';
import type { PlainAnswer } from './plain-answers.ts';

type Refused = Extract<Once, { readonly is: 'refused' }>;

const TYPE_OF_NO: Readonly<Record<Refused['no'], ProblemType>> = {
  'used for another': 'key-reused',
  'under way': 'under-way',
  'not known': 'refused',
};

/** Nothing was done, and later it may be. */
const NOTHING_DONE: ReadonlySet<ProblemType> = new Set(['busy', 'too-often']);

/**
 * Does a POST that carries a key once. A refusal is an answer too: it comes again with the key, even where the request
 * would be heard by now.
 *
 * @throws ApiProblem
 */
export async function onceByKey(
  keys: Pick<RequestKeys, 'once'>,
  call: Call,
  headers: FastifyRequest['headers'],
  work: () => Promise<PlainAnswer>,
): Promise<PlainAnswer> {
  const key = readKey(call, headers[IDEMPOTENCY_KEY]);
  if (key === undefined) return await work();
  const { asker } = call.asking;
  // What was thrown is thrown on, so that the first answer is the same with a key as without.
  let thrown: unknown;
  const once = await keys.once(
    { key, who: `${asker?.by ?? 'nothing'} ${asker?.who ?? ''}`, asked: [call.name, call.asked] },
    async () => {
      try {
        const answer = await work();
        return { ...answer, length: answer.text?.length ?? 0 };
      } catch (error) {
        thrown = error;
        return refusalToKeep(error);
      }
    },
  );
  if (thrown !== undefined) throw thrown;
  if (once === 'nothing') throw new ApiProblem('internal', 'nothing came of it');
  if (once.is === 'refused') throw new ApiProblem(TYPE_OF_NO[once.no], once.because);
  const { status, headers: kept, text } = once.answer;
  const repeated = once.is === 'repeated' ? { [REPEATED_HEADER]: 'true' } : {};
  return { status, headers: { ...kept, ...repeated }, ...(text === undefined ? {} : { text }) };
}

function refusalToKeep(error: unknown) {
  const { problem, ours } = problemOf(error);
  // Whether it was done is not known.
  if (ours) throw error;
  if (NOTHING_DONE.has(problem.type)) return 'nothing' as const;
  const text = JSON.stringify(problem);
  return {
    status: problem.status,
    headers: { 'content-type': PROBLEM_MEDIA_TYPE },
    text,
    length: text.length,
  };
}

/** A text in quotes, as the draft has it, or without. @throws ApiProblem */
function readKey({ name }: Call, header: string | readonly string[] | undefined): string | undefined {
  const row: RouteRow = ROUTES[name];
  if (header === undefined || row.method !== 'POST') return undefined;
  if (WITHOUT_KEY.has(name))
    throw badRequest([
      { path: 'Idempotency-Key', message: 'the answer holds a secret, which is not kept: leave it out' },
    ]);
  const [, quoted, bare] = /^(?:"([!#-~]+)"|([!#-~]+))$/.exec(String(header)) ?? [];
  const key = quoted ?? bare;
  if (key !== undefined && key.length <= MAX_KEY_LENGTH) return key;
  throw badRequest([
    {
      path: 'Idempotency-Key',
      message: `1 to ${MAX_KEY_LENGTH} letters, digits and signs are wanted, without spaces, such as a UUID`,
    },
  ]);
}
