import type { z } from 'zod';
import { TimelineEvent as WireEvent } from '../contract/event-schemas.ts';
import type { EventFilter } from '../core/events/event-store.ts';
import type { TimelineEvent } from '../core/events/timeline-event.ts';
import type { ApiNeeds } from './api-needs.ts';
import type { Handlers } from './handler.ts';
import { machineOrMac, namesById } from './machine-names.ts';
import { eventToContract } from './to-contract.ts';

export function eventHandlers({ events, machines }: ApiNeeds): Pick<Handlers, 'listEvents'> {
  return {
    listEvents: async ({ query: { machine, after, limit } }) => {
      const filter = await eventFilter(machines, machine);
      const found = await events.list(
        { ...filter, ...(after === undefined ? {} : { afterId: after }) },
        limit,
      );
      return { items: [...(await eventsToWire(machines, found))] };
    },
  };
}

/** Everyone's, or one machine's with those from before it was known. @throws ApiProblem */
export async function eventFilter(
  machines: ApiNeeds['machines'],
  reference: string | undefined,
): Promise<EventFilter> {
  if (reference === undefined) return {};
  const { machine, macs } = await machineOrMac(machines, reference);
  return machine ? { machineId: machine.id, macs } : { macs };
}

export async function eventsToWire(
  machines: ApiNeeds['machines'],
  events: readonly TimelineEvent[],
): Promise<readonly z.input<typeof WireEvent>[]> {
  const names = await namesById(
    machines,
    events.map(({ machineId }) => machineId),
  );
  return events.map((event) => WireEvent.parse(eventToContract(event, names)));
}
