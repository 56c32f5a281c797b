import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { type Answer, ask, type AskProblem, type ItemOf } from '../../data/client.ts';

const EVERY_MS = 10_000;

interface Waves {
  /** Undefined until they were asked for. */
  readonly waves: readonly ItemOf<'listWaves'>[] | undefined;
  readonly error: AskProblem | null;
  /** Asks for older ones; absent where there are none. */
  readonly older?: () => void;
  readonly retry: () => void;
}

/** Waves, newest first, page after page. The key begins as that of all who ask `listWaves`, so events refresh it. */
export function useWaves(): Waves {
  const { data, error, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery<
    Answer<'listWaves'>,
    AskProblem,
    { readonly pages: readonly Answer<'listWaves'>[] },
    readonly unknown[],
    string | undefined
  >({
    queryKey: ['listWaves', 'pages'],
    initialPageParam: undefined,
    queryFn: ({ pageParam, signal }) =>
      ask('listWaves', { query: pageParam === undefined ? {} : { after: pageParam } }, signal),
    getNextPageParam: ({ next }) => next,
    refetchInterval: EVERY_MS,
  });
  const waves = useMemo(() => data?.pages.flatMap(({ items }) => items), [data]);
  return {
    waves,
    error,
    retry: () => void refetch(),
    ...(hasNextPage ? { older: () => void fetchNextPage() } : {}),
  };
}
