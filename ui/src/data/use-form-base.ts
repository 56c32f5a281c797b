import { useState } from 'react';
import type { Tagged } from './client.ts';

export interface FormBase<Thing> {
  /** What the fields show, and what is written over; undefined until it was read. */
  readonly was: Tagged<Thing> | undefined;
  /** Another where the fields are to be shown anew: the key of what they stand in. */
  readonly version: number;
  /** Somebody typed: from now on it stays what it is, whatever is read. */
  readonly hold: () => void;
  /** Shows this instead of what was typed. */
  readonly take: (theirs: Tagged<Thing>) => void;
  /** What was typed is saved, or given up. */
  readonly release: () => void;
}

interface Held<Thing> {
  readonly was?: Tagged<Thing>;
  readonly version: number;
}

/** For forms whose fields the browser keeps. @param newest as it was read last. */
export function useFormBase<Thing>(newest: Tagged<Thing> | undefined): FormBase<Thing> {
  const [held, setHeld] = useState<Held<Thing>>({ version: 0 });
  const was = held.was ?? newest;
  return {
    was,
    version: held.version,
    hold: () => {
      if (held.was === undefined && was !== undefined) setHeld({ ...held, was });
    },
    take: (theirs) => setHeld({ was: theirs, version: held.version + 1 }),
    release: () => setHeld({ version: held.version }),
  };
}
