import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseIpv4 } from '../../lib/addresses.ts';
import { parseIp } from '../../lib/ipv6-address.ts';
import { anyText } from '../../lib/suite/any-text.ts';
import { CommandReader } from './command.ts';
import { MAX_MISTAKES, MAX_WAITING } from './session.ts';
import type { SessionFacts } from './session-action.ts';
import { SessionPlayer } from './suite/session-player.ts';
import { VERBS } from './verbs.ts';

const NO_FACTS: Partial<SessionFacts> = {};

/** What is sent, and the replies, in their order; a dialogue begins after the log-in. */
const DIALOGUES: readonly (readonly [string, readonly string[], readonly RegExp[]])[] = [
  [
    'where one is',
    ['PWD', 'CWD dir/sub', 'PWD', 'CDUP', 'XPWD'],
    [/^257 "\/" /, /^250 .*"\/dir\/sub"/, /^257 "\/dir\/sub"/, /^250 .*"\/dir"/, /^257 "\/dir"/],
  ],
  [
    'a folder behind a link keeps its name',
    ['CWD dlink', 'PWD', 'CWD ..', 'PWD'],
    [/^250/, /^257 "\/dlink"/, /^250/, /^257 "\/"/],
  ],
  [
    'no folder',
    ['CWD hello.txt', 'CWD nothing', 'CWD out'],
    [/^550 It is no folder/, /^550 No such file/, /^550 No such file/],
  ],
  ['nothing lies above the root', ['CDUP', 'CWD ../../..', 'PWD'], [/^250/, /^250/, /^257 "\/"/]],
  [
    'sizes in TYPE I only',
    ['SIZE hello.txt', 'TYPE I', 'SIZE hello.txt', 'SIZE dir', 'SIZE link'],
    [/^550 Sizes/, /^200/, /^213 12$/, /^550 It is no file/, /^213 1$/],
  ],
  ['times', ['MDTM hello.txt', 'MDTM dir', 'MDTM nothing'], [/^213 20240102030405$/, /^550/, /^550/]],
  [
    'facts',
    ['MLST dir/a', 'MLST link', 'OPTS MLST size;type;x;', 'MLST dir/a', 'MLST'],
    [
      /^250-/,
      /^ type=file;size=1;modify=20240102030405;perm=r;unique=\w+;unix.mode=0644; \/dir\/a$/,
      /^250 End/,
      /^250-/,
      /^ type=OS.unix=slink:dir\/a;.* \/link$/,
      /^250 End/,
      /^200 MLST OPTS type;size;$/,
      /^250-/,
      /^ type=file;size=1; \/dir\/a$/,
      /^250 End/,
      /^250-/,
      /^ type=dir; \/$/,
      /^250 End/,
    ],
  ],
  [
    'types',
    ['TYPE I', 'TYPE a', 'TYPE A N', 'TYPE L 8', 'TYPE E', 'TYPE A T', 'TYPE L 7', 'TYPE X', 'TYPE'],
    [/^200/, /^200/, /^200/, /^200/, /^504/, /^504/, /^504/, /^501/, /^501/],
  ],
  [
    'modes and structures',
    ['MODE S', 'MODE B', 'MODE C', 'MODE X', 'STRU F', 'STRU R', 'STRU P', 'STRU X'],
    [/^200/, /^504/, /^504/, /^501/, /^200/, /^504/, /^504/, /^501/],
  ],
  [
    'a transfer without a port',
    ['RETR hello.txt', 'LIST', 'NLST', 'MLSD'],
    [/^425 Use EPSV/, /^425/, /^425/, /^425/],
  ],
  [
    'a file',
    ['TYPE I', 'EPSV', 'RETR dir/a'],
    [/^200/, /^229 .*\(\|\|\|50000\|\)/, /^150 .*\/dir\/a \(1 bytes\)/, /^226/],
  ],
  ['a file as text', ['PASV', 'RETR hello.txt'], [/^227 .*\(192,0,2,1,195,80\)/, /^150 [^(]*$/, /^226/]],
  [
    'a port is good for one file',
    ['PASV', 'RETR hello.txt', 'RETR hello.txt'],
    [/^227/, /^150/, /^226/, /^425/],
  ],
  [
    'what is not there keeps the port',
    ['PASV', 'RETR nothing', 'RETR dir', 'RETR hello.txt'],
    [/^227/, /^550 No such file.*"nothing"/, /^550/, /^150/, /^226/],
  ],
  [
    'the middle of a file',
    ['TYPE I', 'EPSV', 'REST 6', 'RETR hello.txt', 'EPSV', 'RETR hello.txt'],
    [/^200/, /^229/, /^350/, /^150/, /^226/, /^229/, /^150/, /^226/],
  ],
  [
    'the very end of a file (busybox -c)',
    ['TYPE I', 'EPSV', 'REST 12', 'RETR hello.txt'],
    [/^200/, /^229/, /^350/, /^150/, /^226/],
  ],
  [
    'more than there is',
    ['TYPE I', 'EPSV', 'REST 13', 'RETR hello.txt', 'RETR hello.txt'],
    [/^200/, /^229/, /^350/, /^554 It has 12 bytes/, /^150/, /^226/],
  ],
  ['the middle of a text', ['EPSV', 'REST 1', 'RETR hello.txt'], [/^229/, /^350/, /^554/]],
  [
    'no place',
    ['REST x', 'REST -1', 'REST 99999999999999999', 'REST 9007199254740993'],
    [/^501/, /^501/, /^501/, /^501/],
  ],
  [
    'listings',
    [
      'EPSV',
      'LIST -la dir',
      'EPSV',
      'NLST *.txt',
      'EPSV',
      'MLSD dir',
      'EPSV',
      'MLSD hello.txt',
      'LIST nothing',
      'LIST -a',
    ],
    [
      /^229/,
      /^150/,
      /^226/,
      /^229/,
      /^150/,
      /^226/,
      /^229/,
      /^150/,
      /^226/,
      /^229/,
      /^501/,
      /^550/,
      /^150/,
      /^226/,
    ],
  ],
  [
    'a listing over the control connection',
    ['STAT dir', 'STAT hello.txt', 'STAT nothing'],
    [
      /^212-/,
      /^ -rw.* a$/,
      /^ -rw.* b$/,
      /^ -rw.* sp ace$/,
      /^ drwx.* sub$/,
      /^212 End/,
      /^212-/,
      /^ -rw.* hello\.txt$/,
      /^212 End/,
      /^550/,
    ],
  ],
  ['status', ['STAT'], [/^211-/, /^ Logged in, in "\/"/, /^ TYPE is A/, /^ Nothing/, /^211 End/]],
  ['PORT to the client', ['PORT 192,0,2,10,195,80', 'RETR hello.txt'], [/^200/, /^150/, /^226/]],
  [
    'PORT to others',
    [
      'PORT 192,0,2,11,195,80',
      'PORT 192,0,2,10,0,22',
      'EPRT |1|192.0.2.11|50000|',
      'EPRT |2|::1|50000|',
      'EPRT |3|x|1|',
      'RETR hello.txt',
    ],
    [/^501 Data goes to 192/, /^501 .*1024/, /^501/, /^501/, /^5\d\d/, /^425/],
  ],
  ['EPRT to the client', ['EPRT |1|192.0.2.10|50000|', 'RETR hello.txt'], [/^200/, /^150/, /^226/]],
  ['EPSV of a protocol', ['EPSV 1', 'EPSV 2', 'EPSV x'], [/^229/, /^522 .*\(1\)/, /^501/]],
  [
    'EPSV ALL',
    ['EPSV ALL', 'PASV', 'PORT 192,0,2,10,195,80', 'EPRT |1|192.0.2.10|50000|', 'EPSV'],
    [/^200/, /^503/, /^503/, /^503/, /^229/],
  ],
  [
    'nothing is written',
    [
      'STOR x',
      'APPE x',
      'STOU',
      'DELE hello.txt',
      'MKD x',
      'XMKD x',
      'RMD dir',
      'RNFR dir',
      'RNTO x',
      'SITE CHMOD 777 dir',
      'MFMT 20240101000000 dir',
      'ALLO 5',
    ],
    [...Array.from({ length: 11 }, () => /^550 This server is read-only$/), /^202/],
  ],
  ['no TLS', ['AUTH TLS', 'AUTH SSL', 'PBSZ 0', 'PROT P'], [/^502/, /^502/, /^503/, /^503/]],
  [
    'small talk',
    [
      'NOOP',
      'SYST',
      'CLNT x',
      'ACCT x',
      'LANG',
      'LANG en-GB',
      'LANG de',
      'OPTS UTF8 ON',
      'OPTS UTF8 OFF',
      'OPTS X',
      'SITE HELP',
      'SITE X',
      'HELP RETR',
      'XYZ',
    ],
    [
      /^200/,
      /^215 UNIX Type: L8$/,
      /^200/,
      /^202/,
      /^200/,
      /^200/,
      /^504/,
      /^200/,
      /^504/,
      /^501/,
      /^214/,
      /^504/,
      /^214 RETR: RFC 959/,
      /^500/,
    ],
  ],
  [
    'a new beginning',
    ['TYPE I', 'CWD dir', 'REIN', 'PWD', 'USER ftp', 'PASS', 'PWD'],
    [/^200/, /^250/, /^220/, /^530/, /^331/, /^230/, /^257 "\/"/],
  ],
  [
    'logging in again',
    ['PASS again', 'USER anonymous', 'PASS x', 'USER root'],
    [/^230/, /^331/, /^230/, /^530/],
  ],
  ['nothing to abort', ['ABOR', 'EPSV', 'ABOR', 'RETR hello.txt'], [/^226/, /^229/, /^226/, /^425/]],
  ['the end', ['QUIT', 'NOOP'], [/^221/]],
];

describe('a dialogue', () => {
  test.each(DIALOGUES)('%s', async (_, sent, expected) => {
    const player = await new SessionPlayer().logIn();
    await player.send(...sent);
    const replies = player.replies();
    expect(replies).toHaveLength(expected.length);
    for (const [at, reply] of replies.entries()) expect(reply).toMatch(expected[at]!);
  });
});

describe('before the log-in', () => {
  test('only what tells nothing is answered', async () => {
    const player = await new SessionPlayer().start();
    player.replies();
    await player.send('PWD', 'PASS x', 'USER root', 'FEAT', 'USER Anonymous', 'PWD', 'PASS x', 'PWD');
    const codes = player.replies().map((line) => line.slice(0, 4));
    expect(codes.filter((code) => code !== ' EPR' && !code.startsWith(' '))).toEqual([
      '530 ',
      '503 ',
      '530 ',
      '211-',
      '211 ',
      '331 ',
      '530 ',
      '230 ',
      '257 ',
    ]);
    expect(player.told).toEqual(['USER: only the user "anonymous" is let in, with any password']);
  });
});

describe('what is told', () => {
  test('is what was refused, and never a password', async () => {
    const player = await new SessionPlayer('end at once', { active: 'refused' }).logIn();
    await player.send(
      'PASS secret',
      'STOR x',
      'RETR y',
      'PASV',
      'RETR y',
      'SIZE y',
      'PORT 1,2,3,4,5,6',
      'AUTH TLS',
    );
    expect(player.told).toEqual([
      'STOR: this server is read-only',
      'RETR: no such file or folder: "y"',
      'PORT: this server connects to nobody: use EPSV or PASV',
    ]);
  });
});

describe('over IPv6', () => {
  const facts = {
    client: parseIp('2001:db8::10'),
    localAddress: parseIp('2001:db8::1'),
    passiveAddress: parseIpv4('203.0.113.1'),
  };
  test('EPSV opens a port, and PASV says that it cannot', async () => {
    const player = await new SessionPlayer('end at once', facts).logIn();
    await player.send(
      'PASV',
      'EPSV',
      'EPSV 2',
      'EPSV 1',
      'EPRT |2|2001:db8::10|5000|',
      'EPRT |1|192.0.2.10|5000|',
    );
    const expected = [/^522 .*EPSV/, /^229/, /^229/, /^522 .*\(2\)/, /^200/, /^501/];
    for (const [at, reply] of player.replies().entries()) expect(reply).toMatch(expected[at]!);
  });
});

test('PASV tells the address that it was given for clients behind a router', async () => {
  const player = await new SessionPlayer('end at once', { passiveAddress: parseIpv4('203.0.113.1') }).logIn();
  await player.send('PASV');
  expect(player.replies()).toEqual(['227 Entering Passive Mode (203,0,113,1,195,80)']);
});

describe('while something is sent', () => {
  async function sending(): Promise<SessionPlayer> {
    const player = await new SessionPlayer('are ended by the test').logIn();
    await player.send('TYPE I', 'EPSV', 'RETR hello.txt');
    player.replies();
    return player;
  }

  test('other commands wait, and are answered in their order', async () => {
    const player = await sending();
    await player.send('NOOP', 'PWD', 'QUIT');
    expect(player.replies()).toEqual([]);
    await player.end({ ended: 'sent' });
    expect(player.replies().map((line) => line.slice(0, 3))).toEqual(['226', '200', '257', '221']);
    expect(player.isClosed).toBe(true);
  });

  test('ABOR ends it, and both are answered', async () => {
    const player = await sending();
    await player.send('NOOP', 'ABOR');
    expect(player.log).toContain('* stop transfer');
    await player.end({ ended: 'stopped' });
    expect(player.replies().map((line) => line.slice(0, 3))).toEqual(['426', '226', '200']);
  });

  test('ABOR that comes when all is sent gets its answer too (curl, for ranges)', async () => {
    const player = await sending();
    await player.send('ABOR');
    await player.end({ ended: 'sent' });
    expect(player.replies().map((line) => line.slice(0, 3))).toEqual(['226', '226']);
  });

  test('ABOR twice is answered twice', async () => {
    const player = await sending();
    await player.send('ABOR', 'ABOR');
    await player.end({ ended: 'stopped' });
    expect(player.replies().map((line) => line.slice(0, 3))).toEqual(['426', '226', '226']);
  });

  test('STAT says how far it is', async () => {
    const player = await sending();
    const reader = new CommandReader();
    reader.push(new TextEncoder().encode('STAT\r\n'));
    await player.happens(player.session.onLine(reader.next()!, 4711));
    expect(player.replies()).toContain(' Sending /hello.txt, 4711 bytes so far');
  });

  test('no more commands are taken than may wait', async () => {
    const player = await sending();
    await player.send(...Array.from({ length: MAX_WAITING * 2 }, () => 'NOOP'));
    expect(player.session.takesCommands).toBe(false);
    player.replies();
    await player.end({ ended: 'sent' });
    expect(player.replies()).toHaveLength(MAX_WAITING + 1);
    expect(player.session.takesCommands).toBe(true);
  });

  for (const [what, end, code] of [
    ['was not there any more', { ended: 'not opened', because: 'it is gone' }, '550 It is gone'],
    ['had no connection', { ended: 'not connected', because: 'none came' }, '425 None came'],
    ['broke', { ended: 'broken', because: 'the client left' }, '426 The client left'],
    ['could not be read on', { ended: 'fault', because: 'the disc is gone' }, '451 The disc is gone'],
  ] as const) {
    test(`a transfer that ${what} is answered so`, async () => {
      const player = await sending();
      await player.end(end);
      expect(player.replies()).toEqual([code]);
    });
  }

  test('a client that has said all it will say gets what it asked for', async () => {
    const player = await sending();
    await player.send('PWD');
    await player.happens(player.session.onInputEnd());
    expect(player.isClosed).toBe(false);
    await player.end({ ended: 'sent' });
    expect(player.replies().map((line) => line.slice(0, 3))).toEqual(['226', '257']);
    expect(player.isClosed).toBe(true);
  });

  test('a server that stops lets it end, and nothing more', async () => {
    const player = await sending();
    await player.send('PWD');
    await player.happens(player.session.onServerStops());
    expect(player.isClosed).toBe(false);
    await player.end({ ended: 'sent' });
    expect(player.replies().map((line) => line.slice(0, 3))).toEqual(['226', '421']);
    expect(player.isClosed).toBe(true);
  });

  test('it is not idle', async () => {
    const player = await sending();
    expect(player.session.isReady).toBe(false);
    await player.happens(player.session.onIdle());
    expect(player.isClosed).toBe(false);
  });
});

describe('a session ends with 421', () => {
  test('when nothing is asked', async () => {
    const player = await new SessionPlayer().logIn();
    await player.happens(player.session.onIdle());
    expect(player.replies()).toEqual(['421 Nothing was asked for too long']);
    expect(player.isClosed).toBe(true);
  });

  test('when it speaks another protocol', async () => {
    const player = await new SessionPlayer().start();
    player.replies();
    await player.send(...Array.from({ length: MAX_MISTAKES + 5 }, () => 'GET / HTTP/1.1'));
    const replies = player.replies();
    expect(replies).toHaveLength(MAX_MISTAKES + 1);
    expect(replies.at(-1)).toMatch(/^421 /);
    expect(player.isClosed).toBe(true);
  });

  test('but not for mistakes between commands', async () => {
    const player = await new SessionPlayer().logIn();
    for (let round = 0; round < MAX_MISTAKES; round += 1) await player.send('XYZ', 'NOOP');
    expect(player.isClosed).toBe(false);
  });
});

test('whatever comes in, every command has one reply of FTP, and no line is without a code', async () => {
  const verb = fc.oneof(fc.constantFrom(...Object.keys(VERBS)), anyText);
  const argument = fc.oneof(
    anyText,
    fc.constantFrom('', '/', '..', 'dir', 'hello.txt', '*', 'A', 'I', '|1|192.0.2.10|5000|'),
  );
  const line = fc.tuple(verb, argument).map(([word, rest]) => `${word} ${rest}`.replaceAll(/[\r\n]/g, ''));
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 30 }), async (lines) => {
      const player = await new SessionPlayer('end at once', NO_FACTS).logIn();
      await player.send(...lines);
      const whole = player.replies().filter((reply) => /^\d{3} /.test(reply));
      expect(player.log).toEqual([]);
      // A transfer has two.
      expect(whole.length).toBeLessThanOrEqual(lines.length * 2 + 1);
    }),
    { numRuns: 300 },
  );
});
