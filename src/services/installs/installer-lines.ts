import type { SyslogMessage } from '../../protocols/syslog/message.ts';
import type { InstallerLine } from '../../core/progress/progress-reader.ts';

/** Characters of one line that are kept. */
export const MAX_LINE_LENGTH = 8_192;
/** Severities that stand in the log; most lines are none of these. */
const SEVERE = new Set(['emerg', 'alert', 'crit', 'err', 'warning']);

/** The lines of a message: few have more than one. */
export function linesOfMessage(message: SyslogMessage): readonly InstallerLine[] {
  return linesOfText(message.text).map((text) => ({ program: message.program, text }));
}

/** Lines of a text, without empty ones. */
export function linesOfText(text: string): readonly string[] {
  return text.split(/\r\n|[\r\n\0]/).filter((line) => line.trim() !== '');
}

/**
 * A line as it is kept: when it came, who says it, what. The time is ours, since those of machines that install are
 * often wrong. Control characters stand as escapes, so that a log can be looked at with any program: a terminal would
 * obey them.
 */
export function keptLine(
  { program, text }: InstallerLine,
  nowMs: number,
  about: Partial<Pick<SyslogMessage, 'severity' | 'processId'>> = {},
): string {
  const { severity, processId } = about;
  const who = program === undefined ? '' : `${program}${processId === undefined ? '' : `[${processId}]`}: `;
  const how = severity !== undefined && SEVERE.has(severity) ? `${severity}: ` : '';
  // A name may hold controls as well: RFC 5424 forbids them, and a hostile machine does not mind.
  return `${new Date(nowMs).toISOString()} ${escaped(`${who}${how}${text}`)}`.slice(0, MAX_LINE_LENGTH);
}

function escaped(text: string): string {
  return text.replaceAll(/(?!\t)\p{Cc}/gu, (letter) => `\\u{${(letter.codePointAt(0) ?? 0).toString(16)}}`);
}
