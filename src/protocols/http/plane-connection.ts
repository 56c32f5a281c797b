import type { IpAddress } from '../../lib/addresses.ts';
import type { ThreadDoor } from '../../os/doors/thread-doors.ts';
import type { PlaneAnswer } from './plane-answer.ts';
import type { DoorServe } from './plane-messages.ts';
import type { RequestHead } from './request-head.ts';

export type PlaneDoor = ThreadDoor<DoorServe, PlaneConnection>;

/**
 * head: waits for a request. asking: the main thread is asked what it means. sending: an answer is under way. ending:
 * nothing more is sent, and what the client still has to say is read away, so that it is not told of a reset before
 * it has read all (RFC 9112 §9.6).
 */
export type Phase = 'head' | 'asking' | 'sending' | 'ending';

export interface PlaneConnection {
  readonly fd: number;
  readonly door: PlaneDoor;
  readonly client: IpAddress;
  phase: Phase;
  /** What is waited for at the descriptor. */
  interest: 'read' | 'write' | 'nothing';
  /** What came and is not answered, as Latin-1. */
  input: string;
  /** The request that is being answered, and the characters of `input` that it has. */
  head: RequestHead | undefined;
  headLength: number;
  answer: PlaneAnswer | undefined;
  /** Since when nothing has moved. */
  sinceMs: number;
  /** Answers before. */
  answered: number;
}

export function newConnection(
  fd: number,
  door: PlaneDoor,
  client: IpAddress,
  nowMs: number,
): PlaneConnection {
  return {
    fd,
    door,
    client,
    phase: 'head',
    interest: 'read',
    input: '',
    head: undefined,
    headLength: 0,
    answer: undefined,
    sinceMs: nowMs,
    answered: 0,
  };
}

/** How long it may stay as it is, in milliseconds. */
export function patienceOf({ phase, door, input, answered }: PlaneConnection): number {
  const { limits } = door.serve;
  switch (phase) {
    case 'head':
      return input === '' && answered > 0 ? limits.keepAliveMs : limits.headersMs;
    case 'asking':
    case 'sending':
      return limits.stalledMs;
    case 'ending':
      return ENDING_MS;
    default:
      return phase satisfies never;
  }
}

/** A client that was told the end closes its side within this. */
const ENDING_MS = 5_000;
