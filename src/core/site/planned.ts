import type { SourceProtocol } from '../images/install-source.ts';
import type { Policy } from '../policy/policy.ts';
import type { GivenSite, SiteContents, SiteHook, SiteWrites, WantedSite } from './site-contents.ts';

/** Why a site cannot be applied, and which part of it is meant: `machines[3].macs[0]`. */
export interface PlanFault {
  readonly path: string;
  readonly because: string;
}

/** What the services that look after one kind say of it: why it may not be so, or undefined where it may. */
export interface SiteRules {
  readonly policy: (change: PolicyChange) => string | undefined;
  readonly hook: (hook: SiteHook) => string | undefined;
  /** @param by who wants it: `profile web`. */
  readonly source: (protocol: SourceProtocol, by: string, image?: string) => string | undefined;
}

export interface PolicyChange {
  readonly before: Policy;
  readonly after: Policy;
  readonly imageNames: readonly string[];
  readonly profileNames: readonly string[];
}

export interface Planned {
  readonly contents: SiteContents;
  readonly wanted: WantedSite;
  readonly given: GivenSite;
  readonly writes: SiteWrites;
  readonly policy: Policy | undefined;
  readonly rules: SiteRules;
}

/** All of a kind as they would be: those that are given in place of those of their names. */
export function afterwards<T extends { readonly name: string }>(
  current: readonly T[],
  given: readonly T[] = [],
  removed: readonly T[] = [],
): readonly T[] {
  const replaced = new Set([...given, ...removed].map(({ name }) => name));
  return [...current.filter(({ name }) => !replaced.has(name)), ...given];
}
