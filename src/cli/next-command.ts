import { closestWord } from '../lib/closest-word.ts';
import { CliFailure } from './cli-failure.ts';
import type { ApiClient } from './client.ts';
import type { ThingKind } from './completion/things.ts';
import { printable } from './printable.ts';

/** What to type next where something that was named is not there: the nearest name, and what lists or makes them. */

/** A command that failed is not kept back for long by a server that does not answer. */
const ANSWER_TIMEOUT_MS = 800;

const LAST_LETTERS = 3;

interface Next {
  readonly list: string;
  /** Where there is none at all. */
  readonly make: string;
}

const NEXT: Readonly<Record<ThingKind, Next>> = {
  machine: { list: 'muster machine ls', make: 'muster machine add NAME --mac MAC' },
  subnet: { list: 'muster subnet ls', make: 'muster subnet add NAME --network NETWORK --range FIRST-LAST' },
  image: { list: 'muster image ls', make: 'muster image add FILE.iso' },
  mirror: { list: 'muster mirror ls', make: 'muster mirror add NAME URL' },
  profile: { list: 'muster profile ls', make: 'muster profile set NAME --image IMAGE' },
  snippet: { list: 'muster snippet ls', make: 'muster snippet put NAME FILE' },
  group: { list: 'muster group ls', make: 'muster group put NAME --selector LABELS' },
  wave: { list: 'muster wave ls', make: 'muster wave start NAME MACHINE… --profile PROFILE' },
  hook: { list: 'muster hook ls', make: 'muster hook add NAME --events KINDS --url URL' },
  user: { list: 'muster user ls', make: 'muster user add NAME' },
  token: { list: 'muster token ls', make: 'muster token add TITLE' },
  install: { list: 'muster install ls', make: 'muster install MACHINE --profile PROFILE' },
  lease: { list: 'muster lease ls', make: 'muster events -f shows who asks for an address' },
};

/** As the API says it: there is no profile "web". */
const MISSING = /there is no (\w+)(?: of)? "([^"]*)"/i;

/** The failure with what to type next, where that is known. */
export async function withNextCommand(
  failure: CliFailure,
  client: (change: { readonly answerTimeoutMs: number }) => Promise<ApiClient>,
): Promise<CliFailure> {
  const [, word = '', name = ''] = MISSING.exec(failure.message) ?? [];
  const kind = word.toLowerCase();
  if (failure.problem === undefined || !isThing(kind)) return failure;
  // The server says it already for some.
  if (failure.message.includes(NEXT[kind].list)) return failure;
  const names = await namesOf(kind, name, client);
  return failure.saying(adviceFor(kind, name, names));
}

export function adviceFor(kind: ThingKind, name: string, names: readonly string[] | undefined): string {
  const { list, make } = NEXT[kind];
  if (names?.length === 0) return `There is none yet; make one: ${make}`;
  const meant = names === undefined ? undefined : closestWord(name, names);
  const guess = meant === undefined ? '' : `Did you mean "${printable(meant)}"? `;
  return `${guess}Which there are: ${list}`;
}

/** Undefined where they cannot be had. */
async function namesOf(
  kind: ThingKind,
  wanted: string,
  client: (change: { readonly answerTimeoutMs: number }) => Promise<ApiClient>,
): Promise<readonly string[] | undefined> {
  const { thingsOf } = await import('./completion/things.ts');
  try {
    const api = await client({ answerTimeoutMs: ANSWER_TIMEOUT_MS });
    // Of very many, those that begin as it does: slips are rarely in the first letters.
    const beginnings = [wanted.slice(0, -LAST_LETTERS), wanted.slice(0, LAST_LETTERS), ''];
    for (const begun of beginnings) {
      const things = await thingsOf(api, [kind], begun);
      if (things.length > 0) return things.map(({ word }) => word);
    }
    return [];
  } catch (error) {
    if (error instanceof CliFailure) return undefined;
    throw error;
  }
}

function isThing(word: string): word is ThingKind {
  return Object.hasOwn(NEXT, word);
}
