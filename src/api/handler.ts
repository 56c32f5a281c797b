import type { z } from 'zod';
import type { RouteName, ROUTES } from '../contract/routes.ts';
import type { Answers } from '../contract/route-row.ts';
import type { Asking } from './asking.ts';

type Rows = typeof ROUTES;

/** What a request asks, checked: parameters, query and body as the row's schemas give them. */
export interface Asked<Name extends RouteName> {
  readonly params: z.output<Rows[Name]['params']>;
  readonly query: z.output<Rows[Name]['query']>;
  readonly input: z.output<Rows[Name]['input']>;
}

/** Rows whose answer is one JSON text or none. */
export type PlainRouteName = {
  [Name in RouteName]: Rows[Name]['answers'] extends Exclude<Answers, 'stream' | 'bytes'> ? Name : never;
}[RouteName];

/** Does what the row's sentence says. @throws ApiProblem */
export type Handler<Name extends RouteName> = (
  asked: Asked<Name>,
  asking: Asking,
) => Promise<z.input<Rows[Name]['output']>>;

export type Handlers = { readonly [Name in PlainRouteName]: Handler<Name> };
