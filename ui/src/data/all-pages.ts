import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { RouteName } from '../../../src/contract/routes.ts';
import type { AskProblem } from './client.ts';

interface Page<Item> {
  readonly items: readonly Item[];
  readonly next?: string | undefined;
}

interface Place {
  readonly after?: string;
}

/**
 * A list as a whole, for tables and maps that show all of it.
 * @param row whose answers these are: what makes those stale makes this.
 * @param about what else is asked, in the key
 */
export function useAllPages<Item>(
  row: RouteName,
  about: string,
  ask: (place: Place, signal: AbortSignal) => Promise<Page<Item>>,
): UseQueryResult<readonly Item[], AskProblem> {
  return useQuery<readonly Item[], AskProblem>({
    queryKey: [row, 'all', about],
    queryFn: ({ signal }) => allPages((place) => ask(place, signal)),
  });
}

/** Every item of a list that comes page after page; each page is asked for with what the one before said as `next`. */
export async function allPages<Item>(ask: (place: Place) => Promise<Page<Item>>): Promise<readonly Item[]> {
  const items: Item[] = [];
  let next: string | undefined;
  do {
    const page = await ask(next === undefined ? {} : { after: next });
    items.push(...page.items);
    next = page.next;
  } while (next !== undefined);
  return items;
}
