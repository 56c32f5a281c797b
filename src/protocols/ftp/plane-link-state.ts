import type { IpAddress } from '../../lib/addresses.ts';
import type { ExtentSender } from '../../os/extent-sender.ts';
import type { LinkTimes } from './plane-messages.ts';

/**
 * awaiting: the port is open. connecting: the client is being connected to. connected: nothing is to be sent yet. sending: a
 * file is under way. lingering: all of it is with the system, and the client may still have something to say, so that it
 * is not told of a reset before it has read all.
 */
export type LinkPhase = 'awaiting' | 'connecting' | 'connected' | 'sending' | 'lingering';

/** A data connection as a thread has it. */
export interface Link {
  readonly id: number;
  /** The only address that may come. */
  readonly client: IpAddress;
  phase: LinkPhase;
  /** The port's while `awaiting`, else the connection's. */
  fd: number;
  /** What is waited for there; undefined for nothing. */
  interest: 'read' | 'write' | 'read or write' | undefined;
  /** Until its end has been told. */
  sender: ExtentSender | undefined;
  times: LinkTimes;
  /** When it has taken too long, whatever it waits for. */
  deadlineMs: number;
  /** Its segments are filled: it is sent by the pipe. */
  isFilled: boolean;
  /** By the main thread. */
  isWanted: boolean;
  hasInputEnded: boolean;
  hasToldForeign: boolean;
}

const NO_TIMES: LinkTimes = { waitMs: 0, stalledMs: 0, lingerMs: 0 };

export function newLink(id: number, phase: LinkPhase, fd: number, client: IpAddress): Link {
  return {
    id,
    client,
    phase,
    fd,
    interest: undefined,
    sender: undefined,
    times: NO_TIMES,
    deadlineMs: Number.POSITIVE_INFINITY,
    isFilled: false,
    isWanted: false,
    hasInputEnded: false,
    hasToldForeign: false,
  };
}

/** What a link waits for at its descriptor. */
export function interestOf({ phase, hasInputEnded }: Link): 'read' | 'write' | 'read or write' {
  switch (phase) {
    case 'connecting':
      return 'write';
    case 'sending':
      // The end of what a client sends would be ready without end.
      return hasInputEnded ? 'write' : 'read or write';
    case 'awaiting':
    case 'connected':
    case 'lingering':
      return 'read';
    default:
      return phase satisfies never;
  }
}
