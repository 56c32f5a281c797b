import type { HookTarget } from './hook.ts';

/**
 * Whether a key that is kept is used for another target without being given anew. A server sees only what was signed
 * with it, so the URL may change. A program is handed the key itself, and may have one too short to sign with.
 */
export function keepsItsKey(before: HookTarget, wanted: HookTarget): boolean {
  if (before.to === 'url' || wanted.to === 'url') return before.to === wanted.to;
  return before.argv[0] === wanted.argv[0];
}

export const KEY_STAYS_SENTENCE =
  'the key that is kept was given for another program, or for a server, and goes nowhere else unasked';
