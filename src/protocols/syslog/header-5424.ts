import type { SyslogMessage } from './message.ts';

/** `VERSION SP TIMESTAMP SP HOSTNAME SP APP-NAME SP PROCID SP MSGID SP`, with the lengths of RFC 5424 §6. */
const HEADER = /^1 (?:-|\S{1,64}) (-|\S{1,255}) (-|\S{1,48}) (-|\S{1,128}) (?:-|\S{1,32}) /;

type Fields = Pick<SyslogMessage, 'hostName' | 'program' | 'processId' | 'text'>;

/** What follows the priority, where it is of RFC 5424; undefined where it is not. */
export function readHeader5424(rest: string): Fields | undefined {
  const [whole = '', hostName = '-', program = '-', processId = '-'] = HEADER.exec(rest) ?? [];
  if (whole === '') return undefined;
  const text = behindStructuredData(rest.slice(whole.length));
  if (text === undefined) return undefined;
  return {
    ...(hostName === '-' ? {} : { hostName }),
    ...(program === '-' ? {} : { program }),
    ...(processId === '-' ? {} : { processId }),
    // §6.4: a byte order mark says that the text is UTF-8, which it is taken for anyway.
    // rsyslogd puts the blank of its older form before the text.
    text: text.replace(/^\uFEFF/, '').replace(/^ /, ''),
  };
}

/**
 * The text behind `-` or elements in square brackets, in whose values `"`, `\` and `]` are escaped (§6.3.3); undefined
 * where neither stands there or an element has no end.
 */
function behindStructuredData(rest: string): string | undefined {
  if (rest === '-' || rest.startsWith('- ')) return rest.slice(2);
  let at = 0;
  while (rest[at] === '[') {
    const end = endOfElement(rest, at);
    if (end === undefined) return undefined;
    at = end;
  }
  if (at === 0 || (at < rest.length && rest[at] !== ' ')) return undefined;
  return rest.slice(at + 1);
}

function endOfElement(text: string, start: number): number | undefined {
  let isQuoted = false;
  for (let at = start + 1; at < text.length; at += 1) {
    const letter = text[at];
    if (isQuoted && letter === '\\') at += 1;
    else if (letter === '"') isQuoted = !isQuoted;
    else if (letter === ']' && !isQuoted) return at + 1;
  }
  return undefined;
}
