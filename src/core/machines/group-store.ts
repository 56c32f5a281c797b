import type { Group } from './groups.ts';

export interface GroupStore {
  /** By name, in order. */
  list(): Promise<readonly Group[]>;
  byName(name: string): Promise<Group | undefined>;
  /** Adds it, or replaces the one of this name; refused when its profile is not there, or there are `MAX_GROUPS`. */
  put(group: Group): Promise<{ put: true } | { put: false; because: string }>;
  /** False where there is none of that name. */
  remove(name: string): Promise<boolean>;
}
