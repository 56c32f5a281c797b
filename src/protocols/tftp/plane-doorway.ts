import type { Ipv4Address } from '../../lib/addresses.ts';
import { placeOf } from '../../lib/byte-source.ts';
import { isIpv6 } from '../../lib/ipv6-address.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import type { ThreadLife } from '../../os/kept-threads.ts';
import type { Libc } from '../../os/libc.ts';
import { DEFAULT_TFTP_LIMITS } from './admission.ts';
import { DEFAULT_OPTION_LIMITS } from './options.ts';
import type { PlaneMappings } from './plane-mappings.ts';
import {
  type DoorOrder,
  type DoorState,
  type PlaneAnswer,
  type PlaneOrder,
  type PlaneQuestion,
  type PlaneRefusal,
} from './plane-messages.ts';
import { type PackedReports, REPORT_NUMBERS, unpackReport } from './plane-reports.ts';
import { closePlaneSockets, type PlaneSockets } from './plane-sockets.ts';
import { RequestDesk, STOP_MS } from './request-desk.ts';
import type { OpenedFile, OpenRequest, TftpServer, TftpServerOptions } from './server-options.ts';
import { withinMs } from './socket.ts';
import { TRANSFER_TIMES } from './transfer-action.ts';

/**
 * What has no more bytes than this is handed to the plane as it is, most loaders among it: it is sent from packets
 * that are put together once. What is no file and larger is sent from here.
 */
const MAX_HANDED_BYTES = 128 * 1024;
/** Dropped packets that are reported one by one of each message of a thread, so that a flood costs little here. */
const MAX_DROPS_TOLD = 64;
/** Files that are open already for the desk. */
const MAX_OPENED = 256;

export interface PlaneDoorwayNeeds {
  readonly id: number;
  readonly libc: Libc;
  readonly options: TftpServerOptions & { readonly address: Ipv4Address };
  /** One for each thread. */
  readonly sockets: readonly PlaneSockets[];
  readonly mappings: PlaneMappings;
  readonly order: (thread: number, order: PlaneOrder) => void;
  readonly closed: () => void;
}

/** One local address that the plane serves, on the main thread: answers what its threads ask. */
export class PlaneDoorway implements TftpServer {
  readonly #needs: PlaneDoorwayNeeds;
  /** For uploads, netascii, and what cannot be mapped. */
  readonly #desk: RequestDesk;
  /** What was opened for a question, and is the desk's to send. */
  readonly #opened = new Map<string, OpenedFile>();
  /** Questions whose file is looked for. */
  readonly #answering = new Set<Promise<void>>();
  /** Threads that have not left yet, while it is being closed. */
  readonly #staying = new Set<number>();
  readonly #states = new Map<number, DoorState>();
  /** Of threads that are gone. */
  #overRateBefore = 0;
  #onAllLeft: (() => void) | undefined;
  #closing: Promise<void> | undefined;

  constructor(needs: PlaneDoorwayNeeds) {
    this.#needs = needs;
    const { options, libc, sockets } = needs;
    const [first] = sockets;
    this.#desk = new RequestDesk({
      ...options,
      open: (request) => this.#openForDesk(request),
      answer: (datagram, client) => {
        const { address, port } = client;
        if (first && !isIpv6(address)) libc.sendUdp(first.requestFd, address, port, datagram);
      },
    });
  }

  get id(): number {
    return this.#needs.id;
  }

  get address(): Ipv4Address {
    return this.#needs.options.address;
  }

  get port(): number {
    return this.#needs.sockets[0]?.port ?? this.#needs.options.port;
  }

  get isOpen(): boolean {
    return this.#closing === undefined;
  }

  get transfers(): number {
    let transfers = this.#desk.transfers;
    for (const { serving } of this.#states.values()) transfers += serving;
    return transfers;
  }

  get overRate(): number {
    let overRate = this.#desk.overRate + this.#overRateBefore;
    for (const state of this.#states.values()) overRate += state.overRate;
    return overRate;
  }

  /** What a thread says of this door. */
  onState(thread: number, state: DoorState): void {
    this.#states.set(thread, state);
  }

  orderFor(thread: number): DoorOrder {
    const { options, sockets } = this.#needs;
    const { address, mtu = DEFAULT_OPTION_LIMITS.mtu } = options;
    const own = sockets[thread];
    if (!own) throw new RangeError(`There are no sockets for thread ${thread} of the TFTP plane`);
    const limits = { ...DEFAULT_TFTP_LIMITS, ...options.limits };
    const times = { ...TRANSFER_TIMES, ...options.times };
    return { address, requestFd: own.requestFd, dataFd: own.dataFd, mtu, limits, times };
  }

  /** @param holder the thread that asks, which holds the mapping it is given */
  answer(question: PlaneQuestion, holder: ThreadLife): void {
    const answering = this.#answerThread(question, holder).finally(() => this.#answering.delete(answering));
    this.#answering.add(answering);
  }

  async #answerThread(question: PlaneQuestion, holder: ThreadLife): Promise<void> {
    const answer = await this.#answer(question, holder).catch((error: unknown): PlaneAnswer => {
      this.#needs.options.report('failed', error);
      return { give: 'refusal', code: 0, message: 'the server could not open the file' };
    });
    if (holder.alive) this.#needs.order(holder.number, { do: 'answer', question: question.question, answer });
    else this.#needs.mappings.takeBackAll(holder);
  }

  refused(refusal: PlaneRefusal): void {
    const { door: _, ...refused } = refusal;
    this.#needs.options.onRefused({ ...refused, localAddress: this.address });
  }

  static tellEnds(packed: PackedReports, doorways: ReadonlyMap<number, PlaneDoorway>): void {
    for (let at = 0; at < packed.numbers.length; at += REPORT_NUMBERS) {
      const doorway = doorways.get(packed.numbers[at] ?? 0);
      if (doorway) doorway.#needs.options.onEnd(unpackReport(packed, at, doorway.address));
    }
  }

  onLeft(thread: number): void {
    this.#staying.delete(thread);
    if (this.#staying.size === 0) this.#onAllLeft?.();
  }

  /** Packets that meant nothing, the last of them in words. */
  dropped(count: number, last: string): void {
    const { report } = this.#needs.options;
    for (let told = 0; told < Math.min(count, MAX_DROPS_TOLD); told += 1)
      report('dropped', new DecodeError(last, 0));
  }

  onThreadGone(thread: number): void {
    this.#overRateBefore += this.#states.get(thread)?.overRate ?? 0;
    this.#states.delete(thread);
    this.onLeft(thread);
  }

  close({ drainMs }: { readonly drainMs: number }): Promise<void> {
    this.#closing ??= this.#close(drainMs);
    return this.#closing;
  }

  async #close(drainMs: number): Promise<void> {
    const { id, libc, sockets, order, closed } = this.#needs;
    const deskClosed = this.#desk.close({ drainMs });
    const left = new Promise<void>((resolve) => {
      this.#onAllLeft = resolve;
    });
    for (const thread of sockets.keys()) {
      this.#staying.add(thread);
      order(thread, { do: 'leave', door: id });
    }
    const gone = left.then(() => 'gone' as const);
    if ((await withinMs(gone, drainMs)) === undefined) {
      for (const thread of this.#staying) order(thread, { do: 'drop', door: id });
      await left;
    }
    await deskClosed;
    // Who looks for a file may need what is closed after this.
    await withinMs(Promise.all(this.#answering), STOP_MS);
    closed();
    closePlaneSockets(libc, sockets);
  }

  async #answer(question: PlaneQuestion, holder: object): Promise<PlaneAnswer> {
    const { request, client } = question;
    const limits = { ...DEFAULT_TFTP_LIMITS, ...this.#needs.options.limits };
    if (request.op === 'WRQ' || request.mode.toLowerCase() !== 'octet') {
      this.#desk.take(request, client);
      return { give: 'nothing' };
    }
    const asked = { name: request.fileName, mode: 'octet', client, localAddress: this.address } as const;
    const opening = this.#needs.options.open(asked);
    const opened = await withinMs(opening, limits.openMs);
    if (!opened) {
      opening.then((late) => (late.open ? late.source.close() : undefined)).catch(() => undefined);
      return { give: 'refusal', code: 0, message: 'the file could not be opened in time' };
    }
    if (!opened.open) return { give: 'refusal', code: opened.code, message: opened.message };
    return (await this.#handOver(opened, holder)) ?? this.#atDesk(question, opened);
  }

  /** The bytes in a form the plane can send; undefined when there is none. */
  async #handOver(
    { source, traits = {}, holdsFor = 'asker' }: Extract<OpenedFile, { open: true }>,
    holder: object,
  ): Promise<PlaneAnswer | undefined> {
    const place = placeOf(source);
    const [extent, ...others] = place?.extents ?? [];
    // What lies in several pieces is one file in no memory.
    if (place && extent && others.length === 0 && source.size > MAX_HANDED_BYTES) {
      const mapping = this.#needs.mappings.give(holder, place.file, extent);
      if (!mapping) return undefined;
      await source.close();
      const { number, address, bytes } = mapping;
      return { give: 'file', mapping: number, address, bytes, holdsFor, traits };
    }
    if (source.size > MAX_HANDED_BYTES) return undefined;
    try {
      return { give: 'bytes', bytes: await source.read(0, source.size), holdsFor, traits };
    } finally {
      await source.close();
    }
  }

  #atDesk({ request, client }: PlaneQuestion, opened: OpenedFile): PlaneAnswer {
    if (this.#opened.size < MAX_OPENED) this.#opened.set(keyOf(client, request.fileName), opened);
    else if (opened.open) void opened.source.close();
    this.#desk.take(request, client);
    return { give: 'nothing' };
  }

  #openForDesk(request: OpenRequest): Promise<OpenedFile> {
    const key = keyOf(request.client, request.name);
    const opened = this.#opened.get(key);
    this.#opened.delete(key);
    return opened ? Promise.resolve(opened) : this.#needs.options.open(request);
  }
}

function keyOf(client: { readonly address: string; readonly port: number }, name: string): string {
  return `${client.address}:${client.port} ${name}`;
}
