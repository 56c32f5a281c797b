import {
  keepPreviousData,
  type QueryClient,
  queryOptions,
  useMutation,
  type UseMutationResult,
  useQuery,
  useQueryClient,
  type UseQueryResult,
} from '@tanstack/react-query';
import type { RouteName } from '../../../src/contract/routes.ts';
import {
  type Answer,
  ask,
  type Asked,
  type AskedRoute,
  type AskProblem,
  askIfNew,
  askTagged,
  type Tagged,
} from './client.ts';

/** What is kept of the answers of the API: the key of each is the name of its row and what was asked. */

interface Wish {
  /** Asked again so often. */
  readonly everyMs?: number;
  readonly enabled?: boolean;
  /** It is asked about what somebody types: the last answer stays until the next is here, and none is kept. */
  readonly isTyped?: boolean;
}

function optionsOf<Name extends AskedRoute>(name: Name, asked: Asked<Name>) {
  return queryOptions<Answer<Name>, AskProblem>({
    queryKey: [name, asked],
    queryFn: ({ signal }) => ask(name, asked, signal),
  });
}

/** The answer of a row that reads, kept and shared by everybody who asks the same. */
export function useRoute<Name extends AskedRoute>(
  name: Name,
  asked: Asked<Name>,
  { everyMs, enabled = true, isTyped = false }: Wish = {},
): UseQueryResult<Answer<Name>, AskProblem> {
  return useQuery({
    ...optionsOf(name, asked),
    enabled,
    ...(everyMs === undefined ? {} : { refetchInterval: everyMs }),
    ...(isTyped ? { placeholderData: keepPreviousData, gcTime: 0 } : {}),
  });
}

/** One thing that is going to be changed, with its tag: for `useCarefulChange`. */
export function useThing<Name extends AskedRoute>(
  name: Name,
  asked: Asked<Name>,
  { enabled = true }: Pick<Wish, 'enabled'> = {},
): UseQueryResult<Tagged<Answer<Name>>, AskProblem> {
  return useQuery<Tagged<Answer<Name>>, AskProblem>({
    queryKey: [name, asked, 'tagged'],
    queryFn: ({ signal }) => askTagged(name, asked, signal),
    enabled,
  });
}

/** A row that changes something. @param refreshes rows whose answers are asked for again afterwards. */
export function useChange<Name extends AskedRoute>(
  name: Name,
  refreshes: readonly RouteName[],
): UseMutationResult<Answer<Name>, AskProblem, Asked<Name>> {
  const client = useQueryClient();
  return useMutation<Answer<Name>, AskProblem, Asked<Name>>({
    mutationFn: (asked) => ask(name, asked),
    onSettled: () => refresh(client, refreshes),
  });
}

/** A row that puts a thing by its name, where there must be none of that name. */
export function useAdding<Name extends AskedRoute>(
  name: Name,
  refreshes: readonly RouteName[],
): UseMutationResult<Answer<Name>, AskProblem, Asked<Name>> {
  const client = useQueryClient();
  return useMutation<Answer<Name>, AskProblem, Asked<Name>>({
    mutationFn: (asked) => askIfNew(name, asked),
    onSettled: () => refresh(client, refreshes),
  });
}

export async function refresh(client: QueryClient, routes: readonly RouteName[]): Promise<void> {
  await Promise.all(routes.map((route) => client.invalidateQueries({ queryKey: [route] })));
}
