import { describe, expect, test } from 'vitest';
import { FIRST_STATE, type Outcome, type SessionFacts, type SessionState } from './session-action.ts';
import { answerCommand } from './session-answers.ts';
import { CLIENT } from './suite/session-player.ts';
import { isVerb, rowOf, type Verb, VERBS } from './verbs.ts';

const FACTS: SessionFacts = { client: CLIENT, localAddress: CLIENT, active: 'allowed', greeting: 'Hello' };
const LOGGED_IN: SessionState = { ...FIRST_STATE, login: 'in' };
const ALL = Object.keys(VERBS) as Verb[];

/** RFC 959 §4.1, RFC 1123 §4.1.3.1, RFC 2228 §3, RFC 2389, 2428, 2640, 3659. */
const OF_THE_RFCS =
  'USER PASS ACCT CWD CDUP SMNT REIN QUIT PORT PASV TYPE STRU MODE RETR STOR STOU APPE ALLO REST RNFR RNTO ABOR DELE ' +
  'RMD MKD PWD LIST NLST SITE SYST STAT HELP NOOP XMKD XRMD XPWD XCUP XCWD AUTH ADAT PBSZ PROT CCC MIC CONF ENC FEAT ' +
  'OPTS EPRT EPSV LANG MDTM SIZE MLST MLSD';

test.each(OF_THE_RFCS.split(' '))('%s has a row', (verb) => expect(isVerb(verb)).toBe(true));

function answer(verb: string, argument: string, state = LOGGED_IN): Outcome {
  return answerCommand(state, { verb, argument }, FACTS);
}

function codeOf({ actions }: Outcome): number | undefined {
  return actions.map((action) => (action.do === 'reply' ? action.reply.code : undefined)).find(Boolean);
}

describe('every verb of the table', () => {
  test.each(ALL)('%s is answered with anything as its argument', (verb) => {
    for (const argument of [
      '',
      ' ',
      'x',
      '-l',
      '\0',
      '999999999999999999999',
      '|',
      'ALL',
      '__proto__',
      'constructor',
    ])
      for (const state of [LOGGED_IN, FIRST_STATE, { ...LOGGED_IN, way: { by: 'client' } } as const]) {
        const { actions } = answer(verb, argument, state);
        expect(actions.length).toBeGreaterThan(0);
        for (const action of actions)
          if (action.do === 'reply') expect(action.reply.lines.every((line) => line.length > 0)).toBe(true);
      }
  });

  test.each(ALL.filter((verb) => rowOf(verb).login !== 'open'))('%s wants a log-in', (verb) => {
    expect(codeOf(answer(verb, 'x', FIRST_STATE))).toBe(530);
  });

  test.each(ALL.filter((verb) => rowOf(verb).refused !== undefined))(
    '%s is refused as its row says',
    (verb) => {
      expect(codeOf(answer(verb, 'x'))).toBe(rowOf(verb).refused?.code);
    },
  );

  test.each(ALL.filter((verb) => rowOf(verb).argument === 'wanted'))('%s wants an argument', (verb) => {
    expect(codeOf(answer(verb, ' '))).toBe(rowOf(verb).refused?.code ?? 501);
  });

  test.each(ALL)('%s is explained by HELP', (verb) => expect(codeOf(answer('HELP', verb))).toBe(214));
});

test.each(['', 'XYZZY', 'GET', '__PROTO__', 'CONSTRUCTOR', 'TOSTRING', 'retr'])('"%s" is no verb', (verb) => {
  expect(codeOf(answer(verb, ''))).toBe(500);
});
