import { type Issue, issuesText } from '../contract/issues.ts';
import { type Problem, PROBLEMS, type ProblemType } from '../contract/problem.ts';
import type { Outcome, Refusal } from '../services/refusal.ts';
import { StoreError } from '../store/store-error.ts';

/** A "no" on its way out: thrown by a handler, written by the one error handler. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly problem: Problem;
  /** Seconds after which it may be asked again. */
  readonly retryAfterSeconds: number | undefined;
  /** For the audit alone: whose name was tried where nobody was known. */
  readonly who: string | undefined;

  constructor(
    type: ProblemType,
    detail: string,
    more: { status?: number; issues?: readonly Issue[]; retryAfterSeconds?: number; who?: string } = {},
  ) {
    super(detail);
    this.retryAfterSeconds = more.retryAfterSeconds;
    this.who = more.who;
    const { status, title } = PROBLEMS[type];
    this.problem = {
      type,
      title,
      status: more.status ?? status,
      detail,
      ...(more.issues === undefined ? {} : { issues: [...more.issues] }),
    };
  }
}

const TYPE_OF_REFUSAL: Readonly<Record<Refusal['no'], ProblemType>> = {
  'not found': 'not-found',
  conflict: 'conflict',
  refused: 'refused',
  'holds data': 'holds-data',
  'bad configuration': 'bad-configuration',
};

/** What came of it. @throws ApiProblem when nothing did. */
export function done<T extends object>(outcome: Outcome<T>): T {
  if (outcome.done) return outcome;
  const { no, because, at } = outcome;
  throw new ApiProblem(TYPE_OF_REFUSAL[no], because, at === undefined ? {} : { issues: [at] });
}

/** The thing itself. @throws ApiProblem when there is none: "there is no image "x"". */
export function found<T>(thing: T | undefined, what: string, name: string): T {
  if (thing !== undefined) return thing;
  throw notFound(what, name);
}

export function notFound(what: string, name: string): ApiProblem {
  return new ApiProblem('not-found', `there is no ${what} "${name}"`);
}

export function badRequest(issues: readonly Issue[]): ApiProblem {
  return new ApiProblem('bad-request', issuesText(issues), { issues });
}

/** What the web framework refuses by itself, by its error codes, in our words. */
const REFUSED_BY_FRAMEWORK: Readonly<Record<string, readonly [status: number, sentence: string]>> = {
  FST_ERR_BAD_URL: [400, 'the path of the URL is not quoted as a URL is: write % as %25'],
  FST_ERR_MAX_PARAM_LENGTH: [414, 'a part of the path is longer than any name that exists'],
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'the body is larger than anything that is taken'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'the body is read as application/json only'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [400, 'the body is not as long as its Content-Length says'],
  FST_ERR_CTP_INVALID_JSON_BODY: [400, 'the body is not JSON'],
};

/** Any error as a problem; `ours` when it is a mistake of Muster, which belongs in the log. */
export function problemOf(error: unknown): { readonly problem: Problem; readonly ours: boolean } {
  if (error instanceof ApiProblem) return { problem: error.problem, ours: false };
  // Somebody took away what it needs, after it was looked for and before it was written.
  if (error instanceof StoreError && error.kind === 'gone')
    return { problem: new ApiProblem('refused', error.message).problem, ours: false };
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const refused = REFUSED_BY_FRAMEWORK[code];
  if (refused !== undefined) {
    const [status, sentence] = refused;
    return { problem: new ApiProblem('bad-request', sentence, { status }).problem, ours: false };
  }
  const detail = 'Muster could not do this because of a mistake of its own, which its log describes';
  return { problem: new ApiProblem('internal', detail).problem, ours: true };
}

/** A thing that is put carries the name of its path, or none. @throws ApiProblem */
export function expectSameName(inPath: string, inBody: string | undefined): void {
  if (inBody === undefined || inBody === inPath) return;
  throw badRequest([
    {
      path: 'name',
      message: `"${inBody}" is there, and the path says "${inPath}": to rename, put it anew and take the old one away`,
    },
  ]);
}
