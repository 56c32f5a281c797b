import type { Profile } from '../install/profile.ts';
import type { Machine } from './machine.ts';
import { isChosen, matchSelector, type Selector, specificityOf } from './selector.ts';

/** Machines chosen by their labels, and what they have in common. */
export interface Group {
  /** Unique. */
  readonly name: string;
  readonly selector: Selector;
  /** Of several groups of one machine, the one with the higher number wins. */
  readonly priority: number;
  /** What its machines are installed with where nobody says otherwise. */
  readonly profile?: string;
  /** On the kernel's command line before those of the profile: what comes later wins there. */
  readonly arguments: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** Groups of one server: each is asked whenever an installer is told something. */
export const MAX_GROUPS = 1000;

/** That a machine is in a group, and why. */
export interface Membership {
  readonly group: Group;
  readonly because: string;
}

/** What says something of a machine. */
export interface Source {
  readonly kind: 'group' | 'profile' | 'machine';
  readonly name: string;
}

type Member = Pick<Machine, 'name' | 'labels'>;
type Giving = Pick<Profile, 'name' | 'arguments' | 'variables'>;

/**
 * The groups a machine is in, each winning over those before it: by priority, then by how much the selector says,
 * then by name, backwards, so that of two that are equal in all the first by name wins.
 */
export function groupsOf(machine: Pick<Machine, 'labels'>, groups: readonly Group[]): readonly Membership[] {
  return groups
    .filter(({ selector }) => isChosen(selector, machine.labels))
    .map((group) => ({ group, because: matchSelector(group.selector, machine.labels).because }))
    .toSorted(({ group: one }, { group: other }) => compareGroups(one, other));
}

function compareGroups(one: Group, other: Group): number {
  return (
    one.priority - other.priority ||
    specificityOf(one.selector) - specificityOf(other.selector) ||
    (one.name < other.name ? 1 : -1)
  );
}

export type ProfileChoice =
  | { readonly profile: string; readonly because: string }
  | { readonly profile: undefined; readonly because: string };

/** What a machine is installed with where nobody says otherwise: what the last of its groups says that says something. */
export function chooseProfile(machine: Member, memberships: readonly Membership[]): ProfileChoice {
  const saying = memberships.findLast(({ group }) => group.profile !== undefined);
  if (saying?.group.profile !== undefined)
    return {
      profile: saying.group.profile,
      because: `${machine.name} is in group ${saying.group.name}, since ${saying.because}`,
    };
  const because =
    memberships.length === 0
      ? `${machine.name} is in no group`
      : `none of the groups of ${machine.name} names a profile: ${namesOf(memberships)}`;
  return { profile: undefined, because };
}

/** Why a machine for which no profile is chosen is not installed, and what to do. */
export function withoutProfile({ because }: Pick<ProfileChoice, 'because'>): string {
  return `${because}: say with which profile it is installed, or have a group that it is in name one`;
}

function namesOf(memberships: readonly Membership[]): string {
  return memberships.map(({ group }) => group.name).join(', ');
}

/** The profile as it is for a machine in these groups: what they say stands below what it says itself. */
export function inherit<Inherited extends Giving>(
  profile: Inherited,
  memberships: readonly Membership[],
): Inherited {
  if (memberships.length === 0) return profile;
  const layers = [...memberships.map(({ group }) => group), profile];
  return {
    ...profile,
    arguments: layers
      .map((layer) => layer.arguments)
      .filter((words) => words !== '')
      .join(' '),
    variables: Object.fromEntries(layers.flatMap(({ variables }) => Object.entries(variables))),
  };
}

/** Each value with what it comes from. */
export interface Origins {
  readonly arguments: readonly { readonly words: string; readonly by: Source }[];
  /** By name. */
  readonly variables: readonly { readonly name: string; readonly value: string; readonly by: Source }[];
}

/** The same as `inherit` and the machine's own variables give, told with where each part comes from. */
export function originsOf(
  machine: Pick<Machine, 'name' | 'variables'>,
  profile: Giving | undefined,
  memberships: readonly Membership[],
): Origins {
  const layers: readonly (Omit<Giving, 'name'> & { readonly by: Source })[] = [
    ...memberships.map(({ group }) => ({ ...group, by: { kind: 'group', name: group.name } as const })),
    ...(profile ? [{ ...profile, by: { kind: 'profile', name: profile.name } as const }] : []),
    { arguments: '', variables: machine.variables, by: { kind: 'machine', name: machine.name } },
  ];
  const variables = new Map(
    layers.flatMap(({ variables: given, by }) =>
      Object.entries(given).map(([name, value]) => [name, { name, value, by }] as const),
    ),
  );
  return {
    arguments: layers
      .filter((layer) => layer.arguments !== '')
      .map((layer) => ({ words: layer.arguments, by: layer.by })),
    variables: [...variables.values()].toSorted((one, other) => (one.name < other.name ? -1 : 1)),
  };
}
