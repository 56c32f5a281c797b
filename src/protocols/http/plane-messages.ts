import type { Extent } from '../../lib/byte-source.ts';

import type { IpAddress } from '../../lib/addresses.ts';
import type { Validators } from './conditions.ts';

/** What the main thread and a thread of the HTTP plane tell each other. A door is one local address that is served. */

export interface PlaneLimits {
  /** Connections at one time, in all and of one address; more are closed at once. */
  readonly connections: number;
  readonly connectionsPerAddress: number;
  readonly headerBytes: number;
  /** For a whole head to arrive, from the connection on. */
  readonly headersMs: number;
  /** Between two requests on one connection. */
  readonly keepAliveMs: number;
  /** Without a byte moving while an answer is under way. */
  readonly stalledMs: number;
}

export type PlaneOrder =
  | { readonly do: 'serve'; readonly door: number; readonly serve: DoorOrder }
  | { readonly do: 'answer'; readonly question: number; readonly answer: PlaneAnswer }
  /** Takes no new connection there, ends those without an answer, and says `left` when the others have ended. */
  | { readonly do: 'leave'; readonly door: number }
  /** Ends those as well. */
  | { readonly do: 'drop'; readonly door: number }
  | { readonly do: 'stop' };

export interface DoorOrder {
  /** Of the main thread, which closes it after `left`. */
  readonly listenerFd: number;
  /** What begins with one of these is asked about; all else is for the main thread. */
  readonly prefixes: readonly string[];
  readonly limits: PlaneLimits;
}

export type PlaneAnswer =
  | { readonly give: 'file'; readonly file: ServedFile; readonly validMs: number }
  /** The main thread answers this request, and all that follow on that connection. */
  | { readonly give: 'nothing' };

/** A file that can be sent to whoever asks. It stays open until it is told as released. */
export interface ServedFile {
  /** Its number; another one each time it is given. */
  readonly number: number;
  readonly descriptor: number;
  /** Where its bytes are there, in order. */
  readonly extents: readonly Extent[];
  /** In bytes. */
  readonly size: number;
  readonly validators: Validators;
  readonly contentType: string;
  /** `each`: every time it was sent is told; `sums`: how often, and how many bytes, from time to time. */
  readonly tell: 'each' | 'sums';
}

export interface PlaneQuestion {
  readonly question: number;
  readonly door: number;
  readonly target: string;
  readonly client: IpAddress;
}

/** All that happened since the last one. */
export interface PlaneTidings {
  readonly questions: readonly PlaneQuestion[];
  readonly handedOver: readonly HandedOver[];
  readonly sent: readonly SentFile[];
  readonly sums: readonly SentSum[];
  /** Of files that were given, those that are not held any more. */
  readonly released: readonly number[];
  readonly left: readonly number[];
  readonly failed: readonly string[];
  readonly doors: readonly DoorState[];
}

/** A connection whose next request is for the main thread, which closes it. */
export interface HandedOver {
  readonly door: number;
  readonly fd: number;
  /** What was read of it and is not answered. */
  readonly bytes: Uint8Array;
}

export interface SentFile {
  readonly door: number;
  readonly file: number;
  readonly client: IpAddress;
  readonly status: number;
  /** Of the body, handed to the system. */
  readonly bytes: number;
  readonly isComplete: boolean;
  readonly milliseconds: number;
}

/** Of one file and one client. */
export interface SentSum {
  readonly door: number;
  readonly file: number;
  readonly client: IpAddress;
  readonly complete: number;
  readonly brokenOff: number;
  readonly bytes: number;
  /** Of the longest. */
  readonly milliseconds: number;
}

export interface DoorState {
  readonly door: number;
  readonly connections: number;
}
