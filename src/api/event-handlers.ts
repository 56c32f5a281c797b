import type { z } from 'zod';
import { TimelineEvent as WireEvent } from '../contract/event-schemas.ts';
import type { ROUTES } from '../contract/routes.ts';
import type { EventFilter } from '../core/events/event-store.ts';
import { readKinds } from '../core/events/kind-pattern.ts';
import type { TimelineEvent } from '../core/events/timeline-event.ts';
import type { ApiNeeds } from './api-needs.ts';
import type { Handlers } from './handler.ts';
import { machineOrMac, namesById } from './machine-names.ts';
import { nextOf, readField } from './pages.ts';
import { badRequest } from './problems.ts';
import { readSelector } from './read-selector.ts';
import { eventToContract } from './to-contract.ts';

/**
 * Events that are looked through for one page where there is no index: a million of them would keep everybody else
 * waiting. The page then says where to look on.
 */
export const EVENTS_LOOKED_THROUGH = 50_000;

type Query = z.output<(typeof ROUTES)['listEvents']['query']>;

export function eventHandlers({ events, machines }: ApiNeeds): Pick<Handlers, 'listEvents'> {
  return {
    listEvents: async ({ query }) => {
      if (query.after !== undefined && query.before !== undefined)
        throw badRequest([{ path: 'before', message: 'after is there too: send one of them' }]);
      const filter = await eventFilter(machines, query);
      const reach = isLookedThrough(filter) ? reachOf(query, await newestId(events)) : reachOf(query);
      const found = await events.list({ ...filter, ...reach.between }, query.limit);
      return {
        // The answer is held against its row of the contract as a whole.
        items: await inContract(machines, found),
        ...nextAfter(query, found, reach.edge),
      };
    },
  };
}

/** Everyone's, or one machine's with those from before it was known. @throws ApiProblem */
export async function eventFilter(
  machines: ApiNeeds['machines'],
  { machine: reference, kind, selector, q }: Partial<Pick<Query, 'machine' | 'kind' | 'selector' | 'q'>>,
): Promise<EventFilter> {
  return {
    ...(reference === undefined ? {} : await ofMachine(machines, reference)),
    ...(kind === undefined ? {} : { kinds: readField('kind', () => readKinds(kind)) }),
    ...(selector === undefined ? {} : { selector: readSelector(selector) }),
    ...(q === undefined || q === '' ? {} : { text: q }),
  };
}

async function ofMachine(machines: ApiNeeds['machines'], reference: string): Promise<EventFilter> {
  const { machine, macs } = await machineOrMac(machines, reference);
  return machine ? { machineId: machine.id, macs } : { macs };
}

function isLookedThrough({ kinds, selector, text }: EventFilter): boolean {
  return kinds !== undefined || selector !== undefined || text !== undefined;
}

async function newestId(events: ApiNeeds['events']): Promise<number> {
  const [newest] = await events.list({}, 1);
  return newest?.id ?? 0;
}

/**
 * Between which events is looked, and how far that is: where the next page goes on if nothing more is found.
 *
 * @param newest the number of the newest event, where not all of them may be looked through.
 */
function reachOf(
  { after, before }: Query,
  newest?: number,
): { readonly between: EventFilter; readonly edge?: number } {
  if (after !== undefined) {
    const end = after + EVENTS_LOOKED_THROUGH;
    return newest !== undefined && end < newest
      ? { between: { afterId: after, beforeId: end + 1 }, edge: end }
      : { between: { afterId: after } };
  }
  const between = before === undefined ? {} : { beforeId: before };
  if (newest === undefined) return { between };
  const bottom = Math.min(before ?? newest + 1, newest + 1) - EVENTS_LOOKED_THROUGH;
  return bottom > 1 ? { between: { ...between, downToId: bottom }, edge: bottom } : { between };
}

function nextAfter(
  { after, limit }: Query,
  found: readonly TimelineEvent[],
  edge: number | undefined,
): { readonly next?: number } {
  if (found.length === limit) return nextOf(true, after === undefined ? found[0]?.id : found.at(-1)?.id);
  return nextOf(true, edge);
}

export async function eventsToWire(
  machines: Pick<ApiNeeds['machines'], 'namesOf'>,
  events: readonly TimelineEvent[],
): Promise<readonly z.input<typeof WireEvent>[]> {
  return (await inContract(machines, events)).map((event) => WireEvent.parse(event));
}

async function inContract(
  machines: Pick<ApiNeeds['machines'], 'namesOf'>,
  events: readonly TimelineEvent[],
): Promise<z.input<typeof WireEvent>[]> {
  const names = await namesById(
    machines,
    events.map(({ machineId }) => machineId),
  );
  return events.map((event) => eventToContract(event, names));
}
