import type { Command } from './command.ts';
import { answerExtendedPassive, answerExtendedPort, answerPassive, answerPort } from './data-answers.ts';
import {
  answerLanguage,
  answerMode,
  answerOptions,
  answerRestart,
  answerStructure,
  answerType,
  featureLines,
} from './parameter-answers.ts';
import { answerPath, pathText } from './path-answers.ts';
import { quotedPath, ReplyCode } from './reply.ts';
import {
  FIRST_STATE,
  type Outcome,
  refuse,
  say,
  sayOnly,
  sentence,
  type SessionAction,
  type SessionFacts,
  type SessionState,
  type TransferEnd,
} from './session-action.ts';
import {
  type AnsweredVerb,
  isVerb,
  type PathVerb,
  READ_ONLY_REFUSAL,
  rowOf,
  SITE_WRITES,
  type Verb,
  VERBS,
} from './verbs.ts';

/** From a command to what it leads to, for every verb of the table. */

type Answer = (state: SessionState, command: Command, facts: SessionFacts) => Outcome;

/** Names by which anybody may come in (RFC 1635). */
const ANONYMOUS = /^(?:anonymous|ftp)$/i;
/** Verbs in a line of HELP. */
const HELP_COLUMNS = 12;

const ANSWERS: Readonly<Record<AnsweredVerb, Answer>> = {
  USER: answerUser,
  PASS: answerPassword,
  ACCT: () => sayOnly(ReplyCode.superfluous, 'No account is wanted here'),
  CWD: withPath('CWD'),
  XCWD: withPath('XCWD'),
  CDUP: answerParent,
  XCUP: answerParent,
  REIN: (_, __, { greeting }) => ({
    actions: [{ do: 'drop data' }, say(ReplyCode.ready, greeting)],
    change: FIRST_STATE,
  }),
  QUIT: () => ({ actions: [say(ReplyCode.goodbye, 'Goodbye'), { do: 'close' }] }),
  PORT: answerPort,
  EPRT: answerExtendedPort,
  PASV: (state, _, facts) => answerPassive(state, facts),
  EPSV: (_, { argument }, facts) => answerExtendedPassive(argument, facts),
  TYPE: (_, { argument }) => answerType(argument),
  STRU: (_, { argument }) => answerStructure(argument),
  MODE: (_, { argument }) => answerMode(argument),
  REST: (_, { argument }) => answerRestart(argument),
  ALLO: () => sayOnly(ReplyCode.superfluous, 'Nothing is stored here, so no room is needed'),
  RETR: withPath('RETR'),
  LIST: withPath('LIST'),
  NLST: withPath('NLST'),
  MLSD: withPath('MLSD'),
  MLST: withPath('MLST'),
  SIZE: withPath('SIZE'),
  MDTM: withPath('MDTM'),
  PWD: answerWhere,
  XPWD: answerWhere,
  // While one runs, the session itself answers.
  ABOR: () => ({
    actions: [{ do: 'drop data' }, say(ReplyCode.closingData, 'No transfer is under way')],
    change: { way: undefined },
  }),
  SITE: answerSite,
  SYST: () => sayOnly(ReplyCode.systemName, 'UNIX Type: L8'), // the very words that clients look for
  STAT: (state, command) =>
    command.argument.trim() === '' ? answerStatus(state) : answerPath(state, 'STAT', command.argument),
  HELP: (_, { argument }) => answerHelp(argument),
  NOOP: () => sayOnly(ReplyCode.okay, 'Here'),
  FEAT: (state) => sayOnly(ReplyCode.systemStatus, ...featureLines(FEATURES, state.facts)),
  OPTS: (_, { argument }) => answerOptions(argument),
  LANG: (_, { argument }) => answerLanguage(argument),
  CLNT: () => sayOnly(ReplyCode.okay, 'Noted'),
};

const FEATURES = verbs()
  .map((verb) => rowOf(verb).feature)
  .filter((feature) => feature !== undefined);

export function answerCommand(state: SessionState, command: Command, facts: SessionFacts): Outcome {
  const { verb, argument } = command;
  if (!isVerb(verb)) return sayOnly(ReplyCode.unknownCommand, 'That is no command of FTP');
  const row = rowOf(verb);
  if (state.login !== 'in' && row.login !== 'open')
    return sayOnly(ReplyCode.notLoggedIn, 'Log in with USER anonymous and PASS first');
  if (row.refused !== undefined) {
    const { code, because } = row.refused;
    // Clients try for TLS each time; a wish to write is worth a word.
    return row.login === 'open' ? sayOnly(code, sentence(because)) : refuse(command, code, because);
  }
  if (row.argument === 'wanted' && argument.trim() === '')
    return sayOnly(ReplyCode.badArgument, `${verb} wants an argument`);
  return ANSWERS[verb as AnsweredVerb](state, command, facts);
}

/** `sending` says what is under way, if anything is. */
export function answerStatus(
  { login, folder, type }: SessionState,
  sending = 'Nothing is being sent',
): Outcome {
  return sayOnly(
    ReplyCode.systemStatus,
    'Status:',
    login === 'in' ? `Logged in, in ${quotedPath(pathText(folder))}` : 'Not logged in',
    `TYPE is ${type}, MODE is S, STRU is F`,
    sending,
    'End',
  );
}

/** How a transfer went, as its client hears it. */
export function answerEnd(end: TransferEnd): SessionAction {
  switch (end.ended) {
    case 'sent':
      return say(ReplyCode.closingData, 'All is sent');
    case 'not opened':
      return say(ReplyCode.notAvailable, sentence(end.because));
    case 'not connected':
      return say(ReplyCode.noDataConnection, sentence(end.because));
    case 'broken':
      return say(ReplyCode.aborted, sentence(end.because));
    case 'stopped':
      return say(ReplyCode.aborted, 'The transfer was stopped');
    case 'fault':
      return say(ReplyCode.localError, sentence(end.because));
    default:
      return end satisfies never;
  }
}

function withPath(verb: PathVerb): Answer {
  return (state, { argument }) => answerPath(state, verb, argument);
}

function answerUser(_: SessionState, command: Command): Outcome {
  if (!ANONYMOUS.test(command.argument.trim())) {
    // Before a password goes over the wire that is meant for something else.
    return refuse(command, ReplyCode.notLoggedIn, 'only the user "anonymous" is let in, with any password');
  }
  return { ...sayOnly(ReplyCode.needPassword, 'Any password will do'), change: { login: 'named' } };
}

function answerPassword({ login }: SessionState): Outcome {
  if (login === 'none') return sayOnly(ReplyCode.badSequence, 'Send USER first');
  return {
    ...sayOnly(ReplyCode.loggedIn, 'Logged in; everything here can only be read'),
    change: { login: 'in' },
  };
}

function answerParent({ folder: before }: SessionState): Outcome {
  const folder = before.slice(0, -1);
  return {
    ...sayOnly(ReplyCode.fileAction, `The folder is ${quotedPath(pathText(folder))}`),
    change: { folder },
  };
}

function answerWhere({ folder }: SessionState): Outcome {
  return sayOnly(ReplyCode.path, `${quotedPath(pathText(folder))} is the folder`);
}

function answerSite(_: SessionState, command: Command): Outcome {
  const [name = ''] = command.argument.trim().toUpperCase().split(/\s/, 1);
  if (SITE_WRITES.has(name)) return refuse(command, READ_ONLY_REFUSAL.code, READ_ONLY_REFUSAL.because);
  if (name === 'HELP') return sayOnly(ReplyCode.help, 'There are no commands of this site');
  return sayOnly(ReplyCode.notForThisArgument, 'There are no commands of this site');
}

function answerHelp(argument: string): Outcome {
  const verb = argument.trim().toUpperCase();
  if (verb === '') {
    const there = verbs().filter((known) => rowOf(known).refused === undefined);
    const lines = Array.from({ length: Math.ceil(there.length / HELP_COLUMNS) }, (_, row) =>
      there.slice(row * HELP_COLUMNS, (row + 1) * HELP_COLUMNS).join(' '),
    );
    return sayOnly(ReplyCode.help, 'These commands are taken:', ...lines, 'End');
  }
  if (!isVerb(verb)) return sayOnly(ReplyCode.badArgument, 'That is no command of FTP');
  const { refused, section } = rowOf(verb);
  const text = refused === undefined ? `${verb}: ${section}` : `${verb}: ${section}, but ${refused.because}`;
  return sayOnly(ReplyCode.help, text);
}

function verbs(): readonly Verb[] {
  return Object.keys(VERBS).filter(isVerb);
}
