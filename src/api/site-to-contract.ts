import type { z } from 'zod';
import { MachineInput } from '../contract/machine-schemas.ts';
import type { Site, SiteOutcome } from '../contract/site-schemas.ts';
import { isSecretVariable } from '../core/answers/secret-variables.ts';
import type { Group } from '../core/machines/groups.ts';
import type { Machine } from '../core/machines/machine.ts';
import type { Mirror } from '../core/mirrors/mirror.ts';
import { shownUrl } from '../core/mirrors/mirror-url.ts';
import { differingFields } from '../core/site/compare.ts';
import { withoutSecrets } from '../core/site/keep-secrets.ts';
import type { SiteChange } from '../core/site/plan-changes.ts';
import type { SiteContents } from '../core/site/site-contents.ts';
import { groupToContract, HIDDEN } from './group-to-contract.ts';
import { hookEntry, powerEntry } from './site-secrets.ts';
import { subnetToContract } from './network-to-contract.ts';
import { machineToContract, policyToContract, profileToContract } from './to-contract.ts';

/** From what is set up to a site, in which each thing stands as it would be put. */

type WireSite = z.input<typeof Site>;
type WireChange = z.input<typeof SiteOutcome>['changes'][number];
type Entry<Section extends 'mirrors' | 'profiles' | 'groups' | 'machines'> = NonNullable<
  WireSite[Section]
>[number];

/** What becomes of secrets on their way out. */
type Secrets = 'with' | 'without';

export function siteToContract(contents: SiteContents, secrets: Secrets): WireSite {
  const kept = <T extends { readonly variables: Readonly<Record<string, string>> }>(thing: T): T =>
    secrets === 'with' ? thing : { ...thing, variables: withoutSecrets(thing.variables) };
  const { mirrors, subnets, snippets, profiles, groups, machines, power, hooks, policy } = contents;
  return {
    images: imagesUsed(contents),
    mirrors: mirrors.map((mirror) => mirrorEntry(mirror, secrets)),
    subnets: subnets.map(subnetToContract),
    snippets: [...snippets],
    profiles: profiles.map((profile) => profileToContract(kept(profile))),
    groups: groups.map((group) => groupToContract(kept(group))),
    machines: machines.map((machine) => machineEntry(kept(machine))),
    power: power.map(powerEntry),
    hooks: hooks.map(hookEntry),
    policy: policyToContract(policy),
  };
}

/** Those that something else in the site names: others need not be where it is applied. */
function imagesUsed({ imageNames, profiles, policy }: SiteContents): string[] {
  const { images } = policy.menu;
  const used = new Set([
    ...profiles.map(({ image }) => image),
    ...(images === 'all' ? [] : images),
    policy.discovery.image,
  ]);
  return imageNames.filter((name) => used.has(name));
}

function mirrorEntry({ addedAtMs: _addedAtMs, url, ...rest }: Mirror, secrets: Secrets): Entry<'mirrors'> {
  return { ...rest, url: secrets === 'with' ? url : shownUrl(url) };
}

/** What people say of a machine, without what Muster knows of it besides. */
function machineEntry(machine: Machine): Entry<'machines'> {
  const fields = new Set(Object.keys(MachineInput.shape));
  const wire = machineToContract(machine);
  return Object.fromEntries(Object.entries(wire).filter(([field]) => fields.has(field))) as Entry<'machines'>;
}

/** Which secrets a thing has, and whether they stay, is told; what they are, never. */
export function siteChangeToContract(change: SiteChange): WireChange {
  const { kind, difference } = change;
  const { before, after } = entriesOf(change);
  const shown = {
    ...(before ? { before: hide(before, undefined) } : {}),
    ...(after ? { after: hide(after, before) } : {}),
  };
  const entry = before ?? after ?? {};
  const name = kind === 'policy' ? 'policy' : String(entry['name'] ?? entry['machine']);
  const fields = difference.change === 'change' ? fieldsOf(change, difference.fields) : [];
  return { kind, name, change: difference.change, fields, ...shown };
}

/** As people name them: what is one value inside may be several fields of theirs, or another word. */
function fieldsOf(change: SiteChange, inside: readonly string[]): string[] {
  if (change.kind !== 'power' && change.kind !== 'hook') return [...inside];
  const { before = {}, after = {} } = entriesOf(change);
  return [...differingFields(before, after)];
}

type Thing = Record<string, unknown>;

/** As a site has them, secrets and all. */
function entriesOf(change: SiteChange): { readonly before?: Thing; readonly after?: Thing } {
  switch (change.kind) {
    case 'mirror':
      return both(change.difference, (one) => mirrorEntry(one, 'without'));
    case 'subnet':
      return both(change.difference, subnetToContract);
    case 'snippet':
      return both(change.difference, (snippet) => snippet);
    case 'profile':
      return both(change.difference, profileToContract);
    case 'group':
      return both<Group>(change.difference, groupToContract);
    case 'machine':
      return both(change.difference, machineEntry);
    case 'power':
      return bothWithKeys(change.difference, powerEntry);
    case 'hook':
      return bothWithKeys(change.difference, hookEntry);
    case 'policy':
      return both(change.difference, policyToContract);
    default:
      return change satisfies never;
  }
}

interface Difference<T> {
  readonly change: string;
  readonly before?: T;
  readonly after?: T;
}

function both<T>(
  { before, after }: Difference<T>,
  entry: (one: T) => object,
): { readonly before?: Thing; readonly after?: Thing } {
  return {
    ...(before === undefined ? {} : { before: { ...entry(before) } }),
    ...(after === undefined ? {} : { after: { ...entry(after) } }),
  };
}

/** Of secrets that no site holds, it is told that there is one, and whether it will be another. */
function bothWithKeys<T extends { readonly secret?: string }>(
  difference: Difference<T>,
  entry: (one: T) => object,
): { readonly before?: Thing; readonly after?: Thing } {
  const { before, after } = difference;
  const shown = both(difference, entry);
  const isOther =
    before?.secret !== undefined && after?.secret !== undefined && before.secret !== after.secret;
  return isOther ? { ...shown, after: { ...shown.after, secret: ANOTHER } } : shown;
}

const ANOTHER = '(another secret)';

/** @param beside what stood there before: that a secret is another one than that may be known. */
function hide(thing: Thing, beside: Thing | undefined): Thing {
  const old = variablesOf(beside);
  const variables = Object.entries(variablesOf(thing)).map(([name, value]) => {
    if (!isSecretVariable(name) || value === '') return [name, value];
    const other = Object.hasOwn(old, name) && old[name] !== value;
    return [name, other ? ANOTHER : HIDDEN];
  });
  return 'variables' in thing ? { ...thing, variables: Object.fromEntries(variables) as Thing } : thing;
}

function variablesOf(thing: Thing | undefined): Readonly<Record<string, string>> {
  return (thing?.['variables'] ?? {}) as Readonly<Record<string, string>>;
}
