import type { SentExtents } from '../extent-sender.ts';

/**
 * What the main thread and threads that have doors tell each other. A door is one local address that is served: each thread
 * accepts connections there, and asks the main thread what their requests mean.
 */

/** What one protocol says of it: how a door is served, the answers to what threads ask, and what threads tell. */
export interface DoorTalk {
  readonly serve: ServeDoor;
  readonly answer: DoorAnswer;
  readonly tidings: DoorTidings;
}

export type DoorOrder<Talk extends DoorTalk> =
  | { readonly do: 'answer'; readonly question: number; readonly answer: Talk['answer'] }
  | PlainDoorOrder<Talk['serve']>;

/** Those that concern no single connection. */
export type PlainDoorOrder<Serve extends ServeDoor> =
  | { readonly do: 'serve'; readonly door: number; readonly serve: Serve }
  /** Takes nothing new there, ends connections without an answer, and says `left` when the others have ended. */
  | { readonly do: 'leave'; readonly door: number }
  /** Ends those as well. */
  | { readonly do: 'drop'; readonly door: number }
  | { readonly do: 'stop' };

export interface ServeDoor {
  /** Of the main thread, which closes it after `left`. */
  readonly listenerFd: number;
  readonly limits: DoorLimits;
}

export interface DoorLimits {
  /** Connections at one time, in all and of one address; more are closed at once. */
  readonly connections: number;
  readonly connectionsPerAddress: number;
}

export type DoorAnswer =
  | { readonly give: 'file'; readonly file: GivenFile; readonly validMs: number }
  /** The answer itself. */
  | { readonly give: 'reply' }
  | { readonly give: 'nothing' };

/** A file that the kernel can send. It stays open until it is told as released. */
export interface GivenFile extends SentExtents {
  /** Its number; another one each time it is given. */
  readonly number: number;
  /** In bytes. */
  readonly size: number;
}

export interface DoorQuestion {
  readonly question: number;
  readonly door: number;
}

/** All that happened since the last ones. */
export interface DoorTidings {
  readonly questions: readonly DoorQuestion[];
  /** Of files that were given, those that are not held any more: after all that was sent of them. */
  readonly released: readonly number[];
  readonly left: readonly number[];
  readonly failed: readonly string[];
  readonly doors: readonly DoorState[];
}

export interface DoorState {
  readonly door: number;
  readonly connections: number;
  /** Connections that were refused, since it was told last. */
  readonly refused: number;
}
