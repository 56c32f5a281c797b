import type { Group } from './groups.ts';

export interface GroupPage {
  readonly groups: readonly Group[];
  /** The name of the last, where others follow it. */
  readonly next: string | undefined;
}

export interface GroupStore {
  /** By name, in order. */
  list(): Promise<readonly Group[]>;
  /** So many of them, behind the one of that name, whether it is there still or not. */
  page(query: { readonly after?: string; readonly limit: number }): Promise<GroupPage>;
  byName(name: string): Promise<Group | undefined>;
  /** Adds it, or replaces the one of this name; refused when its profile is not there, or there are `MAX_GROUPS`. */
  put(group: Group): Promise<{ put: true } | { put: false; because: string }>;
  /** False where there is none of that name. */
  remove(name: string): Promise<boolean>;
}
