import type { z } from 'zod';
import { API_PREFIX, type Answers, type RouteName, type ROUTES } from '../contract/routes.ts';
import { eventHandlers } from './event-handlers.ts';
import type { ApiNeeds } from './api-needs.ts';
import { imageHandlers } from './image-handlers.ts';
import { installHandlers } from './install-handlers.ts';
import { machineHandlers } from './machine-handlers.ts';
import { networkHandlers } from './network-handlers.ts';
import { serverHandlers } from './server-handlers.ts';

type Rows = typeof ROUTES;

/** What a request asks, checked: parameters, query and body as the row's schemas give them. */
export interface Asked<Name extends RouteName> {
  readonly params: z.output<Rows[Name]['params']>;
  readonly query: z.output<Rows[Name]['query']>;
  readonly input: z.output<Rows[Name]['input']>;
}

/** Rows whose answer is one JSON text or none. */
export type PlainRouteName = {
  [Name in RouteName]: Rows[Name]['answers'] extends Exclude<Answers, 'stream'> ? Name : never;
}[RouteName];

/** Does what the row's sentence says. @throws ApiProblem */
export type Handler<Name extends RouteName> = (asked: Asked<Name>) => Promise<z.input<Rows[Name]['output']>>;

export type Handlers = { readonly [Name in PlainRouteName]: Handler<Name> };

/** One handler for each row of the contract; the compiler misses one that is not there. */
export function createHandlers(needs: ApiNeeds): Handlers {
  return {
    ...serverHandlers(needs),
    ...networkHandlers(needs),
    ...machineHandlers(needs),
    ...imageHandlers(needs),
    ...installHandlers(needs),
    ...eventHandlers(needs),
  };
}

/** Where a thing that was created is found from now on. */
export function locationOf(path: string, thing: unknown): string | undefined {
  if (typeof thing !== 'object' || thing === null) return undefined;
  const key = 'id' in thing ? thing.id : 'name' in thing ? thing.name : undefined;
  return typeof key === 'string' ? `${API_PREFIX}${path}/${encodeURIComponent(key)}` : undefined;
}
