import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { type Answer, ask, type AskProblem, type ItemOf } from '../../data/client.ts';
import { queryOf, type Wanted } from './machine-query.ts';

/** Several screens full; more are asked for when their end is in sight. */
const PAGE_ROWS = 200;
/** What other people change is told by no event. */
export const EVERY_MS = 10_000;
const NONE: readonly never[] = [];

interface Machines {
  readonly rows: readonly ItemOf<'listMachines'>[];
  /** All that fit, on whichever page; undefined: not known yet. */
  readonly total: number | undefined;
  readonly error: AskProblem | null;
  readonly more: () => void;
  readonly retry: () => void;
}

/** The machines that are wanted, as the server finds and sorts them, page by page. */
export function useMachines(wanted: Wanted): Machines {
  const query = queryOf(wanted);
  const { data, error, hasNextPage, isFetching, fetchNextPage, refetch } = useInfiniteQuery<
    Answer<'listMachines'>,
    AskProblem,
    { readonly pages: readonly Answer<'listMachines'>[] },
    readonly unknown[],
    string | undefined
  >({
    // Begins as the answers of its row do: what makes those stale makes these.
    queryKey: ['listMachines', 'pages', query],
    initialPageParam: undefined,
    queryFn: ({ pageParam, signal }) => {
      const after = pageParam === undefined ? {} : { after: pageParam };
      return ask('listMachines', { query: { ...query, ...after, limit: PAGE_ROWS } }, signal);
    },
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
    // All pages come anew then: who scrolled far asks for no more of them in a time.
    refetchInterval: ({ state }) => EVERY_MS * Math.max(1, state.data?.pages.length ?? 0),
  });
  const rows = useMemo(() => data?.pages.flatMap(({ items }) => items) ?? NONE, [data]);
  return {
    rows,
    total: data?.pages[0]?.total,
    error,
    more: () => {
      if (hasNextPage && !isFetching) void fetchNextPage();
    },
    retry: () => void refetch(),
  };
}
