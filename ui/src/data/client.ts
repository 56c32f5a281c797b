import type { z } from 'zod';
import type { Problem } from '../../../src/contract/problem.ts';
import type { RouteName, ROUTES } from '../../../src/contract/routes.ts';
import { ROUTE_TABLE } from './route-table.ts';

/** The API as functions: what a row of the contract takes and gives is known to the compiler. */

type Rows = typeof ROUTES;

export const API_PREFIX = '/api/v1';

/** Rows that answer one JSON text or nothing; streams and files are links of their own. */
export type AskedRoute = {
  [Name in RouteName]: Rows[Name]['answers'] extends 'stream' | 'bytes' ? never : Name;
}[RouteName];

/** May be left out where nothing of it must be there. */
type Part<Key extends string, Shape> = [Shape] extends [undefined]
  ? { readonly [K in Key]?: undefined }
  : Record<string, never> extends Shape
    ? { readonly [K in Key]?: Shape }
    : { readonly [K in Key]: Shape };

export type Asked<Name extends RouteName> = Part<'params', z.input<Rows[Name]['params']>> &
  Part<'query', z.input<Rows[Name]['query']>> &
  Part<'input', z.input<Rows[Name]['input']>>;

export type Answer<Name extends RouteName> = z.output<Rows[Name]['output']>;

/** What one item of a list looks like. */
export type ItemOf<Name extends RouteName> =
  Answer<Name> extends { readonly items: readonly (infer Item)[] } ? Item : never;

/** A "no" of the server, with its own words; or none at all, which is a kind of its own here. */
export class AskProblem extends Error {
  override readonly name = 'AskProblem';
  readonly type: Problem['type'] | 'unreachable';
  readonly status: number;
  readonly issues: NonNullable<Problem['issues']>;

  constructor(problem: Omit<Problem, 'type'> & { readonly type: AskProblem['type'] }) {
    super(problem.detail);
    this.type = problem.type;
    this.status = problem.status;
    this.issues = problem.issues ?? [];
  }
}

/** Called when the server wants a log-in; the session's owner sets it. */
export const onLoggedOut: { tell: () => void } = { tell: () => undefined };

const UNAUTHORIZED = 401;

/** @throws AskProblem */
export async function ask<Name extends AskedRoute>(
  name: Name,
  asked: Asked<Name>,
  signal?: AbortSignal,
): Promise<Answer<Name>> {
  return await answerOf<Name>(await send(name, asked, signal ? { signal } : {}));
}

/** What was read, and the tag (ETag) it had: a change can say that it is meant for that and nothing newer. */
export interface Tagged<Thing> {
  readonly thing: Thing;
  readonly tag: string;
}

/** @throws AskProblem */
export async function askTagged<Name extends AskedRoute>(
  name: Name,
  asked: Asked<Name>,
  signal?: AbortSignal,
): Promise<Tagged<Answer<Name>>> {
  const response = await send(name, asked, signal ? { signal } : {});
  return { thing: await answerOf<Name>(response), tag: response.headers.get('etag') ?? '' };
}

/** Asks for a change of what has this tag. @throws AskProblem of the type `changed` where it has another by now. */
export async function askIfStill<Name extends AskedRoute>(
  name: Name,
  asked: Asked<Name>,
  tag: string,
): Promise<Answer<Name>> {
  return await answerOf<Name>(await send(name, asked, { tag }));
}

/** Asks for a thing that is not there yet. @throws AskProblem of the type `changed` where it is. */
export async function askIfNew<Name extends AskedRoute>(
  name: Name,
  asked: Asked<Name>,
): Promise<Answer<Name>> {
  return await answerOf<Name>(await send(name, asked, { isNew: true }));
}

interface SendOptions {
  readonly signal?: AbortSignal;
  readonly tag?: string;
  readonly isNew?: true;
}

async function send<Name extends AskedRoute>(
  name: Name,
  asked: Asked<Name>,
  { signal, tag, isNew }: SendOptions,
): Promise<Response> {
  const { params, query, input } = asked as LooselyAsked;
  const method = methodOf(name);
  const response = await reach(urlOf(name, params, query), {
    method,
    headers: {
      ...(method === 'GET' || method === 'DELETE' ? {} : { 'content-type': 'application/json' }),
      ...(tag === undefined ? {} : { 'if-match': tag }),
      ...(isNew ? { 'if-none-match': '*' } : {}),
    },
    ...(input === undefined ? {} : { body: JSON.stringify(input) }),
    ...(signal ? { signal } : {}),
  });
  if (response.ok) return response;
  if (response.status === UNAUTHORIZED) onLoggedOut.tell();
  throw await problemOf(response);
}

async function answerOf<Name extends AskedRoute>(response: Response): Promise<Answer<Name>> {
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as Answer<Name>;
}

interface LooselyAsked {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly input?: unknown;
}

/** Where a row is; for links, streams and files. */
export function urlOf(
  name: RouteName,
  params?: LooselyAsked['params'],
  query?: LooselyAsked['query'],
): string {
  const path = pathOf(name).replaceAll(/\{(\w+)\}/g, (_, word: string) =>
    encodeURIComponent(params?.[word] ?? ''),
  );
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {}))
    if (value !== undefined) search.set(key, String(value));
  const text = search.toString();
  return `${API_PREFIX}${path}${text === '' ? '' : `?${text}`}`;
}

function methodOf(name: RouteName): string {
  return ROUTE_TABLE[name].split(' ')[1] ?? 'GET';
}

function pathOf(name: RouteName): string {
  return ROUTE_TABLE[name].split(' ')[2] ?? '';
}

async function reach(url: string, options: RequestInit): Promise<Response> {
  try {
    return await fetch(url, options);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new AskProblem({ type: 'unreachable', title: '', status: 0, detail: '' });
  }
}

async function problemOf(response: Response): Promise<AskProblem> {
  const { status } = response;
  try {
    return new AskProblem((await response.json()) as Problem);
  } catch {
    const detail = `${status} ${response.statusText}`;
    return new AskProblem({ type: 'internal', title: detail, status, detail });
  }
}
