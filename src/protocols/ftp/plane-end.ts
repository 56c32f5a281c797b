import { SystemCallError } from '../../os/system-call-error.ts';
import type { LinkEnd, LinkTimes } from './plane-messages.ts';
import type { TransferEnd } from './session-action.ts';

/** What of sendfile(2) is the connection's fault; everything else is the file's: EIO, EINVAL, ESTALE … */
const OF_THE_CONNECTION: ReadonlySet<string> = new Set([
  'EPIPE',
  'ECONNRESET',
  'ECONNABORTED',
  'ETIMEDOUT',
  'ENOTCONN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'EHOSTDOWN',
  'ENOBUFS',
]);

export interface SentOver {
  readonly times: LinkTimes;
  /** The port that is connected to; undefined where the client comes. */
  readonly port: number | undefined;
  readonly size: number;
}

/** How a transfer ended that a thread sent, and the fault of ours or of the system that somebody should hear of. */
export function endOfLink(
  end: LinkEnd,
  { times, port, size }: SentOver,
): { readonly end: TransferEnd; readonly fault?: Error } {
  switch (end.ended) {
    case 'sent':
    case 'stopped':
      return { end: { ended: end.ended } };
    case 'not connected':
      return { end: { ended: 'not connected', because: whyNotConnected(end.why, times, port) } };
    case 'stalled': {
      const because = `the client took nothing for ${seconds(times.stalledMs)}`;
      return { end: { ended: 'broken', because } };
    }
    case 'broken': {
      const fault = new SystemCallError('sendfile', 'send a file', end.errno);
      if (OF_THE_CONNECTION.has(fault.code))
        return { end: { ended: 'broken', because: `the connection broke (${fault.code})` } };
      return { end: UNREADABLE, fault };
    }
    case 'too short':
      return {
        end: UNREADABLE,
        fault: new RangeError(`The file ends at byte ${end.at}, it had ${size}`),
      };
    case 'thread died':
      return { end: { ended: 'broken', because: 'the part of the server that sends files died' } };
    default:
      return end satisfies never;
  }
}

const UNREADABLE: TransferEnd = {
  ended: 'fault',
  because: 'the file or folder cannot be read to its end',
};

function whyNotConnected(
  why: (LinkEnd & { readonly ended: 'not connected' })['why'],
  { waitMs }: LinkTimes,
  port: number | undefined,
): string {
  if (why === 'given up') return 'the data connection was given up';
  if (port === undefined)
    return why === 'nobody came'
      ? `no data connection came within ${seconds(waitMs)}`
      : `no data connection can be taken (${codeOf(why.errno)})`;
  return `no data connection to port ${port} can be made (${why === 'nobody came' ? 'nobody answered' : codeOf(why.errno)})`;
}

function codeOf(errno: number): string {
  return new SystemCallError('connect', 'connect', errno).code;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
