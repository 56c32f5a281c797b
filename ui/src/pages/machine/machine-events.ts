import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { WireEvent } from '../../../../src/contract/events.ts';
import { ask, type ItemOf, type AskProblem } from '../../data/client.ts';
import { liveEvents } from '../../data/live-events.ts';

/** Of one machine that are looked back at, and that are kept while it goes on. */
const MAX_EVENTS = 1000;
const NONE: readonly WireEvent[] = [];

/** What happened to a machine, oldest first, and what happens to it while this is shown. */
export function useMachineEvents(machine: ItemOf<'listMachines'>): readonly WireEvent[] {
  const client = useQueryClient();
  const { id, macs } = machine;
  const { data } = useQuery<readonly WireEvent[], AskProblem>({
    queryKey: ['events of', id],
    // What happened while nobody looked was not added to what was read then.
    refetchOnMount: 'always',
    queryFn: async ({ signal }) =>
      (await ask('listEvents', { query: { machine: id, limit: MAX_EVENTS } }, signal)).items,
  });
  useEffect(
    () =>
      liveEvents.listen((batch) => {
        const ours = batch.filter(
          (event) => event.machineId === id || (event.mac !== undefined && macs.includes(event.mac)),
        );
        if (ours.length === 0) return;
        client.setQueryData<readonly WireEvent[]>(
          ['events of', id],
          (before) => before && added(before, ours),
        );
      }),
    [client, id, macs],
  );
  return data ?? NONE;
}

/** One that came both ways is there once. */
function added(before: readonly WireEvent[], events: readonly WireEvent[]): readonly WireEvent[] {
  const lastId = before.at(-1)?.id ?? 0;
  return [...before, ...events.filter((event) => event.id > lastId)].slice(-MAX_EVENTS);
}
