import type { z } from 'zod';
import type { ROUTES } from '../contract/routes.ts';
import type { ApiClient, CallArguments } from './client.ts';

/** What the API answers at most in one page. */
const PAGE_ROWS = 1000;

/** Rows that list in pages. */
type PagedRoute = 'listMachines' | 'listLeases' | 'listInstalls' | 'listGroups' | 'listWaves';

type Query<Name extends PagedRoute> = Omit<z.input<(typeof ROUTES)[Name]['query']>, 'after' | 'limit'>;
type Item<Name extends PagedRoute> = z.output<(typeof ROUTES)[Name]['output']>['items'][number];

/** All that fit, or so many of them, however many pages that takes. */
export async function allPages<Name extends PagedRoute>(
  client: Pick<ApiClient, 'call'>,
  name: Name,
  query: Query<Name>,
  limit = Infinity,
): Promise<Item<Name>[]> {
  const found: Item<Name>[] = [];
  let after: string | undefined;
  do {
    const wanted = {
      ...query,
      limit: Math.min(PAGE_ROWS, limit - found.length),
      ...(after === undefined ? {} : { after }),
    };
    // The compiler cannot follow that these are the arguments of whichever row it is.
    const page = await client.call(name, { query: wanted } as unknown as CallArguments<Name>);
    found.push(...(page.items as Item<Name>[]));
    after = page.next;
  } while (after !== undefined && found.length < limit);
  return found;
}
