import { chooseFacts, factFeature, type FactName } from './facts.ts';
import { ReplyCode } from './reply.ts';
import { type Outcome, sayOnly } from './session-action.ts';

/** Answers to what sets how things are transferred: TYPE, MODE, STRU, REST, OPTS, LANG. */

type Choice = 'known' | 'not here';

/** RFC 959 §3.1.1: what a client may name, and what there is. L wants 8 bits (§3.1.1.4). */
const TYPES: Readonly<Record<string, Choice | 'A' | 'I'>> = {
  A: 'A',
  'A N': 'A',
  I: 'I',
  'L 8': 'I',
  L8: 'I',
  'A T': 'not here',
  'A C': 'not here',
  E: 'not here',
  'E N': 'not here',
  'E T': 'not here',
  'E C': 'not here',
  L: 'not here',
};

/** RFC 959 §3.4: only streams. */
const MODES: Readonly<Record<string, Choice>> = { S: 'known', B: 'not here', C: 'not here' };
/** RFC 959 §3.1.2: only files without records or pages. */
const STRUCTURES: Readonly<Record<string, Choice>> = { F: 'known', R: 'not here', P: 'not here' };

export function answerType(argument: string): Outcome {
  const wish = argument.trim().toUpperCase().replaceAll(/ +/g, ' ');
  const type = Object.hasOwn(TYPES, wish) ? TYPES[wish] : /^L \d+$/.test(wish) ? 'not here' : undefined;
  if (type === 'A' || type === 'I') {
    const name = type === 'A' ? 'ASCII' : 'binary';
    return { ...sayOnly(ReplyCode.okay, `Files are sent as ${name}`), change: { type } };
  }
  return refuseChoice(type !== undefined, 'TYPE', 'A, I and L 8');
}

export function answerMode(argument: string): Outcome {
  return answerChoice(MODES, argument, 'MODE', 'S');
}

export function answerStructure(argument: string): Outcome {
  return answerChoice(STRUCTURES, argument, 'STRU', 'F');
}

function answerChoice(
  choices: Readonly<Record<string, Choice>>,
  argument: string,
  verb: string,
  there: string,
): Outcome {
  const wish = argument.trim().toUpperCase();
  const choice = Object.hasOwn(choices, wish) ? choices[wish] : undefined;
  if (choice === 'known') return sayOnly(ReplyCode.okay, `${verb} is ${wish}`);
  return refuseChoice(choice !== undefined, verb, there);
}

function refuseChoice(isKnown: boolean, verb: string, there: string): Outcome {
  return isKnown
    ? sayOnly(ReplyCode.notForThisArgument, `Of ${verb} there is only ${there} here`)
    : sayOnly(ReplyCode.badArgument, `That is no ${verb}: ${there} can be had`);
}

/** Bytes to leave out of the next file (RFC 3659 §5.3). */
export function answerRestart(argument: string): Outcome {
  const offset = /^\d{1,16}$/.test(argument.trim()) ? Number(argument) : Number.NaN;
  if (!Number.isSafeInteger(offset)) return sayOnly(ReplyCode.badArgument, 'REST wants a number of bytes');
  return {
    ...sayOnly(ReplyCode.needTransfer, `The next file is sent from byte ${offset} on`),
    change: { offset },
  };
}

/** RFC 2389 §4. UTF8 is by custom (a draft that became RFC 2640 had it): Windows, lftp and FileZilla send it. */
export function answerOptions(argument: string): Outcome {
  const [name = '', value = ''] = argument.trim().split(/\s+/, 2);
  switch (name.toUpperCase()) {
    case 'MLST':
      return answerFactChoice(chooseFacts(value));
    case 'UTF8':
    case 'UTF-8':
      if (value.toUpperCase() === 'OFF')
        return sayOnly(ReplyCode.notForThisArgument, 'Names are UTF-8 here, always');
      return sayOnly(ReplyCode.okay, 'Names are UTF-8');
    default:
      return sayOnly(ReplyCode.badArgument, 'Of options there are MLST and UTF8 here');
  }
}

function answerFactChoice(facts: readonly FactName[]): Outcome {
  // The reply is for machines (RFC 3659 §7.9): the verb, and what will be sent.
  const chosen = facts.map((fact) => `${fact};`).join('');
  return { ...sayOnly(ReplyCode.okay, `MLST OPTS ${chosen}`.trimEnd()), change: { facts } };
}

/** RFC 2640 §4.1: the texts of replies are English. */
export function answerLanguage(argument: string): Outcome {
  return /^(?:en(?:-.*)?|\*|)$/i.test(argument.trim())
    ? sayOnly(ReplyCode.okay, 'Replies are in English')
    : sayOnly(ReplyCode.notForThisArgument, 'There are only replies in English here: LANG EN');
}

/** RFC 2389 §3.2, from the table of verbs. */
export function featureLines(features: readonly string[], facts: readonly FactName[]): readonly string[] {
  return ['Features:', ...[...features, factFeature(facts), 'TVFS', 'UTF8'].sort(), 'End'];
}
