import type { Snippet } from '../answers/snippet.ts';
import type { Install } from '../install/install.ts';
import type { Profile } from '../install/profile.ts';
import type { Group } from '../machines/groups.ts';
import type { Machine } from '../machines/machine.ts';
import type { Mirror } from '../mirrors/mirror.ts';
import type { Subnet } from '../network/subnet.ts';
import type { Policy } from '../policy/policy.ts';

/** All that is set up, as of one moment; each list by name. */
export interface SiteContents {
  readonly imageNames: readonly string[];
  readonly mirrors: readonly Mirror[];
  readonly subnets: readonly Subnet[];
  readonly snippets: readonly Snippet[];
  readonly profiles: readonly Profile[];
  readonly groups: readonly Group[];
  readonly machines: readonly Machine[];
  readonly policy: Policy;
  /** Those that are not over: they keep their machine and their profile. */
  readonly openInstalls: readonly Pick<Install, 'id' | 'machineId' | 'profile' | 'state'>[];
}

/** What people wrote down; the rest is given to it when it is first put. */
export type WantedMirror = Omit<Mirror, 'addedAtMs'>;
export type WantedMachine = Omit<Machine, 'id' | 'createdAtMs'>;

/** What shall be. A list that is absent says nothing; one that is empty says that there shall be none. */
export interface WantedSite {
  readonly images?: readonly string[];
  readonly mirrors?: readonly WantedMirror[];
  readonly subnets?: readonly Subnet[];
  readonly snippets?: readonly Snippet[];
  readonly profiles?: readonly Profile[];
  readonly groups?: readonly Group[];
  readonly machines?: readonly WantedMachine[];
  /** From the one that is there: what the site does not say of it stays. */
  readonly policy?: (before: Policy) => Policy;
}

/** What is wanted as whole records: with what is kept of those that are there, and what new ones are given. */
export interface GivenSite {
  readonly mirrors?: readonly Mirror[];
  readonly subnets?: readonly Subnet[];
  readonly snippets?: readonly Snippet[];
  readonly profiles?: readonly Profile[];
  readonly groups?: readonly Group[];
  readonly machines?: readonly Machine[];
}

/** What is put, whatever stands there under its name, and what is taken away. */
export interface Writes<T> {
  readonly put: readonly T[];
  readonly remove: readonly T[];
}

export interface SiteWrites {
  readonly mirrors: Writes<Mirror>;
  readonly subnets: Writes<Subnet>;
  readonly snippets: Writes<Snippet>;
  readonly profiles: Writes<Profile>;
  readonly groups: Writes<Group>;
  readonly machines: Writes<Machine>;
  readonly policy?: Policy;
}
