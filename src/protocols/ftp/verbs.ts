import { type FtpReplyCode, ReplyCode } from './reply.ts';

/**
 * Every verb that is known: what it wants, and for those that are always refused, with what. FEAT, HELP, the check for
 * log-in and the refusals come from here; `session-answers.ts` has an answer for each of the others.
 */
export interface VerbRow {
  readonly section: string;
  readonly argument: 'none' | 'optional' | 'wanted';
  /** `open`: answered before log-in too. */
  readonly login?: 'open';
  /** The argument is a path, which is looked up; `kept`: a link at its end is not followed. */
  readonly path?: 'followed' | 'kept';
  /** Options in the manner of `ls` may stand before the path; they change nothing. */
  readonly options?: 'cut';
  /** `*` and `?` in the last name of the path, where nothing has that very name. */
  readonly wildcards?: 'taken';
  /** It sends something over a data connection. */
  readonly data?: 'sends';
  /** Answered while a transfer runs; everything else waits for its end. */
  readonly meanwhile?: 'answered';
  /** What FEAT says of it (RFC 2389). */
  readonly feature?: string;
  readonly refused?: { readonly code: FtpReplyCode; readonly because: string };
}

const READ_ONLY = { code: ReplyCode.notAvailable, because: 'this server is read-only' } as const;
const NO_SECURITY = {
  code: ReplyCode.notImplemented,
  because: 'TLS and other protection are not offered here: what is served is public',
} as const;
const NOT_PROTECTED = {
  code: ReplyCode.badSequence,
  because: 'nothing is protected here, so there is nothing to set',
} as const;
const NOT_HERE = { code: ReplyCode.notImplemented, because: 'this command is not implemented' } as const;

const FOLDER = { argument: 'wanted', path: 'followed' } as const;
const FILE = { argument: 'wanted', path: 'followed' } as const;
const LISTING = { argument: 'optional', path: 'followed', options: 'cut', data: 'sends' } as const;
const WRITE = { argument: 'optional', refused: READ_ONLY } as const;
const SECURITY = { argument: 'optional', login: 'open', refused: NO_SECURITY } as const;
const PROTECTION = { argument: 'optional', login: 'open', refused: NOT_PROTECTED } as const;

export const VERBS = {
  // Access control
  USER: { section: 'RFC 959 §4.1.1', argument: 'wanted', login: 'open' },
  PASS: { section: 'RFC 959 §4.1.1', argument: 'optional', login: 'open' },
  ACCT: { section: 'RFC 959 §4.1.1', argument: 'optional', login: 'open' },
  CWD: { section: 'RFC 959 §4.1.1', ...FOLDER },
  CDUP: { section: 'RFC 959 §4.1.1', argument: 'none' },
  XCWD: { section: 'RFC 1123 §4.1.3.1', ...FOLDER },
  XCUP: { section: 'RFC 1123 §4.1.3.1', argument: 'none' },
  SMNT: { section: 'RFC 959 §4.1.1', argument: 'optional', refused: NOT_HERE },
  REIN: { section: 'RFC 959 §4.1.1', argument: 'none', login: 'open' },
  QUIT: { section: 'RFC 959 §4.1.1', argument: 'none', login: 'open' },
  HOST: { section: 'RFC 7151', argument: 'optional', login: 'open', refused: NOT_HERE },

  // Transfer parameters
  PORT: { section: 'RFC 959 §4.1.2', argument: 'wanted' },
  PASV: { section: 'RFC 959 §4.1.2', argument: 'none', feature: 'PASV' },
  EPRT: { section: 'RFC 2428 §2', argument: 'wanted', feature: 'EPRT' },
  EPSV: { section: 'RFC 2428 §3', argument: 'optional', feature: 'EPSV' },
  LPRT: { section: 'RFC 1639', argument: 'optional', refused: NOT_HERE },
  LPSV: { section: 'RFC 1639', argument: 'optional', refused: NOT_HERE },
  TYPE: { section: 'RFC 959 §4.1.2', argument: 'wanted' },
  STRU: { section: 'RFC 959 §4.1.2', argument: 'wanted' },
  MODE: { section: 'RFC 959 §4.1.2', argument: 'wanted' },
  REST: { section: 'RFC 3659 §5', argument: 'wanted', feature: 'REST STREAM' },
  ALLO: { section: 'RFC 959 §4.1.3', argument: 'optional' },

  // Files and folders
  RETR: { section: 'RFC 959 §4.1.3', ...FILE, data: 'sends' },
  LIST: { section: 'RFC 959 §4.1.3', ...LISTING, wildcards: 'taken' },
  NLST: { section: 'RFC 959 §4.1.3', ...LISTING, wildcards: 'taken' },
  MLSD: { section: 'RFC 3659 §7', argument: 'optional', path: 'followed', data: 'sends' },
  MLST: { section: 'RFC 3659 §7', argument: 'optional', path: 'kept' },
  SIZE: { section: 'RFC 3659 §4', ...FILE, feature: 'SIZE' },
  MDTM: { section: 'RFC 3659 §3', ...FILE, feature: 'MDTM' },
  PWD: { section: 'RFC 959 §4.1.3', argument: 'none' },
  XPWD: { section: 'RFC 1123 §4.1.3.1', argument: 'none' },
  ABOR: { section: 'RFC 959 §4.1.3', argument: 'none', meanwhile: 'answered' },

  // Writing
  STOR: { section: 'RFC 959 §4.1.3', ...WRITE },
  STOU: { section: 'RFC 959 §4.1.3', ...WRITE },
  APPE: { section: 'RFC 959 §4.1.3', ...WRITE },
  RNFR: { section: 'RFC 959 §4.1.3', ...WRITE },
  RNTO: { section: 'RFC 959 §4.1.3', ...WRITE },
  DELE: { section: 'RFC 959 §4.1.3', ...WRITE },
  RMD: { section: 'RFC 959 §4.1.3', ...WRITE },
  MKD: { section: 'RFC 959 §4.1.3', ...WRITE },
  XRMD: { section: 'RFC 1123 §4.1.3.1', ...WRITE },
  XMKD: { section: 'RFC 1123 §4.1.3.1', ...WRITE },
  MFMT: { section: 'draft-somers-ftp-mfxx', ...WRITE },
  MFCT: { section: 'draft-somers-ftp-mfxx', ...WRITE },
  MFF: { section: 'draft-somers-ftp-mfxx', ...WRITE },

  // The server itself
  SITE: { section: 'RFC 959 §4.1.3', argument: 'wanted' },
  SYST: { section: 'RFC 959 §4.1.3', argument: 'none', login: 'open' },
  STAT: { section: 'RFC 959 §4.1.3', argument: 'optional', options: 'cut', meanwhile: 'answered' },
  HELP: { section: 'RFC 959 §4.1.3', argument: 'optional', login: 'open' },
  NOOP: { section: 'RFC 959 §4.1.3', argument: 'none', login: 'open' },
  FEAT: { section: 'RFC 2389 §3', argument: 'none', login: 'open' },
  OPTS: { section: 'RFC 2389 §4', argument: 'wanted', login: 'open' },
  LANG: { section: 'RFC 2640 §4', argument: 'optional', login: 'open', feature: 'LANG EN*' },
  // Known by no RFC: FileZilla, lftp and others say their name with it.
  CLNT: { section: 'by custom', argument: 'optional', login: 'open' },

  // Protection (RFC 2228, 4217)
  AUTH: { section: 'RFC 2228 §3', ...SECURITY },
  ADAT: { section: 'RFC 2228 §3', ...SECURITY },
  CCC: { section: 'RFC 2228 §3', ...SECURITY },
  MIC: { section: 'RFC 2228 §3', ...SECURITY },
  CONF: { section: 'RFC 2228 §3', ...SECURITY },
  ENC: { section: 'RFC 2228 §3', ...SECURITY },
  PBSZ: { section: 'RFC 2228 §3', ...PROTECTION },
  PROT: { section: 'RFC 2228 §3', ...PROTECTION },
} as const satisfies Readonly<Record<string, VerbRow>>;

export type Verb = keyof typeof VERBS;

type VerbsWith<Part> = { [V in Verb]: (typeof VERBS)[V] extends Part ? V : never }[Verb];
/** Those that are not always refused. */
export type AnsweredVerb = Exclude<Verb, VerbsWith<{ readonly refused: unknown }>>;
/** Those whose argument is looked up before they are answered; STAT does so only when it has one. */
export type PathVerb = VerbsWith<{ readonly path: unknown }> | 'STAT';

export function isVerb(text: string): text is Verb {
  return Object.hasOwn(VERBS, text);
}

export function rowOf(verb: Verb): VerbRow {
  return VERBS[verb];
}

/** SITE commands that would change something (BSD's ftpd, ProFTPD, lftp); all others are not known. */
export const SITE_WRITES: ReadonlySet<string> = new Set([
  'CHGRP',
  'CHMOD',
  'CHOWN',
  'CPFR',
  'CPTO',
  'MKDIR',
  'RMDIR',
  'SYMLINK',
  'UMASK',
  'UTIME',
]);
export const READ_ONLY_REFUSAL = READ_ONLY;
