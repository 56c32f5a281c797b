import type { PeerName } from '../../os/datagram-batch.ts';
import type { Sleeper } from './alarm-heap.ts';
import type { PacketSheet, PlaneFile } from './plane-files.ts';
import type { DoorOrder } from './plane-messages.ts';
import type { KnownRequest, KnownRequests } from './known-requests.ts';
import type { Agreement } from './plane-agreement.ts';
import type { RequestRates } from './rate-limit.ts';
import type { ReadTransfer } from './read-transfer.ts';

/** A local address that is served, as a thread of the plane sees it. */
export interface PlaneDoor extends DoorOrder {
  readonly id: number;
  readonly rates: RequestRates<number>;
  /** How many packets of no transfer are answered. */
  readonly strangers: RequestRates<number>;
  readonly requests: KnownRequests;
  /** Requests whose file is asked for, by `peerNumber`. */
  readonly asked: Map<number, Asked>;
  leaving: boolean;
  /** Requests that are being answered, those whose file is still asked for included. */
  serving: number;
}

/** A request that is taken up. */
export interface Asked {
  readonly door: PlaneDoor;
  readonly peer: PeerName;
  readonly known: KnownRequest;
  /** Why it is not wanted any more. */
  cancelled: string | undefined;
}

/** What a transfer begins with. */
export interface BegunTransfer {
  readonly door: PlaneDoor;
  readonly peer: PeerName;
  /** The same bytes again are a repetition. */
  readonly known: KnownRequest;
  readonly file: PlaneFile;
  readonly engine: ReadTransfer;
  readonly agreement: Agreement;
  readonly startedMs: number;
}

/**
 * One transfer of the plane, from its first packet to its last. A class, and its deadline a getter of all: a getter of
 * each object would give each a hidden class of its own, and every look at a transfer would be a slow one.
 */
export class PlaneTransfer implements Sleeper {
  readonly begun: BegunTransfer;
  /** Out of `begun`, since every packet asks for them. */
  readonly door: PlaneDoor;
  readonly peer: PeerName;
  readonly file: PlaneFile;
  readonly engine: ReadTransfer;
  readonly blockBytes: number;
  /** The file's packets, where they are laid out already. */
  sheet: PacketSheet | undefined = undefined;
  /** Windows go out as one piece that the kernel cuts (UDP GSO), until it refuses that. */
  segments: boolean;
  over = false;
  /** Why a packet could not be sent, when that happened last. */
  lastErrno = 0;
  /** The next one whose client has the same port. */
  next: PlaneTransfer | undefined = undefined;
  alarmMs = Infinity;

  constructor(begun: BegunTransfer) {
    this.begun = begun;
    this.door = begun.door;
    this.peer = begun.peer;
    this.file = begun.file;
    this.engine = begun.engine;
    this.blockBytes = begun.agreement.shape.blockBytes;
    this.segments = begun.agreement.shape.windowBlocks > 1;
  }

  get deadlineMs(): number {
    return this.engine.deadlineMs;
  }
}

const PORTS = 65_536;

/** Transfers by their client's address and port: looked up for every packet, so without a key to be made. */
export class PlaneTransfers {
  readonly #byPort = Array.from<PlaneTransfer | undefined>({ length: PORTS });
  readonly #all = new Set<PlaneTransfer>();

  get size(): number {
    return this.#all.size;
  }

  [Symbol.iterator](): IterableIterator<PlaneTransfer> {
    return this.#all.values();
  }

  of(door: PlaneDoor, family: number, address: number): PlaneTransfer | undefined {
    let found = this.#byPort[family >>> 16];
    while (found && (found.peer.address !== address || found.door !== door)) found = found.next;
    return found;
  }

  add(transfer: PlaneTransfer): void {
    const port = transfer.peer.family >>> 16;
    transfer.next = this.#byPort[port];
    this.#byPort[port] = transfer;
    this.#all.add(transfer);
  }

  remove(transfer: PlaneTransfer): void {
    if (!this.#all.delete(transfer)) return;
    const port = transfer.peer.family >>> 16;
    let before = this.#byPort[port];
    if (before === transfer) {
      this.#byPort[port] = transfer.next;
      return;
    }
    while (before && before.next !== transfer) before = before.next;
    if (before) before.next = transfer.next;
  }
}
