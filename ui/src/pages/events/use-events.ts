import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import type { WireEvent } from '../../../../src/contract/events.ts';
import { ask, type Answer, type AskProblem } from '../../data/client.ts';
import { gather } from '../../data/gathering.ts';
import { liveEvents } from '../../data/live-events.ts';
import { fitting, merged, type Wanted, withBatch, withNewer } from './event-rows.ts';

/** As many as the server gives at one time. */
const PAGE_ROWS = 1000;
/** Nobody reads faster; a list of thousands is drawn anew for each. */
const SHOWN_EVERY_MS = 250;

interface Events {
  readonly rows: readonly WireEvent[];
  readonly isAsked: boolean;
  readonly error: AskProblem | null;
  /** Asks for older ones; absent where there are none. */
  readonly older?: () => void;
  readonly retry: () => void;
}

/** The timeline, newest first: pages of what was, and what happens meanwhile. */
export function useEvents(wanted: Wanted): Events {
  const live = useLive(wanted);
  const { data, error, isPending, hasNextPage, isFetching, fetchNextPage, refetch } = useInfiniteQuery<
    Answer<'listEvents'>,
    AskProblem,
    { readonly pages: readonly Answer<'listEvents'>[] },
    readonly unknown[],
    number | undefined
  >({
    queryKey: ['events', wanted],
    initialPageParam: undefined,
    queryFn: ({ pageParam, signal }) => ask('listEvents', { query: queryOf(wanted, pageParam) }, signal),
    getNextPageParam: ({ next }) => next,
  });
  const answered = useMemo(() => merged((data?.pages ?? []).map(({ items }) => items)), [data]);
  const rows = useMemo(() => withNewer(live, answered), [answered, live]);
  return {
    rows,
    isAsked: isPending,
    error,
    retry: () => void refetch(),
    ...(hasNextPage && !isFetching ? { older: () => void fetchNextPage() } : {}),
  };
}

function queryOf({ q, kind, machine }: Wanted, before: number | undefined) {
  return {
    limit: PAGE_ROWS,
    ...(q === '' ? {} : { q }),
    ...(kind === '' ? {} : { kind }),
    ...(machine === '' ? {} : { machine }),
    ...(before === undefined ? {} : { before }),
  };
}

/** All that happens while this is shown; a filter that changes looks through it again. */
function useLive(wanted: Wanted): readonly WireEvent[] {
  const [live, setLive] = useState<readonly WireEvent[]>([]);
  useEffect(() => {
    const stop = gather(liveEvents.listen, SHOWN_EVERY_MS, (batch) =>
      setLive((before) => withBatch(before, batch)),
    );
    // What was read is read anew then; of another database these are not.
    const stopMissed = liveEvents.onMissed(() => setLive([]));
    return () => {
      stop();
      stopMissed();
    };
  }, []);
  return useMemo(() => live.filter(fitting(wanted)), [live, wanted]);
}
