import type { Extent } from '../../lib/byte-source.ts';
import type { RpcPeer } from './rpc.ts';
import type { NfsLimits } from './server-options.ts';

/** What the main thread and the thread of the NFS plane tell each other. A door is one local address that is served. */

export type PlaneOrder =
  | { readonly do: 'serve'; readonly door: number; readonly serve: DoorOrder }
  | { readonly do: 'answer'; readonly question: number; readonly answer: PlaneAnswer }
  /** Takes no new connection and no new call there, and says `left` when the answers under way have left. */
  | { readonly do: 'leave'; readonly door: number }
  /** Ends those as well. */
  | { readonly do: 'drop'; readonly door: number }
  | { readonly do: 'stop' };

export interface DoorOrder {
  /** Of the main thread, which closes it after `left`. */
  readonly listenerFd: number;
  readonly localAddress: RpcPeer['localAddress'];
  readonly limits: NfsLimits;
}

export type PlaneAnswer =
  /** Of a READ: its handle is that of this file. */
  | { readonly give: 'file'; readonly file: ServedFile; readonly validMs: number }
  /** The whole reply, without a record mark. */
  | { readonly give: 'reply'; readonly reply: Uint8Array }
  /** Nobody can answer it. */
  | { readonly give: 'nothing' };

/** A file that the kernel can send. It stays open until it is told as released. */
export interface ServedFile {
  /** Its number; another one each time it is given. */
  readonly number: number;
  readonly descriptor: number;
  /** Where its bytes are there, in order. */
  readonly extents: readonly Extent[];
  /** In bytes. */
  readonly size: number;
  /** `post_op_attr` as each READ tells it. */
  readonly attributes: Uint8Array;
}

export interface PlaneQuestion {
  readonly question: number;
  readonly door: number;
  readonly call: Uint8Array;
  readonly peer: Omit<RpcPeer, 'nowMs'>;
  /** A READ whose file the thread would send by itself. */
  readonly mayBeFile: boolean;
}

/** All that happened since the last one. */
export interface PlaneTidings {
  readonly questions: readonly PlaneQuestion[];
  readonly sums: readonly SentSum[];
  /** Of files that were given, those that are not held any more. */
  readonly released: readonly number[];
  readonly left: readonly number[];
  /** What made no sense, and came from outside. */
  readonly dropped: readonly string[];
  readonly failed: readonly string[];
  readonly doors: readonly DoorState[];
}

/** What READs of one file got to one client. */
export interface SentSum {
  readonly file: number;
  readonly client: RpcPeer['address'];
  /** What the machine called itself; empty where it did not say. */
  readonly machineName: string;
  readonly bytes: number;
  readonly reads: number;
}

export interface DoorState {
  readonly door: number;
  readonly connections: number;
  /** Connections that were refused, since the start. */
  readonly refused: number;
}
