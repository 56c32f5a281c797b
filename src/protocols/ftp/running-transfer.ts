import { encodeText } from '../../lib/byte-writer.ts';
import { type ByteSource, placeOf } from '../../lib/byte-source.ts';
import type { Clock } from '../../lib/clock.ts';
import type { FileTree } from '../../lib/file-tree.ts';
import type { DataChannel } from './data-channel.ts';
import { listingPages } from './listing.ts';
import { pieceReader } from './piece-reader.ts';
import { endOfLink } from './plane-end.ts';
import type { PlaneLink } from './plane-link.ts';
import type { FtpLimits } from './server-options.ts';
import type { Transfer, TransferEnd } from './session-action.ts';
import { type TcpConnection, withinMs } from './socket.ts';
import { TextLines } from './text-lines.ts';

/** Bytes read and written at once: smaller costs system calls, larger costs memory for every slow client. */
const PIECE_BYTES = 256 * 1024;

export interface RunningTransferNeeds {
  readonly tree: FileTree;
  readonly clock: Clock;
  readonly channel: DataChannel;
  readonly limits: FtpLimits;
  /** The file is open. */
  readonly onBegins: () => void;
  readonly onFault: (error: unknown) => void;
}

/** One file or listing, from its opening until nothing of it is left. */
export class RunningTransfer {
  readonly transfer: Transfer;
  readonly #needs: RunningTransferNeeds;
  #connection: TcpConnection | undefined;
  /** In place of the connection, where a thread sends. */
  #link: PlaneLink | undefined;
  #isStopped = false;
  #bytes = 0;

  constructor(transfer: Transfer, needs: RunningTransferNeeds) {
    this.transfer = transfer;
    this.#needs = needs;
  }

  /** Handed to the system. */
  get bytes(): number {
    return this.#link?.bytes ?? this.#bytes;
  }

  /** Never rejects. */
  async run(): Promise<TransferEnd> {
    const { transfer } = this;
    const end = await (transfer.kind === 'file' ? this.#sendFile(transfer) : this.#sendListing(transfer));
    return this.#isStopped && end.ended !== 'sent' ? { ended: 'stopped' } : end;
  }

  stop(): void {
    this.#isStopped = true;
    this.#needs.channel.drop();
    this.#connection?.reset();
    this.#link?.stop();
  }

  /** Its client has begun with something else, so nothing of it is waited for. */
  letGo(): void {
    this.#connection?.destroy();
    this.#link?.close();
  }

  async #sendFile(transfer: Transfer & { readonly kind: 'file' }): Promise<TransferEnd> {
    const opened = await this.#open(transfer);
    if ('ended' in opened) return opened;
    try {
      this.#needs.onBegins();
      const byThread = this.#sendByThread(opened, transfer);
      return await (byThread ?? this.#over((connection) => this.#sendSource(connection, opened, transfer)));
    } finally {
      await opened.close().catch(this.#needs.onFault);
    }
  }

  async #open({
    node,
    offset,
  }: Transfer & { readonly kind: 'file' }): Promise<ByteSource | (TransferEnd & { ended: 'not opened' })> {
    try {
      const source = await this.#inTime(this.#needs.tree.open(node), (late) => late.close());
      if (offset <= source.size) return source;
      await source.close();
      return {
        ended: 'not opened',
        because: `it has ${source.size} bytes by now, so none from ${offset} on`,
      };
    } catch (error) {
      this.#needs.onFault(error);
      return { ended: 'not opened', because: 'the file cannot be opened' };
    }
  }

  /** Undefined where no thread can: what is sent is not what is in the file, or it is in none. */
  #sendByThread(
    source: ByteSource,
    { offset, as, way }: Transfer & { readonly kind: 'file' },
  ): Promise<TransferEnd> | undefined {
    const place = as === 'bytes' ? placeOf(source) : undefined;
    if (place === undefined || this.#isStopped) return undefined;
    const { channel, limits, onFault } = this.#needs;
    const taken = channel.takeLink(way);
    if (taken === undefined) return undefined;
    const { link, waitMs } = taken;
    const { size } = source;
    const times = { waitMs, stalledMs: limits.stalledMs, lingerMs: limits.lingerMs };
    this.#link = link;
    return link.send(place, { from: offset, size }, times).then((ended) => {
      const { end, fault } = endOfLink(ended, {
        times: { ...times, waitMs: link.waitMs },
        port: link.reachedPort,
        size,
      });
      if (fault) onFault(fault);
      return end;
    });
  }

  #sendListing({ listing }: Transfer & { readonly kind: 'listing' }): Promise<TransferEnd> {
    const { tree, clock, onBegins } = this.#needs;
    onBegins();
    return this.#over(async (connection) => {
      const pages = listingPages(tree, listing, clock.nowMs());
      for (;;) {
        const { done, value: page } = await this.#inTime(pages.next());
        if (done) return true;
        if (!(await this.#write(connection, encodeText(page)))) return false;
      }
    });
  }

  async #sendSource(
    connection: TcpConnection,
    source: ByteSource,
    { offset, as }: Transfer & { readonly kind: 'file' },
  ): Promise<boolean> {
    const piece = pieceReader(source, PIECE_BYTES);
    const text = as === 'text' ? new TextLines() : undefined;
    for (let at = offset; at < source.size; ) {
      const bytes = await this.#inTime(piece(at, Math.min(PIECE_BYTES, source.size - at)));
      if (bytes.length === 0) throw new RangeError(`The file ends at byte ${at}, it had ${source.size}`);
      at += bytes.length;
      if (!(await this.#write(connection, text?.encode(bytes) ?? bytes))) return false;
    }
    return true;
  }

  async #write(connection: TcpConnection, bytes: Uint8Array): Promise<boolean> {
    const isTaken = await connection.write(bytes);
    if (isTaken) this.#bytes += bytes.length;
    return isTaken;
  }

  /** @param onLate gets what comes when nobody waits for it any more. */
  #inTime<Value>(reading: Promise<Value>, onLate?: (value: Value) => Promise<void>): Promise<Value> {
    const { limits, onFault } = this.#needs;
    let isLate = false;
    if (onLate) {
      reading
        .then((value) => (isLate ? onLate(value) : undefined))
        .catch((error: unknown) => (isLate ? onFault(error) : undefined));
    }
    return withinMs(reading, limits.readMs, tooLong(limits.readMs)).catch((error: unknown) => {
      isLate = true;
      throw error;
    });
  }

  /** @param send resolves to false when the connection broke. */
  async #over(send: (connection: TcpConnection) => Promise<boolean>): Promise<TransferEnd> {
    const { channel, limits, onFault } = this.#needs;
    if (this.#isStopped) return { ended: 'stopped' };
    const connected = await channel.connect(this.transfer.way);
    if (!connected.connected) return { ended: 'not connected', because: connected.because };
    const { connection } = connected;
    this.#connection = connection;
    if (this.#isStopped) connection.reset();
    connection.breakWhenStalled(limits.stalledMs);
    try {
      const isWhole = (await send(connection)) && (await connection.finish(limits.lingerMs));
      return isWhole ? { ended: 'sent' } : { ended: 'broken', because: connection.brokenBecause };
    } catch (error) {
      // Without a reset the client would take what it has for the whole.
      connection.reset();
      onFault(error);
      return { ended: 'fault', because: 'the file or folder cannot be read to its end' };
    }
  }
}

export function tooLong(readMs: number): string {
  return `The files were not read within ${Math.round(readMs / 1000)} s`;
}

/** For people, of a transfer that was not sent whole. */
export function whyFailed(end: Exclude<TransferEnd, { ended: 'sent' }>, isClosed: boolean): string {
  if (end.ended !== 'stopped') return end.because;
  return isClosed ? 'the client closed its control connection' : 'the client aborted it';
}
