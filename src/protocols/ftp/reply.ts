import { encodeText } from '../../lib/byte-writer.ts';

/** Replies of a control connection (RFC 959 §4.2), with the reply codes that this server uses. */

/** RFC 959 §4.2.1; 522 from RFC 2428 §2, 554 from RFC 1123 §4.1.3.4. The names are ours, the numbers theirs. */
export const ReplyCode = {
  aboutToSend: 150,
  okay: 200,
  superfluous: 202,
  systemStatus: 211,
  folderStatus: 212,
  fileStatus: 213,
  help: 214,
  systemName: 215,
  ready: 220,
  goodbye: 221,
  closingData: 226,
  passive: 227,
  extendedPassive: 229,
  loggedIn: 230,
  fileAction: 250,
  path: 257,
  needPassword: 331,
  needTransfer: 350,
  closing: 421,
  noDataConnection: 425,
  aborted: 426,
  localError: 451,
  unknownCommand: 500,
  badArgument: 501,
  notImplemented: 502,
  badSequence: 503,
  notForThisArgument: 504,
  notLoggedIn: 530,
  otherProtocol: 522,
  notAvailable: 550,
  badRestart: 554,
} as const;
export type FtpReplyCode = (typeof ReplyCode)[keyof typeof ReplyCode];

export interface Reply {
  readonly code: FtpReplyCode;
  /** At least one. */
  readonly lines: readonly string[];
}

export function replyWith(code: FtpReplyCode, ...lines: readonly string[]): Reply {
  return { code, lines };
}

/**
 * One line as `code text`. Several as `code-first`, ` between`, `code last`: the space keeps clients from taking a line
 * between for the last one, and FEAT (RFC 2389 §3.2) and MLST (RFC 3659 §7.2) want exactly one.
 */
export function encodeReply({ code, lines }: Reply): Uint8Array {
  const last = lines.length - 1;
  const text = lines.map(
    (line, at) => `${at === last ? `${code} ` : at === 0 ? `${code}-` : ' '}${plain(line)}\r\n`,
  );
  return encodeText(text.join(''));
}

/** A path as PWD tells it: quotation marks in it are doubled (RFC 959 App. II). */
export function quotedPath(path: string): string {
  return `"${path.replaceAll('"', '""')}"`;
}

/** Whatever would end the line, or act on a terminal that shows it, becomes U+FFFD. */
function plain(line: string): string {
  return line.replaceAll(/\p{Cc}/gu, '\uFFFD');
}
