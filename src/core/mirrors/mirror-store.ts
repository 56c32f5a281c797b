import type { Mirror } from './mirror.ts';

export interface MirrorStore {
  /** By name. */
  list(): Promise<readonly Mirror[]>;
  /** Refused when the name is taken. */
  add(mirror: Mirror): Promise<{ put: true } | { put: false; because: string }>;
  /** What may change of it, in place of what is there; false where there is none of that name. */
  change(mirror: Pick<Mirror, 'name' | 'maxBytes' | 'mode'>): Promise<boolean>;
  remove(name: string): Promise<boolean>;
}
