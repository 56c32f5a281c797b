import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import {
  encodeStreamEvent,
  HEARTBEAT_MS,
  encodeHeartbeat,
  encodeMissed,
  type MissedEvents,
} from '../contract/events.ts';
import type { TimelineEvent as WireEvent } from '../contract/event-schemas.ts';
import type { EventFilter } from '../core/events/event-store.ts';
import type { NewTimelineEvent, TimelineEvent } from '../core/events/timeline-event.ts';
import type { EventLog } from '../services/event-log.ts';
import { beginStream } from './begin-stream.ts';
import { ApiProblem } from './problems.ts';
import { drained } from './slow-reader.ts';
import { WokenReading } from './woken-reading.ts';

/** Streams open at once; a browser opens one a page. */
export const MAX_STREAMS = 64;
/** Events read from the store at once for one stream: all that ever waits for one reader in memory. */
export const STREAM_PAGE = 200;
/** After something was sent, until is looked for more: nobody sees events come one by one at a faster pace. */
export const STREAM_GATHER_MS = 50;
/** Events that are looked through at once for a stream that wants few of them. */
export const STREAM_REACH = 5_000;

export interface EventStreamsNeeds {
  readonly events: Pick<EventLog, 'list' | 'listen' | 'listenToUnwritten'>;
  readonly toWire: (events: readonly TimelineEvent[]) => Promise<readonly z.input<typeof WireEvent>[]>;
  readonly failed: (error: unknown) => void;
  /** For tests; `HEARTBEAT_MS` and `SLOW_READER_MS` else. */
  readonly heartbeatMs?: number;
  readonly slowReaderMs?: number;
}

const TOO_OLD = 'these events are kept no more: what the page or program shows is to be read anew';
const MADE_ANEW =
  'there is no such event: the database is another one, so what the page or program shows is to be read anew';

/**
 * The open streams of events. A stream is not fed with events but woken by them: it reads on in the store from the
 * last one it sent. So nothing piles up for a slow reader, nothing is sent twice, and coming back after a lost
 * connection is the same as never having gone.
 */
export class EventStreams {
  readonly #needs: EventStreamsNeeds;
  readonly #open = new Set<EventStream>();

  constructor(needs: EventStreamsNeeds) {
    this.#needs = needs;
  }

  get size(): number {
    return this.#open.size;
  }

  /**
   * @param afterId begin behind this event; undefined: with the next that happens.
   * @param mayRead whether the reader still may; it is asked again and again.
   * @throws ApiProblem
   */
  async start(
    response: ServerResponse,
    filter: EventFilter,
    afterId: number | undefined,
    mayRead: () => Promise<boolean>,
  ): Promise<void> {
    if (this.#open.size >= MAX_STREAMS) {
      throw new ApiProblem(
        'busy',
        `${MAX_STREAMS} streams of events are open, and more are not served: close one`,
      );
    }
    const stream = new EventStream(this.#needs, response, filter, mayRead);
    this.#open.add(stream);
    response.on('close', () => {
      stream.stop();
      this.#open.delete(stream);
    });
    await stream.start(afterId);
  }

  /** The server stops: readers are told the end, and come back when it runs again. */
  closeAll(): void {
    for (const stream of this.#open) stream.end();
  }
}

class EventStream {
  readonly #needs: EventStreamsNeeds;
  readonly #response: ServerResponse;
  readonly #filter: EventFilter;
  readonly #mayRead: () => Promise<boolean>;
  /** All events up to this one were sent, or do not fit. */
  #sentId = 0;
  /** The newest event that was heard of; all before it are in the store. */
  #knownId = 0;
  readonly #stopListening: (() => void)[] = [];
  #heartbeat: NodeJS.Timeout | undefined;

  readonly #reading = new WokenReading({
    sendSome: () => this.#sendPage(),
    failed: (error) => this.#fail(error),
  });

  constructor(
    needs: EventStreamsNeeds,
    response: ServerResponse,
    filter: EventFilter,
    mayRead: () => Promise<boolean>,
  ) {
    this.#needs = needs;
    this.#response = response;
    this.#filter = filter;
    this.#mayRead = mayRead;
  }

  /** Nothing is written to the response when it throws. */
  async start(afterId: number | undefined): Promise<void> {
    let isOpen = false;
    // From the first moment on: what happens while its place is looked up wakes nobody else.
    this.#stopListening.push(
      this.#needs.events.listen(({ id }) => {
        this.#knownId = Math.max(this.#knownId, id);
        if (isOpen) this.#reading.wake();
      }),
    );
    const missed = await this.#begin(afterId);
    if (this.#reading.isStopped) return;
    isOpen = true;
    beginStream(this.#response);
    // Where a reader is that was sent nothing yet: cut off now, it comes back and goes on from here.
    this.#response.write(missed ? encodeMissed(missed) : encodeHeartbeat(this.#sentId));
    this.#heartbeat = setInterval(() => void this.#beat(), this.#needs.heartbeatMs ?? HEARTBEAT_MS);
    this.#stopListening.push(
      this.#needs.events.listenToUnwritten((event) => void this.#sendUnwritten(event)),
    );
    this.#reading.wake();
  }

  /** Finds its place. @returns what is missing between what the reader had and what there is. */
  async #begin(afterId: number | undefined): Promise<MissedEvents | undefined> {
    const [newest] = await this.#needs.events.list({}, 1);
    const [oldest] = await this.#needs.events.list({ afterId: 0 }, 1);
    const newestId = newest?.id ?? 0;
    this.#knownId = Math.max(this.#knownId, newestId);
    this.#sentId = afterId ?? newestId;
    if (afterId === undefined) return undefined;
    // Such an id would wait for ever.
    if (afterId > newestId) return this.#skipTo(newestId, MADE_ANEW);
    if (afterId > 0 && oldest && afterId + 1 < oldest.id) return this.#skipTo(oldest.id - 1, TOO_OLD);
    return undefined;
  }

  #skipTo(goesOnAfter: number, because: string): MissedEvents {
    const after = this.#sentId;
    this.#sentId = goesOnAfter;
    return { after, goesOnAfter, because };
  }

  stop(): void {
    this.#reading.stop();
    for (const stop of this.#stopListening) stop();
    clearInterval(this.#heartbeat);
  }

  end(): void {
    this.stop();
    this.#response.end();
  }

  /** Who was logged out, locked or taken away hears no more than until the next beat. */
  async #beat(): Promise<void> {
    try {
      if (!(await this.#mayRead())) return this.end();
    } catch (error) {
      return this.#fail(error);
    }
    if (!this.#reading.isStopped && this.#response.writableLength === 0)
      this.#response.write(encodeHeartbeat(this.#sentId));
  }

  /** @returns whether there may be more. */
  async #sendPage(): Promise<boolean> {
    const reach = Math.min(this.#knownId, this.#sentId + STREAM_REACH);
    const between = { afterId: this.#sentId, beforeId: reach + 1 };
    const page = await this.#needs.events.list({ ...this.#filter, ...between }, STREAM_PAGE);
    const wire = await this.#needs.toWire(page);
    if (this.#reading.isStopped) return false;
    const last = page.length === STREAM_PAGE ? page.at(-1) : undefined;
    this.#sentId = Math.max(this.#sentId, last?.id ?? reach);
    if (wire.length > 0) {
      if (!this.#response.write(wire.map(encodeStreamEvent).join('')))
        await drained(this.#response, this.#needs.slowReaderMs);
      // What comes meanwhile is read together: many readers of many events cost little then.
      if (this.#sentId >= this.#knownId) await sleep(STREAM_GATHER_MS);
    }
    return this.#sentId < this.#knownId;
  }

  /**
   * What cannot be written now and must be heard; it comes once more, with its number, when it is written. Until
   * then it carries the number of the last one sent, where a reader that comes back goes on.
   */
  async #sendUnwritten(event: NewTimelineEvent): Promise<void> {
    const isForEverybody = Object.keys(this.#filter).length === 0;
    if (!isForEverybody || this.#reading.isStopped || this.#response.writableNeedDrain) return;
    try {
      const wire = await this.#needs.toWire([{ ...event, id: this.#sentId }]);
      if (!this.#reading.isStopped) this.#response.write(wire.map(encodeStreamEvent).join(''));
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.stop();
    this.#needs.failed(error);
    this.#response.destroy();
  }
}
