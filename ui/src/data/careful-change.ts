import { AskProblem, type Tagged } from './client.ts';
import { type Difference, differencesOf } from './difference.ts';

/** What somebody else did to a thing after it was read here. */
export interface Meanwhile<Thing> {
  readonly theirs: Tagged<Thing>;
  readonly differences: readonly Difference[];
}

/** A thing that is changed, and how it is asked for and written. */
export interface Changing<Thing> {
  /** As it was when somebody began to change it. */
  readonly was: Tagged<Thing>;
  readonly read: () => Promise<Tagged<Thing>>;
  /** Writes it if it still has this tag. @throws AskProblem of the type `changed` where it has another. */
  readonly write: (tag: string) => Promise<Thing>;
  /** What of it is changed here: the rest may become what it likes. */
  readonly fieldsOf: (thing: Thing) => unknown;
}

export type ChangeOutcome<Thing> =
  | { readonly is: 'done'; readonly now: Tagged<Thing> }
  | { readonly is: 'changed'; readonly meanwhile: Meanwhile<Thing> };

/** How often a thing is written anew that changes all the time in what is not changed here. */
const ATTEMPTS = 5;
/** An entity tag that nothing has. */
const NO_TAG = '""';

/**
 * Writes a thing only over what was read. Where somebody else changed the same of it, that is told and nothing is
 * written; where they changed something else of it (machines that came into a group), it is written over that.
 */
export async function changeCarefully<Thing>({
  was,
  read,
  write,
  fieldsOf,
}: Changing<Thing>): Promise<ChangeOutcome<Thing>> {
  let { tag } = was;
  for (let left = ATTEMPTS - 1; ; left -= 1) {
    try {
      return { is: 'done', now: await asWritten(await write(tag), read, fieldsOf) };
    } catch (error) {
      if (left === 0 || !(error instanceof AskProblem) || error.type !== 'changed') throw error;
    }
    const theirs = await read();
    const differences = differencesOf(fieldsOf(was.thing), fieldsOf(theirs.thing));
    if (differences.length > 0) return { is: 'changed', meanwhile: { theirs, differences } };
    ({ tag } = theirs);
  }
}

/** Its tag, unless somebody changed it before that could be read: the next change must find that out. */
async function asWritten<Thing>(
  written: Thing,
  read: Changing<Thing>['read'],
  fieldsOf: Changing<Thing>['fieldsOf'],
): Promise<Tagged<Thing>> {
  const now = await read();
  const isMine = differencesOf(fieldsOf(written), fieldsOf(now.thing)).length === 0;
  return isMine ? now : { thing: written, tag: NO_TAG };
}
