import { z } from 'zod';
import { check, issuesText } from '../../contract/issues.ts';
import { CliFailure } from '../cli-failure.ts';
import { DHCP_WAYS, objectionToRange, proposeDhcp, proposeRange } from './propose.ts';
import type { OtherServers, SetupCard, SetupFacts } from './setup-facts.ts';

const RANGE = /^\s*([\d.]+)\s*-\s*([\d.]+)\s*$/;

/** What may be answered beforehand, in a file or by flags; what is left out is proposed. */
export const GivenAnswers = z
  .strictObject({
    interface: z.string().exactOptional(),
    dhcp: z.enum(DHCP_WAYS).exactOptional(),
    range: z
      .string()
      .regex(RANGE, 'two addresses are wanted, such as 192.168.1.100-192.168.1.200')
      .exactOptional(),
    images: z.string().startsWith('/', 'a whole path is wanted, such as /srv/iso').exactOptional(),
    timezone: z.string().exactOptional(),
    sshKeys: z.array(z.string()).exactOptional(),
    passwordHash: z
      .string()
      .startsWith('$6$', 'a hash is wanted, as muster password hash prints it')
      .exactOptional(),
  })
  .describe('Answers to the questions of muster setup');
export type GivenAnswers = z.output<typeof GivenAnswers>;

export interface SetupAnswers {
  readonly card: SetupCard;
  readonly dhcp: (typeof DHCP_WAYS)[number];
  /** None beside another server. */
  readonly range?: { readonly first: string; readonly last: string };
  readonly imagesFolder: string;
  readonly timezone: string;
  readonly sshKeys: readonly string[];
  readonly passwordHash?: string;
}

/** @throws CliFailure where the file cannot be used. */
export function readAnswers(value: unknown, file: string): GivenAnswers {
  const checked = check(GivenAnswers, value ?? {});
  if (checked.fits) return checked.value;
  throw new CliFailure('badConfiguration', `${file}: ${issuesText(checked.issues)}`);
}

/** The card that was named, or the one that would be served. @throws CliFailure */
export function chosenCard({ cards }: SetupFacts, name: string | undefined): SetupCard {
  const names = cards.map((card) => card.name).join(', ');
  if (cards.length === 0)
    throw new CliFailure(
      'failed',
      'No network card has an IPv4 address: give one first, such as: ip addr add 192.168.50.1/24 dev eth1',
    );
  const card =
    name === undefined ? (cards.find(({ isChosen }) => isChosen) ?? cards[0]) : byName(cards, name);
  if (card !== undefined) return card;
  throw new CliFailure(
    'badConfiguration',
    `There is no card "${name}" with an IPv4 address: there are ${names}`,
  );
}

function byName(cards: readonly SetupCard[], name: string): SetupCard | undefined {
  return cards.find((card) => card.name === name);
}

/** What was given, and what is proposed for the rest. @throws CliFailure */
export function completed(
  facts: SetupFacts,
  given: GivenAnswers,
  card: SetupCard,
  others: OtherServers,
): SetupAnswers {
  const dhcp = given.dhcp ?? proposeDhcp(others).value;
  const range = dhcp === 'beside' ? undefined : rangeOf(given, card);
  return {
    card,
    dhcp,
    ...(range === undefined ? {} : { range }),
    imagesFolder: given.images ?? facts.discFolders[0]?.folder ?? facts.imagesFolder,
    timezone: given.timezone ?? facts.timezone,
    sshKeys: given.sshKeys ?? (given.passwordHash === undefined ? facts.sshKeys.map(({ key }) => key) : []),
    ...(given.passwordHash === undefined ? {} : { passwordHash: given.passwordHash }),
  };
}

function rangeOf(
  { range }: GivenAnswers,
  card: SetupCard,
): { readonly first: string; readonly last: string } {
  if (range === undefined) {
    const proposed = proposeRange(card);
    if (proposed !== undefined) return proposed;
    throw new CliFailure('usage', `No range could be proposed in ${card.network}: say one with --range`);
  }
  const [, first = '', last = ''] = RANGE.exec(range) ?? [];
  const objection = rangeObjection(range, card);
  if (objection !== undefined) throw new CliFailure('badConfiguration', objection);
  return { first, last };
}

/** For a person who types one; undefined: it is good. */
export function rangeObjection(text: string, card: SetupCard): string | undefined {
  const [, first, last] = RANGE.exec(text) ?? [];
  if (first === undefined || last === undefined)
    return 'Two addresses are wanted, such as 192.168.1.100-192.168.1.200';
  try {
    return objectionToRange(first, last, card.network);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
