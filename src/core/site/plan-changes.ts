import type { Snippet } from '../answers/snippet.ts';
import type { Profile } from '../install/profile.ts';
import type { Group } from '../machines/groups.ts';
import type { Machine } from '../machines/machine.ts';
import type { Mirror } from '../mirrors/mirror.ts';
import type { Subnet } from '../network/subnet.ts';
import type { Policy } from '../policy/policy.ts';
import { type Comparison, compareByName, differingFields } from './compare.ts';
import { keepCredentials, keepSecrets } from './keep-secrets.ts';
import type {
  GivenSite,
  SiteContents,
  SiteHook,
  SitePower,
  SiteWrites,
  WantedMachine,
  WantedMirror,
  WantedSite,
  Writes,
} from './site-contents.ts';
import type { PlanFault, SiteRules } from './planned.ts';
import { hooksAsKept, powerAsKept } from './power-and-hooks.ts';
import { findFaults } from './site-rules.ts';

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
  | Differs<'power', SitePower>
  | Differs<'hook', SiteHook>
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
  const compared = compareAll(contents, given, around);
  const policy = wanted.policy?.(contents.policy);
  const policyChange = policy === undefined ? [] : changeOfPolicy(contents.policy, policy);
  const writes: SiteWrites = {
    ...writesOfAll(compared),
    setAtMs: around.nowMs,
    ...(policyChange.length === 0 || policy === undefined ? {} : { policy }),
  };
  const kept = Object.values(compared).flatMap((list) => list.filter(({ change }) => change === 'unchanged'));
  return {
    changes: [...changesOfAll(compared), ...policyChange],
    unchanged: kept.length + (policy !== undefined && policyChange.length === 0 ? 1 : 0),
    faults: findFaults({ contents, wanted, given, writes, policy, rules: around.rules }),
    writes,
  };
}

function changeOfPolicy(before: Policy, after: Policy): readonly SiteChange[] {
  const fields = differingFields(before, after);
  return fields.length === 0
    ? []
    : [{ kind: 'policy', difference: { change: 'change', before, after, fields } }];
}

type Compared = ReturnType<typeof compareAll>;

function compareAll(contents: SiteContents, given: GivenSite, around: PlanSurroundings) {
  return {
    mirrors: compareList(contents.mirrors, given.mirrors, around),
    subnets: compareList(contents.subnets, given.subnets, around),
    snippets: compareList(contents.snippets, given.snippets, around),
    profiles: compareList(contents.profiles, given.profiles, around),
    groups: compareList(contents.groups, given.groups, around),
    machines: compareList(contents.machines, given.machines, around),
    power: compareList(contents.power, given.power, around),
    hooks: compareList(contents.hooks, given.hooks, around),
  };
}

function writesOfAll(compared: Compared): Omit<SiteWrites, 'setAtMs' | 'policy'> {
  return {
    mirrors: writesOf(compared.mirrors),
    subnets: writesOf(compared.subnets),
    snippets: writesOf(compared.snippets),
    profiles: writesOf(compared.profiles),
    groups: writesOf(compared.groups),
    machines: writesOf(compared.machines),
    power: writesOf(compared.power),
    hooks: writesOf(compared.hooks),
  };
}

function changesOfAll(compared: Compared): readonly SiteChange[] {
  return [
    ...changesOf('mirror', compared.mirrors),
    ...changesOf('subnet', compared.subnets),
    ...changesOf('snippet', compared.snippets),
    ...changesOf('profile', compared.profiles),
    ...changesOf('group', compared.groups),
    ...changesOf('machine', compared.machines),
    ...changesOf('power', compared.power),
    ...changesOf('hook', compared.hooks),
  ];
}

function asKept(contents: SiteContents, wanted: WantedSite, around: PlanSurroundings): GivenSite {
  const machines = wanted.machines && machinesAsKept(contents, wanted.machines, around);
  // Machines that are new have their ids by now, and their power may come with them.
  const known = [...contents.machines, ...(machines ?? [])];
  return {
    ...(wanted.mirrors && { mirrors: mirrorsAsKept(contents, wanted.mirrors, around) }),
    ...(wanted.subnets && { subnets: wanted.subnets }),
    ...(wanted.snippets && { snippets: wanted.snippets }),
    ...(wanted.profiles && { profiles: withKeptSecrets(contents.profiles, wanted.profiles) }),
    ...(wanted.groups && { groups: withKeptSecrets(contents.groups, wanted.groups) }),
    ...(machines && { machines }),
    ...(wanted.power && { power: powerAsKept(contents, wanted, known) }),
    ...(wanted.hooks && { hooks: hooksAsKept(contents, wanted, around.nowMs) }),
  };
}

function mirrorsAsKept(
  contents: SiteContents,
  wanted: readonly WantedMirror[],
  { nowMs }: PlanSurroundings,
): readonly Mirror[] {
  const mirrors = byName(contents.mirrors);
  return wanted.map((one) => {
    const before = mirrors.get(one.name);
    const url = before ? keepCredentials(before.url, one.url) : one.url;
    return { ...one, url, addedAtMs: before?.addedAtMs ?? nowMs };
  });
}

function machinesAsKept(
  contents: SiteContents,
  wanted: readonly WantedMachine[],
  { machineIds, nowMs }: PlanSurroundings,
): readonly Machine[] {
  const machines = byName(contents.machines);
  return withKeptSecrets(contents.machines, wanted).map((one, at) => {
    const before = machines.get(one.name);
    return {
      ...one,
      // Known by something else, it has the address that it was met with, which no file knows.
      macs: one.macs.length === 0 ? (before?.macs ?? []) : one.macs,
      id: before?.id ?? machineIds[at] ?? '',
      createdAtMs: before?.createdAtMs ?? nowMs,
    };
  });
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
