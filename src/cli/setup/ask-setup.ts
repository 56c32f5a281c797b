import { confirm, intro, isCancel, log, note, outro, password, select, spinner, text } from '@clack/prompts';
import { CliFailure } from '../cli-failure.ts';
import { hashOf } from '../secrets.ts';
import { type GivenAnswers, rangeObjection } from './answers.ts';
import { type DhcpWay, proposeDhcp, proposeRange } from './propose.ts';
import type { OtherServers, SetupCard, SetupFacts } from './setup-facts.ts';

/**
 * The five questions, asked of a person at a terminal. What was given before is not asked again; an empty answer takes
 * what is proposed.
 */
export interface SetupLooks {
  readonly facts: SetupFacts;
  readonly otherServers: (card: SetupCard) => Promise<OtherServers>;
}

export interface AskedAnswers {
  readonly given: GivenAnswers;
  readonly others: OtherServers;
}

export async function askSetup(looks: SetupLooks, before: GivenAnswers): Promise<AskedAnswers> {
  const { facts } = looks;
  intro('muster setup: five questions, and nothing is written before you have seen it');
  const name = before.interface ?? (await askCard(facts));
  const card = facts.cards.find((one) => one.name === name);
  if (card === undefined)
    throw new CliFailure('badConfiguration', `There is no card "${name}" with an IPv4 address`);
  const others = before.dhcp === undefined ? await lookAround(looks, card) : NOT_LOOKED;
  const dhcp = before.dhcp ?? (await askDhcp(others));
  const range = dhcp === 'beside' ? undefined : (before.range ?? (await askRange(card)));
  const images = before.images ?? (await askImages(facts));
  const system = await askSystem(facts, before);
  return {
    others,
    given: { ...before, interface: name, dhcp, ...(range === undefined ? {} : { range }), images, ...system },
  };
}

const NOT_LOOKED: OtherServers = { looked: false, because: 'it was said who gives the addresses' };

async function askCard({ cards }: SetupFacts): Promise<string> {
  return await answered(
    select({
      message: '1. Which network card are the machines on?',
      initialValue: (cards.find(({ isChosen }) => isChosen) ?? cards[0])?.name ?? '',
      options: cards.map(({ name, address, because }) => ({
        value: name,
        label: `${name}  ${address}`,
        hint: because,
      })),
    }),
  );
}

async function lookAround({ otherServers }: SetupLooks, card: SetupCard): Promise<OtherServers> {
  const turning = spinner();
  turning.start(`Looking for other DHCP servers on ${card.name}`);
  const others = await otherServers(card);
  turning.stop(sentenceOf(proposeDhcp(others).because));
  return others;
}

async function askDhcp(others: OtherServers): Promise<DhcpWay> {
  return await answered(
    select<DhcpWay>({
      message: '2. Who gives the machines their addresses?',
      initialValue: proposeDhcp(others).value,
      options: [
        { value: 'own', label: 'Muster', hint: 'no other DHCP server is on this network' },
        { value: 'beside', label: 'The DHCP server that is there', hint: 'Muster only says what to boot' },
        { value: 'auto', label: 'Muster, while nobody else does', hint: 'it looks again each minute' },
      ],
    }),
  );
}

async function askRange(card: SetupCard): Promise<string> {
  const proposed = proposeRange(card);
  const initialValue = proposed === undefined ? '' : `${proposed.first}-${proposed.last}`;
  return await answered(
    text({
      message: `3. Which addresses of ${card.network} may it give out?`,
      initialValue,
      validate: (typed) => rangeObjection(typed ?? '', card),
    }),
  );
}

async function askImages({ discFolders, imagesFolder }: SetupFacts): Promise<string> {
  for (const { folder, discs } of discFolders) log.info(`${folder} has ${discs.join(', ')}`);
  return await answered(
    text({
      message: '4. In which folder are the disc images (ISO files), or shall they be?',
      initialValue: discFolders[0]?.folder ?? imagesFolder,
      validate: (typed) => (typed?.startsWith('/') ? undefined : 'A whole path is wanted, such as /srv/iso'),
    }),
  );
}

type SystemAnswers = Pick<GivenAnswers, 'timezone' | 'sshKeys' | 'passwordHash'>;

async function askSystem(facts: SetupFacts, before: GivenAnswers): Promise<SystemAnswers> {
  const timezone =
    before.timezone ??
    (await answered(
      text({
        message: '5. What is installed: in which time zone?',
        initialValue: facts.timezone,
        validate: (typed) => (isTimezone(typed ?? '') ? undefined : 'Such as Europe/Berlin, or UTC'),
      }),
    ));
  if (before.sshKeys !== undefined || before.passwordHash !== undefined) return { timezone };
  return { timezone, ...(await askLogin(facts)) };
}

async function askLogin({ sshKeys }: SetupFacts): Promise<SystemAnswers> {
  const way = await answered(
    select({
      message: '   How does root log in there?',
      initialValue: sshKeys[0]?.file ?? 'password',
      options: [
        ...sshKeys.map(({ file }) => ({ value: file, label: `With the SSH key ${file}` })),
        { value: 'password', label: 'With a password' },
        { value: 'never', label: 'Not at all', hint: 'profiles say otherwise' },
      ],
    }),
  );
  const key = sshKeys.find(({ file }) => file === way);
  if (key !== undefined) return { sshKeys: [key.key] };
  if (way === 'never') return { sshKeys: [] };
  return { sshKeys: [], passwordHash: await hashOf(await askPassword()) };
}

async function askPassword(): Promise<string> {
  for (;;) {
    const typed = await answered(
      password({
        message: '   The password of root',
        validate: (text) =>
          text === undefined || text === '' ? 'An empty one lets everybody in' : undefined,
      }),
    );
    if (typed === (await answered(password({ message: '   The same again' })))) return typed;
    log.warn('The two differ');
  }
}

/** Shows what is to be written, and asks whether it shall be. */
export async function agree(
  files: readonly { readonly path: string; readonly text: string; readonly isThere: boolean }[],
): Promise<boolean> {
  for (const { path, text: content } of files) note(content.trimEnd(), path);
  const there = files.filter(({ isThere }) => isThere).map(({ path }) => path);
  const message =
    there.length === 0
      ? `Write ${files.map(({ path }) => path).join(' and ')}?`
      : `Write them over ${there.join(' and ')}? What is there now is kept beside it, as .old`;
  return await answered(confirm({ message, initialValue: there.length === 0 }));
}

export function sayDone(sentence: string): void {
  outro(sentence);
}

export function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function sentenceOf(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** Ctrl-C ends it, and nothing was written. */
async function answered<T>(question: Promise<T>): Promise<Exclude<T, symbol>> {
  const answer = await question;
  if (isCancel(answer)) throw new CliFailure('failed', 'Nothing was written');
  return answer as Exclude<T, symbol>;
}
