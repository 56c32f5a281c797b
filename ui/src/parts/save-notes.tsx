import type { ReactNode } from 'react';
import type { AskedRoute, Answer, Tagged } from '../data/client.ts';
import type { CarefulChange } from '../data/use-careful-change.ts';
import { ChangedMeanwhileNote } from './changed-meanwhile.tsx';
import { ErrorState } from './error-state.tsx';

interface SaveNotesProps<Get extends AskedRoute, Put extends AskedRoute> {
  readonly saving: CarefulChange<Get, Put>;
  /** Shows theirs in place of what was typed. */
  readonly takeTheirs: (theirs: Tagged<Answer<Get>>) => void;
  /** Saves what was typed, over theirs. */
  readonly writeMine: (theirs: Tagged<Answer<Get>>) => Promise<void>;
}

/** Why something was not saved, where that is so. */
export function SaveNotes<Get extends AskedRoute, Put extends AskedRoute>({
  saving: { error, meanwhile, isPending, reset },
  takeTheirs,
  writeMine,
}: SaveNotesProps<Get, Put>): ReactNode {
  if (error) return <ErrorState problem={error} />;
  if (!meanwhile) return null;
  const { theirs } = meanwhile;
  return (
    <ChangedMeanwhileNote
      meanwhile={meanwhile}
      isBusy={isPending}
      takeTheirs={() => {
        reset();
        takeTheirs(theirs);
      }}
      writeMine={() => void writeMine(theirs)}
    />
  );
}
