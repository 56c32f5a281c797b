import type { Snippet } from '../answers/snippet.ts';
import type { Hook } from '../hooks/hook.ts';
import type { Install } from '../install/install.ts';
import type { Profile } from '../install/profile.ts';
import type { Group } from '../machines/groups.ts';
import type { Machine } from '../machines/machine.ts';
import type { Mirror } from '../mirrors/mirror.ts';
import type { Subnet } from '../network/subnet.ts';
import type { Policy } from '../policy/policy.ts';
import type { PowerSettings } from '../power/power-settings.ts';

/** How a machine's power is reached. Its secret stands in memory only: no site that goes out has it. */
export interface SitePower {
  /** The machine's. */
  readonly name: string;
  readonly machineId: string;
  readonly settings: PowerSettings;
  readonly secret?: string;
}

/** What is told of events, with its key, which goes out as little. */
export interface SiteHook extends Omit<Hook, 'secret'> {
  readonly secret?: string;
}

/**
 * What people say of a secret that no site holds. `as it is`: the one that is there, if there is one. `kept`: the one
 * that is there, and there has to be one.
 */
export type WantedSecret = 'as it is' | 'kept' | 'none' | { readonly given: string };

/** All that is set up, as of one moment; each list by name. */
export interface SiteContents {
  readonly imageNames: readonly string[];
  readonly mirrors: readonly Mirror[];
  readonly subnets: readonly Subnet[];
  readonly snippets: readonly Snippet[];
  readonly profiles: readonly Profile[];
  readonly groups: readonly Group[];
  readonly machines: readonly Machine[];
  readonly power: readonly SitePower[];
  readonly hooks: readonly SiteHook[];
  readonly policy: Policy;
  /** Those that are not over: they keep their machine and their profile. */
  readonly openInstalls: readonly Pick<Install, 'id' | 'machineId' | 'profile' | 'state'>[];
}

/** What people wrote down; the rest is given to it when it is first put. */
export type WantedMirror = Omit<Mirror, 'addedAtMs'>;
export type WantedMachine = Omit<Machine, 'id' | 'createdAtMs'>;
export type WantedPower = Pick<SitePower, 'name' | 'settings'> & { readonly secret: WantedSecret };
export type WantedHook = Omit<SiteHook, 'secret' | 'createdAtMs'> & { readonly secret: WantedSecret };

/** What shall be. A list that is absent says nothing; one that is empty says that there shall be none. */
export interface WantedSite {
  readonly images?: readonly string[];
  readonly mirrors?: readonly WantedMirror[];
  readonly subnets?: readonly Subnet[];
  readonly snippets?: readonly Snippet[];
  readonly profiles?: readonly Profile[];
  readonly groups?: readonly Group[];
  readonly machines?: readonly WantedMachine[];
  readonly power?: readonly WantedPower[];
  readonly hooks?: readonly WantedHook[];
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
  readonly power?: readonly SitePower[];
  readonly hooks?: readonly SiteHook[];
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
  readonly power: Writes<SitePower>;
  readonly hooks: Writes<SiteHook>;
  readonly policy?: Policy;
  /** When that is; what was seen of power with other settings tells nothing of these. */
  readonly setAtMs: number;
}
