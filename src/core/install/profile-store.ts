import type { Profile } from './profile.ts';

export interface ProfileStore {
  list(): Promise<readonly Profile[]>;
  byName(name: string): Promise<Profile | undefined>;
  /** Adds it, or replaces the one of this name; refused when its image is not there. */
  put(profile: Profile): Promise<{ put: true } | { put: false; because: string }>;
  /** Refused while an open install uses it, or a group names it. */
  remove(name: string): Promise<{ removed: true } | { removed: false; because: string }>;
}
