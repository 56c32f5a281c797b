import type {
  DoorOrder,
  DoorQuestion,
  DoorTidings,
  GivenFile,
  ServeDoor,
} from '../../os/doors/door-messages.ts';
import type { RpcPeer } from './rpc.ts';
import type { NfsLimits } from './server-options.ts';

/** What the main thread and the thread of the NFS plane tell each other. */
export interface PlaneTalk {
  readonly serve: DoorServe;
  readonly answer: PlaneAnswer;
  readonly tidings: PlaneTidings;
}

export type PlaneOrder = DoorOrder<PlaneTalk>;

export interface DoorServe extends ServeDoor {
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

export interface ServedFile extends GivenFile {
  /** `post_op_attr` as each READ tells it. */
  readonly attributes: Uint8Array;
}

export interface PlaneQuestion extends DoorQuestion {
  readonly call: Uint8Array;
  readonly peer: Omit<RpcPeer, 'nowMs'>;
  /** A READ whose file the thread would send by itself. */
  readonly mayBeFile: boolean;
}

export interface PlaneTidings extends DoorTidings {
  readonly questions: readonly PlaneQuestion[];
  readonly sums: readonly SentSum[];
  /** What made no sense, and came from outside. */
  readonly dropped: readonly string[];
}

/** Those that are gathered in lists. */
export type GatheredTidings = Omit<PlaneTidings, 'sums' | 'doors'>;

export function noTidings(): { readonly [Name in keyof GatheredTidings]: [] } {
  return { questions: [], released: [], left: [], dropped: [], failed: [] };
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
