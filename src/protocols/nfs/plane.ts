import { fstat } from 'node:fs';
import { promisify } from 'node:util';
import { type DoorsRestart, type KeptDoor, KeptDoors } from '../../os/doors/kept-doors.ts';
import type { Libc } from '../../os/libc.ts';
import type { ListeningAt } from '../../os/listen-tcp.ts';
import type { PlaneFile } from './plane-file.ts';
import type {
  DoorServe,
  PlaneAnswer,
  PlaneQuestion,
  PlaneTalk,
  PlaneTidings,
  SentSum,
} from './plane-messages.ts';
import type { RpcPeer } from './rpc.ts';
import type { NfsLimits } from './server-options.ts';
import type { Pieces } from './xdr.ts';

/** One thread sends what several network cards take. */
const THREADS = 1;
/** A file that was replaced is sent as it was for so long; READs in that time cost no look at the disk. */
const VALID_MS = 2_000;

const statOf = promisify(fstat);

export interface NfsPlaneDoorOptions extends ListeningAt {
  readonly limits: NfsLimits;
  /** The reply to a call; undefined where there is none. */
  readonly answer: (call: Uint8Array, peer: Omit<RpcPeer, 'nowMs'>) => Promise<Pieces | undefined>;
  /** The file that a READ is of; undefined where the call is to be answered. */
  readonly open: (call: Uint8Array, peer: Omit<RpcPeer, 'nowMs'>) => Promise<PlaneFile | undefined>;
  readonly onRead: (file: PlaneFile, sum: Omit<SentSum, 'file'>) => void;
  readonly report: (what: 'dropped' | 'failed', error: unknown) => void;
}

export interface NfsPlaneOptions {
  readonly libc: Libc;
  readonly report: (what: 'failed', error: unknown) => void;
  /** The thread died and will be started again. */
  readonly restarted: (restart: DoorsRestart) => void;
}

interface DoorFile extends PlaneFile {
  readonly door: NfsPlaneDoorOptions;
}

/**
 * The fast way of NFS over TCP: a thread that accepts connections, reads calls, and has the kernel send what READs ask for.
 * What a handle means is decided here, on the main thread, which also keeps the files open and answers all other calls.
 * Clients whose connection went with a thread connect again by themselves.
 */
export class NfsPlane {
  readonly #options: NfsPlaneOptions;
  readonly #doors: KeptDoors<NfsPlaneDoorOptions, DoorFile, PlaneTalk>;

  constructor(options: NfsPlaneOptions) {
    const { libc, report, restarted } = options;
    this.#options = options;
    this.#doors = new KeptDoors({
      libc,
      threads: THREADS,
      name: 'plane-nfs',
      source: new URL('./plane-nfs-thread.ts', import.meta.url),
      serve: serveOrder,
      answer: answerOf,
      hear: (tidings) => this.#hear(tidings),
      failed: (error) => report('failed', error),
      restarted,
    });
  }

  /** Files that are open for the thread. */
  get files(): number {
    return this.#doors.files.size;
  }

  /** @throws SystemCallError when the port cannot be had. */
  serve(options: NfsPlaneDoorOptions): KeptDoor {
    return this.#doors.serve(options);
  }

  /** Ends the thread as a fault of it would: for tests of what happens then. */
  async killThread(): Promise<void> {
    await this.#doors.killThread(0);
  }

  /** The doors are closed by their own users, before. */
  async close(): Promise<void> {
    await this.#doors.close();
  }

  #hear({ sums, dropped, failed }: PlaneTidings): void {
    for (const { file: number, ...sum } of sums) {
      const file = this.#doors.files.get(number);
      file?.door.onRead(file, sum);
    }
    for (const text of dropped) this.#report('dropped', text);
    for (const text of failed) this.#report('failed', text);
  }

  /** What it tells belongs to no one door, and each has the same listener. */
  #report(what: 'dropped' | 'failed', text: string): void {
    const door = this.#doors.anyOptions;
    if (door) door.report(what, new Error(text));
    else if (what === 'failed') this.#options.report(what, new Error(text));
  }
}

/** Never rejects: a call that waits for its answer would wait for ever. */
async function answerOf(
  { call, peer, mayBeFile }: PlaneQuestion,
  door: NfsPlaneDoorOptions | undefined,
  give: (file: DoorFile) => number,
): Promise<PlaneAnswer> {
  if (door === undefined) return { give: 'nothing' };
  try {
    const file = mayBeFile ? await openWhole(door, call, peer) : undefined;
    if (file) return fileAnswer(file, give({ ...file, door }));
    const pieces = await door.answer(call, peer);
    if (pieces === undefined) return { give: 'nothing' };
    const reply = new Uint8Array(Buffer.concat(pieces.pieces));
    pieces.sent?.();
    return { give: 'reply', reply };
  } catch (error) {
    door.report('failed', error);
    return { give: 'nothing' };
  }
}

/** Undefined where it is not all there: the answer then says so, whereas the thread would have promised it. */
async function openWhole(
  door: NfsPlaneDoorOptions,
  call: Uint8Array,
  peer: Omit<RpcPeer, 'nowMs'>,
): Promise<PlaneFile | undefined> {
  let file: PlaneFile | undefined;
  try {
    file = await door.open(call, peer);
    if (file === undefined) return undefined;
    const end = file.extents.reduce((most, { offset, length }) => Math.max(most, offset + length), 0);
    if ((await statOf(file.descriptor)).size >= end) return file;
    await file.source.close();
  } catch {
    // The answer that is worked out instead comes to the same, and says what it is.
    await file?.source.close();
  }
  return undefined;
}

function fileAnswer({ descriptor, extents, attributes, source }: PlaneFile, number: number): PlaneAnswer {
  const served = { number, descriptor, extents, size: source.size, attributes };
  return { give: 'file', file: served, validMs: VALID_MS };
}

function serveOrder({ address, limits }: NfsPlaneDoorOptions, listenerFd: number): DoorServe {
  const isAny = address === '0.0.0.0' || address === '::';
  return { listenerFd, localAddress: isAny ? undefined : address, limits };
}
