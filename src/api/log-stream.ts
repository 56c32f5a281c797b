import type { ServerResponse } from 'node:http';
import { HEARTBEAT_MS, STREAM_HEARTBEAT } from '../contract/events.ts';
import { encodeLogLine } from '../contract/log-stream.ts';
import type { ApiNeeds } from './api-needs.ts';
import { beginStream } from './begin-stream.ts';
import { ApiProblem } from './problems.ts';
import { drained } from './slow-reader.ts';
import { WokenReading } from './woken-reading.ts';

/** Streams of logs open at once; a browser opens one a page. */
export const MAX_LOG_STREAMS = 64;
/** Read from the log at once for one stream: all that ever waits for one reader in memory. */
const PIECE = 64 * 1024;

const LINE_FEED = 0x0a;

type LogStreamsNeeds = Pick<ApiNeeds, 'installLogs' | 'failed' | 'heartbeatMs'>;

/**
 * The open streams of logs. As those of events, a stream is woken by what is new and reads on in the file from where it
 * is: nothing piles up for a slow reader, and coming back is the same as never having gone.
 */
export class LogStreams {
  readonly #needs: LogStreamsNeeds;
  readonly #open = new Set<LogStream>();

  constructor(needs: LogStreamsNeeds) {
    this.#needs = needs;
  }

  /**
   * @param offset where a line begins.
   * @param mayRead whether the reader still may; it is asked again and again.
   * @throws ApiProblem
   */
  start(response: ServerResponse, installId: string, offset: number, mayRead: () => Promise<boolean>): void {
    if (this.#open.size >= MAX_LOG_STREAMS) {
      throw new ApiProblem(
        'busy',
        `${MAX_LOG_STREAMS} streams of logs are open, and more are not served: close one`,
      );
    }
    const stream = new LogStream(this.#needs, response, { installId, offset, mayRead });
    this.#open.add(stream);
    response.on('close', () => {
      stream.stop();
      this.#open.delete(stream);
    });
    stream.start();
  }

  /** The server stops: readers are told the end, and come back when it runs again. */
  closeAll(): void {
    for (const stream of this.#open) stream.end();
  }
}

class LogStream {
  readonly #needs: LogStreamsNeeds;
  readonly #response: ServerResponse;
  readonly #installId: string;
  readonly #mayRead: () => Promise<boolean>;
  #offset: number;
  #stopListening: (() => void) | undefined;
  #heartbeat: NodeJS.Timeout | undefined;

  readonly #reading = new WokenReading({
    sendSome: () => this.#sendPiece(),
    failed: (error) => this.#fail(error),
  });

  constructor(
    needs: LogStreamsNeeds,
    response: ServerResponse,
    {
      installId,
      offset,
      mayRead,
    }: { readonly installId: string; readonly offset: number; readonly mayRead: () => Promise<boolean> },
  ) {
    this.#needs = needs;
    this.#response = response;
    this.#mayRead = mayRead;
    this.#installId = installId;
    this.#offset = offset;
  }

  start(): void {
    beginStream(this.#response);
    this.#heartbeat = setInterval(() => void this.#beat(), this.#needs.heartbeatMs ?? HEARTBEAT_MS);
    this.#stopListening = this.#needs.installLogs.listen(this.#installId, () => this.#reading.wake());
    this.#reading.wake();
  }

  stop(): void {
    this.#reading.stop();
    this.#stopListening?.();
    clearInterval(this.#heartbeat);
  }

  end(): void {
    this.stop();
    this.#response.end();
  }

  /** Who was logged out, locked or taken away reads no more than until the next beat. */
  async #beat(): Promise<void> {
    try {
      if (!(await this.#mayRead())) return this.end();
    } catch (error) {
      return this.#fail(error);
    }
    if (!this.#reading.isStopped && this.#response.writableLength === 0)
      this.#response.write(STREAM_HEARTBEAT);
  }

  #fail(error: unknown): void {
    this.stop();
    this.#needs.failed(error);
    this.#response.destroy();
  }

  /** @returns whether there may be more. */
  async #sendPiece(): Promise<boolean> {
    const bytes = await this.#needs.installLogs.read(this.#installId, this.#offset, PIECE);
    const end = bytes.lastIndexOf(LINE_FEED) + 1;
    if (end === 0 || this.#reading.isStopped) return false;
    let text = '';
    for (let at = 0; at < end; ) {
      const next = bytes.indexOf(LINE_FEED, at) + 1;
      text += encodeLogLine(Buffer.from(bytes.subarray(at, next - 1)).toString('utf8'), this.#offset + next);
      at = next;
    }
    this.#offset += end;
    if (!this.#response.write(text)) await drained(this.#response);
    return bytes.length === PIECE;
  }
}
