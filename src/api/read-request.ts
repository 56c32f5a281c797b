import type { z } from 'zod';
import { check, type Issue } from '../contract/issues.ts';
import { nothing, type RouteRow } from '../contract/route-row.ts';
import { badRequest } from './problems.ts';

/** The parts of a request that hold what somebody asks. */
export interface RequestParts {
  readonly params: unknown;
  readonly query: unknown;
  readonly body?: unknown;
}

/** What the row's schemas make of a request. @throws ApiProblem that names every field that does not fit. */
export function readAsked<Row extends RouteRow>(
  row: Row,
  { params, query, body }: RequestParts,
): {
  readonly params: z.output<Row['params']>;
  readonly query: z.output<Row['query']>;
  readonly input: z.output<Row['input']>;
} {
  const issues: Issue[] = [];
  const read = <S extends z.ZodType>(schema: S, value: unknown): z.output<S> | undefined => {
    const checked = check(schema, value);
    if (checked.fits) return checked.value;
    issues.push(...checked.issues);
    return undefined;
  };
  const asked = {
    params: read(row.params, params),
    query: read(row.query, query),
    // Some clients cannot send a POST without a body, and an empty object says nothing either.
    input: read(row.input, row.input === nothing && isEmptyObject(body) ? undefined : body),
  };
  if (issues.length > 0) throw badRequest(issues);
  // Nothing was pushed, so each is what its schema gives.
  return asked as ReturnType<typeof readAsked<Row>>;
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/** The header a reader sends that comes back. @throws ApiProblem when it holds no id of ours. */
export function readLastEventId(header: string | readonly string[] | undefined): number | undefined {
  if (header === undefined || header === '') return undefined;
  if (typeof header === 'string' && /^\d{1,15}$/.test(header)) return Number(header);
  throw badRequest([{ path: 'Last-Event-ID', message: `"${String(header)}" is not the id of an event` }]);
}
