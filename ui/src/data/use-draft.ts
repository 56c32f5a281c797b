import { useState } from 'react';
import type { Tagged } from './client.ts';

export interface Drafting<Thing, Draft> {
  /** What is written over: as it was when the first letter was typed. */
  readonly was: Tagged<Thing>;
  readonly draft: Draft;
  readonly isDirty: boolean;
  /** Grows where the draft was set and not typed: what holds a text of its own takes the new one then. */
  readonly version: number;
  readonly change: (part: Partial<Draft>) => void;
  /** Begins anew with this: what was typed is given up. */
  readonly begin: (read: Tagged<Thing>) => void;
  /** After it was saved; what was typed since then stays. @param sent the draft that was saved. */
  readonly saved: (sent: Draft, now: Tagged<Thing>) => void;
}

interface State<Thing, Draft> {
  readonly was: Tagged<Thing>;
  readonly draft: Draft;
  readonly version: number;
}

/**
 * What is typed over a thing. What others change of it is shown at once, unless something is typed here.
 *
 * @param draftOf always the same function.
 */
export function useDraft<Thing, Draft>(
  read: Tagged<Thing>,
  draftOf: (thing: Thing) => Draft,
): Drafting<Thing, Draft> {
  const [state, setState] = useState(() => begun(read, draftOf, 0));
  const [seen, see] = useState(read);
  if (seen !== read) {
    see(read);
    if (state.was.tag !== read.tag && !isTyped(state, draftOf))
      setState(begun(read, draftOf, state.version + 1));
  }
  return {
    ...state,
    isDirty: isTyped(state, draftOf),
    change: (part) => setState((now) => ({ ...now, draft: { ...now.draft, ...part } })),
    begin: (was) => setState((now) => begun(was, draftOf, now.version + 1)),
    saved: (sent, was) =>
      setState((now) => (isSame(now.draft, sent) ? begun(was, draftOf, now.version + 1) : { ...now, was })),
  };
}

function begun<Thing, Draft>(
  was: Tagged<Thing>,
  draftOf: (thing: Thing) => Draft,
  version: number,
): State<Thing, Draft> {
  return { was, draft: draftOf(was.thing), version };
}

function isTyped<Thing, Draft>(
  { was, draft }: State<Thing, Draft>,
  draftOf: (thing: Thing) => Draft,
): boolean {
  return !isSame(draft, draftOf(was.thing));
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
