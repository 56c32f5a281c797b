import type { Asked } from '../../data/client.ts';
import type { InstallState } from '../../parts/install-state.tsx';

type Query = NonNullable<Asked<'listMachines'>['query']>;

/** Columns that the server sorts by. */
export const SORTED_BY = ['name', 'state', 'created'] as const;
type SortedBy = (typeof SORTED_BY)[number];

export interface Wanted {
  readonly search: string;
  readonly state: InstallState | 'none' | '';
  readonly sort: NonNullable<Query['sort']>;
}

export const ALL: Wanted = { search: '', state: '', sort: 'name' };

/** What is asked for: `key=value` chooses by labels, other words are looked for in what a machine is known by. */
export function queryOf({ search, state, sort }: Wanted): Query {
  const words = search.split(/\s+/).filter((word) => word !== '');
  const terms = words.filter((word) => word.includes('='));
  const texts = words.filter((word) => !word.includes('='));
  return {
    sort,
    ...(terms.length === 0 ? {} : { selector: terms.join(',') }),
    ...(texts.length === 0 ? {} : { q: texts.join(' ') }),
    ...(state === '' ? {} : { state }),
  };
}

/** The order after a press on the head of a column: the same column turns round. */
export function sortAfter(sort: Wanted['sort'], pressed: string): Wanted['sort'] {
  const by = SORTED_BY.find((one) => one === pressed);
  if (by === undefined) return sort;
  return sort === by ? `-${by}` : by;
}

export function sortedOf(sort: Wanted['sort']): {
  readonly id: SortedBy;
  readonly direction: 'asc' | 'desc';
} {
  const id = SORTED_BY.find((one) => sort.endsWith(one)) ?? 'name';
  return { id, direction: sort.startsWith('-') ? 'desc' : 'asc' };
}
