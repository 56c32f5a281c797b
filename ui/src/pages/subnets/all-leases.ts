import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { ask, type AskProblem, type ItemOf } from '../../data/client.ts';

export type Lease = ItemOf<'listLeases'>;

/** Every lease of a subnet, page after page. The key begins as that of all who ask `listLeases`, so events refresh it. */
export function useAllLeases(subnet: string): UseQueryResult<readonly Lease[], AskProblem> {
  return useQuery<readonly Lease[], AskProblem>({
    queryKey: ['listLeases', 'all', subnet],
    queryFn: async ({ signal }) => {
      const leases: Lease[] = [];
      let after: string | undefined;
      do {
        const query = { subnet, ...(after === undefined ? {} : { after }) };
        const page = await ask('listLeases', { query }, signal);
        leases.push(...page.items);
        // A full page may be followed by another; an empty one ends it.
        after = page.items.at(-1)?.address;
      } while (after !== undefined);
      return leases;
    },
  });
}

/** Every word must be somewhere in it; a MAC address may be written with hyphens. */
export function fitting(leases: readonly Lease[], search: string): readonly Lease[] {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return leases.filter(({ address, mac = '', machine = '', hostname = '' }) => {
    const text = `${address} ${mac} ${mac.replaceAll(':', '-')} ${machine} ${hostname}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
