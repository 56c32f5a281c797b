import { EVENT_KINDS, type EventKind } from '../events/event-kinds.ts';
import { fitsPattern } from '../events/kind-pattern.ts';
import { isChosen, type Labels, type Selector } from '../machines/selector.ts';

/** Characters of a pattern: the longest kind has some 30. */
export const MAX_PATTERN_LENGTH = 64;

/** Events about hooks go to no hook: one that fails would be told of its failure, which fails too. */
const ABOUT_HOOKS = /^hook\./;

const KINDS = Object.keys(EVENT_KINDS) as readonly EventKind[];

/** Why a pattern can never fit; undefined where it can. */
export function objectionToPattern(pattern: string): string | undefined {
  if (pattern.length > MAX_PATTERN_LENGTH || !/^[A-Za-z0-9.*]+$/.test(pattern))
    return `"${pattern}" is no kind of event: letters, digits, "." and "*" are wanted, such as install.*`;
  if (KINDS.some((kind) => matchesPattern(pattern, kind))) return undefined;
  return ABOUT_HOOKS.test(pattern)
    ? `"${pattern}" is about hooks, and no hook is told of hooks: one that fails would be told that it failed`
    : `"${pattern}" fits no kind of event: docs/events.md has them all`;
}

export function matchesPattern(pattern: string, kind: string): boolean {
  return !ABOUT_HOOKS.test(kind) && fitsPattern(pattern, kind);
}

/** All kinds that one of the patterns fits. */
export function kindsOf(patterns: readonly string[]): readonly EventKind[] {
  return KINDS.filter((kind) => patterns.some((pattern) => matchesPattern(pattern, kind)));
}

export interface HookWish {
  readonly patterns: readonly string[];
  /** Absent: any machine, and none. */
  readonly selector?: Selector;
}

/** @param labels of the event's machine; undefined where it is about none that is known. */
export function wantsEvent(
  { patterns, selector }: HookWish,
  kind: string,
  labels: Labels | undefined,
): boolean {
  if (!patterns.some((pattern) => matchesPattern(pattern, kind))) return false;
  if (selector === undefined) return true;
  return labels !== undefined && isChosen(selector, labels);
}
