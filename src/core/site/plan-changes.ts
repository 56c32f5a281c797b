import type { Snippet } from '../answers/snippet.ts';
import type { Profile } from '../install/profile.ts';
import type { Group } from '../machines/groups.ts';
import type { Machine } from '../machines/machine.ts';
import type { Mirror } from '../mirrors/mirror.ts';
import type { Subnet } from '../network/subnet.ts';
import type { Policy } from '../policy/policy.ts';
import { type Comparison, compareByName, differingFields } from './compare.ts';
import { keepCredentials, keepSecrets } from './keep-secrets.ts';
import type { GivenSite, SiteContents, SiteWrites, WantedSite, Writes } from './site-contents.ts';
import { findFaults, type PlanFault, type SiteRules } from './site-rules.ts';

/** What is handed to a site that is new in it. */
export interface PlanSurroundings {
  /** What is not in a list that is there goes. */
  readonly others: 'stay' | 'go';
  /** Ids for machines that are new: as many as machines are wanted. */
  readonly machineIds: readonly string[];
  readonly nowMs: number;
  readonly rules: SiteRules;
}

/** What differs of one thing, by its kind. */
export type SiteChange =
  | Differs<'mirror', Mirror>
  | Differs<'subnet', Subnet>
  | Differs<'snippet', Snippet>
  | Differs<'profile', Profile>
  | Differs<'group', Group>
  | Differs<'machine', Machine>
  | {
      readonly kind: 'policy';
      readonly difference: Exclude<Comparison<Policy>, { readonly change: 'unchanged' }>;
    };

interface Differs<Kind, T> {
  readonly kind: Kind;
  readonly difference: Exclude<Comparison<T>, { readonly change: 'unchanged' }>;
}

export interface SitePlan {
  /** By kind, then by name. */
  readonly changes: readonly SiteChange[];
  readonly unchanged: number;
  /** Why it cannot be done; empty where it can. */
  readonly faults: readonly PlanFault[];
  readonly writes: SiteWrites;
}

/** What has to be done so that all is as it is wanted, or everything that stands in the way. */
export function planChanges(contents: SiteContents, wanted: WantedSite, around: PlanSurroundings): SitePlan {
  const given = asKept(contents, wanted, around);
  const compared = {
    mirrors: compareList(contents.mirrors, given.mirrors, around),
    subnets: compareList(contents.subnets, given.subnets, around),
    snippets: compareList(contents.snippets, given.snippets, around),
    profiles: compareList(contents.profiles, given.profiles, around),
    groups: compareList(contents.groups, given.groups, around),
    machines: compareList(contents.machines, given.machines, around),
  };
  const policy = wanted.policy?.(contents.policy);
  const policyFields = policy === undefined ? [] : differingFields(contents.policy, policy);
  const policyChange: readonly SiteChange[] =
    policy === undefined || policyFields.length === 0
      ? []
      : [
          {
            kind: 'policy',
            difference: { change: 'change', before: contents.policy, after: policy, fields: policyFields },
          },
        ];
  const writes: SiteWrites = {
    mirrors: writesOf(compared.mirrors),
    subnets: writesOf(compared.subnets),
    snippets: writesOf(compared.snippets),
    profiles: writesOf(compared.profiles),
    groups: writesOf(compared.groups),
    machines: writesOf(compared.machines),
    ...(policyChange.length === 0 || policy === undefined ? {} : { policy }),
  };
  const lists = Object.values(compared).flat();
  return {
    changes: [
      ...changesOf('mirror', compared.mirrors),
      ...changesOf('subnet', compared.subnets),
      ...changesOf('snippet', compared.snippets),
      ...changesOf('profile', compared.profiles),
      ...changesOf('group', compared.groups),
      ...changesOf('machine', compared.machines),
      ...policyChange,
    ],
    unchanged:
      lists.filter(({ change }) => change === 'unchanged').length +
      (policy !== undefined && policyChange.length === 0 ? 1 : 0),
    faults: findFaults({ contents, wanted, given, writes, policy, rules: around.rules }),
    writes,
  };
}

function asKept(contents: SiteContents, wanted: WantedSite, around: PlanSurroundings): GivenSite {
  const mirrors = byName(contents.mirrors);
  const machines = byName(contents.machines);
  return {
    ...(wanted.mirrors && {
      mirrors: wanted.mirrors.map((one) => {
        const before = mirrors.get(one.name);
        const url = before ? keepCredentials(before.url, one.url) : one.url;
        return { ...one, url, addedAtMs: before?.addedAtMs ?? around.nowMs };
      }),
    }),
    ...(wanted.subnets && { subnets: wanted.subnets }),
    ...(wanted.snippets && { snippets: wanted.snippets }),
    ...(wanted.profiles && { profiles: withKeptSecrets(contents.profiles, wanted.profiles) }),
    ...(wanted.groups && { groups: withKeptSecrets(contents.groups, wanted.groups) }),
    ...(wanted.machines && {
      machines: withKeptSecrets(contents.machines, wanted.machines).map((one, at) => {
        const before = machines.get(one.name);
        return {
          ...one,
          // Known by something else, it has the address that it was met with, which no file knows.
          macs: one.macs.length === 0 ? (before?.macs ?? []) : one.macs,
          id: before?.id ?? around.machineIds[at] ?? '',
          createdAtMs: before?.createdAtMs ?? around.nowMs,
        };
      }),
    }),
  };
}

interface WithVariables {
  readonly name: string;
  readonly variables: Readonly<Record<string, string>>;
}

function withKeptSecrets<T extends WithVariables>(
  current: readonly WithVariables[],
  wanted: readonly T[],
): readonly T[] {
  const known = byName(current);
  return wanted.map((one) => {
    const before = known.get(one.name);
    return before ? { ...one, variables: keepSecrets(before.variables, one.variables) } : one;
  });
}

function byName<T extends { readonly name: string }>(list: readonly T[]): ReadonlyMap<string, T> {
  return new Map(list.map((one) => [one.name, one]));
}

function compareList<T extends { readonly name: string }>(
  current: readonly T[],
  given: readonly T[] | undefined,
  { others }: PlanSurroundings,
): readonly Comparison<T>[] {
  return given === undefined ? [] : compareByName(current, given, others);
}

function writesOf<T>(compared: readonly Comparison<T>[]): Writes<T> {
  return {
    put: compared.flatMap((one) => (one.change === 'add' || one.change === 'change' ? [one.after] : [])),
    remove: compared.flatMap((one) => (one.change === 'remove' ? [one.before] : [])),
  };
}

function changesOf<Kind extends string, T>(
  kind: Kind,
  compared: readonly Comparison<T>[],
): readonly Differs<Kind, T>[] {
  return compared.flatMap((difference) => (difference.change === 'unchanged' ? [] : [{ kind, difference }]));
}
