import type { IpAddress } from '../../lib/addresses.ts';
import type { ThreadDoor } from '../../os/doors/thread-doors.ts';
import type { ReplyMemory, RpcConnection } from './connection.ts';
import type { FilePart } from './plane-files.ts';
import type { DoorServe } from './plane-messages.ts';
import type { PlaneOutbox } from './plane-outbox.ts';

/** A door, and what the thread adds to it. */
export interface ServedDoor extends DoorServe {
  /** For the replies of all its connections. */
  readonly memory: ReplyMemory;
}

export type PlaneDoor = ThreadDoor<ServedDoor, PlaneConnection>;

export interface PlaneConnection {
  readonly fd: number;
  readonly door: PlaneDoor;
  readonly client: IpAddress;
  readonly rpc: RpcConnection<Uint8Array | FilePart>;
  readonly outbox: PlaneOutbox;
  /** What is waited for at the descriptor. */
  interest: 'read' | 'write' | 'nothing';
  isPaused: boolean;
  /** It is being served, and looked after at the end of that. */
  isInHand: boolean;
}
