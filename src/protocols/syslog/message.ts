import { DecodeError } from '../../lib/decode-error.ts';
import { readHeader5424 } from './header-5424.ts';
import { readTime } from './time-stamp.ts';

/**
 * Messages of syslog as installers send them: RFC 5424, RFC 3164 with and without a host name, and what has no more
 * than a priority, as Python's SysLogHandler sends (anaconda of EL 5 and 6). RFC 3164 only describes what was seen
 * (§4): so whatever follows the priority is taken, and what is not understood is the text.
 */

/** RFC 5424 §6.2.1 table 2. */
export const SEVERITIES = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface SyslogMessage {
  /** 0 to 23 (RFC 5424 §6.2.1 table 1). */
  readonly facility: number;
  readonly severity: Severity;
  readonly hostName?: string;
  /** `TAG` of RFC 3164, `APP-NAME` of RFC 5424; without its process. */
  readonly program?: string;
  readonly processId?: string;
  /** Without the line break that some senders put behind it. */
  readonly text: string;
}

/** 23 facilities of 8 severities (RFC 5424 §6.2.1). */
const LARGEST_PRIORITY = 191;
/** RFC 3164 §4.3.3: a message without a priority is of user, notice. */
const NO_PRIORITY = 13;
/** RFC 3164 §4.1.3 has 32 letters; systemd and rsyslog send longer ones (RFC 5424: 48). */
const TAG = /^([\w./@+-]{1,64})(?:\[([\w.-]{1,128})\])?:(?: |$)/;

const LETTERS = new TextDecoder('utf-8');

/** @throws DecodeError where there is nothing to take: an empty line, or one of zeros. */
export function decodeMessage(bytes: Uint8Array): SyslogMessage {
  // Python's SysLogHandler ends with a NUL, busybox with a line break; RFC 5424 may begin its text with a mark (§6.4).
  const line = LETTERS.decode(bytes).replace(/[\r\n\0]+$/, '');
  if (line.trim() === '') throw new DecodeError('The message is empty', 0);
  const [whole = '', digits] = /^<(\d{1,3})>/.exec(line) ?? [];
  const priority = digits === undefined ? NO_PRIORITY : Number(digits);
  // What is no priority is text (RFC 3164 §4.3.3).
  if (priority > LARGEST_PRIORITY) return { ...levelOf(NO_PRIORITY), text: line };
  const rest = line.slice(whole.length);
  const header = readHeader5424(rest);
  return { ...levelOf(priority), ...(header ?? read3164(rest)) };
}

function levelOf(priority: number): Pick<SyslogMessage, 'facility' | 'severity'> {
  return { facility: Math.floor(priority / 8), severity: SEVERITIES[priority % 8] ?? 'notice' };
}

/**
 * Time, host name, tag, text (RFC 3164 §4.1). busybox passes on what a program wrote to /dev/log, which has no host
 * name; util-linux' logger and rsyslogd write one.
 */
function read3164(line: string): Pick<SyslogMessage, 'hostName' | 'program' | 'processId' | 'text'> {
  const afterTime = readTime(line);
  const rest = afterTime ?? line;
  const tagged = readTag(rest);
  if (tagged) return tagged;
  // A host name is there only where a time was.
  const [whole = '', hostName] = afterTime === undefined ? [] : (/^([\w.:-]{1,255}) /.exec(rest) ?? []);
  if (hostName === undefined) return { text: rest };
  const behindHost = rest.slice(whole.length);
  return { hostName, ...(readTag(behindHost) ?? { text: behindHost }) };
}

function readTag(text: string): Pick<SyslogMessage, 'program' | 'processId' | 'text'> | undefined {
  const [whole = '', program, processId] = TAG.exec(text) ?? [];
  if (program === undefined) return undefined;
  return { program, ...(processId === undefined ? {} : { processId }), text: text.slice(whole.length) };
}
