import type { z } from 'zod';
import type { TimelineEvent } from './event-schemas.ts';

/**
 * The stream of events: server-sent events as the WHATWG HTML standard has them (§9.2). Each carries the event's
 * number as `id`, so that a client that lost its connection asks on with `Last-Event-ID` and misses nothing.
 */

export const EVENT_STREAM_MEDIA_TYPE = 'text/event-stream';
/** The `event` field of every one: what is in `data` is a TimelineEvent as JSON. */
export const TIMELINE_EVENT_NAME = 'timeline';
/** A comment is sent after this long without an event, so that both ends notice a dead connection. */
export const HEARTBEAT_MS = 15_000;
/** What the server asks clients to wait before they connect again. */
export const RECONNECT_MS = 2_000;
/** Characters of one event in the stream at most, for readers. */
export const MAX_STREAM_EVENT_LENGTH = 1_048_576;

export type WireEvent = z.output<typeof TimelineEvent>;

/** One message of the stream. JSON holds no line break, so the data is one line. */
export function encodeStreamEvent(event: z.input<typeof TimelineEvent>): string {
  return `id: ${event.id}\nevent: ${TIMELINE_EVENT_NAME}\ndata: ${JSON.stringify(event)}\n\n`;
}

/** A reader that comes back learns that it missed something for good; then the stream goes on with what there is. */
export const MISSED_EVENT_NAME = 'missed';

/** The data of such a message. */
export interface MissedEvents {
  /** What the reader had last. */
  readonly after: number;
  /** Behind which the stream goes on. */
  readonly goesOnAfter: number;
  readonly because: string;
}

export function encodeMissed(missed: MissedEvents): string {
  return `id: ${missed.goesOnAfter}\nevent: ${MISSED_EVENT_NAME}\ndata: ${JSON.stringify(missed)}\n\n`;
}

export const STREAM_HEARTBEAT = ': nothing new\n\n';

/**
 * Nothing new, and how far the reader is: a browser that comes back later asks on from there, though it was sent none of
 * the events that do not fit its filter.
 */
export function encodeHeartbeat(id: number): string {
  return `: nothing new\nid: ${id}\n\n`;
}
export const STREAM_OPENING = `retry: ${RECONNECT_MS}\n\n`;

/** What a client makes of one message. */
export interface StreamMessage {
  readonly event: string;
  readonly id?: string;
  readonly data: string;
}

/** Takes the stream's text in pieces of any size and gives the messages that are whole. */
export class StreamDecoder {
  #rest = '';

  /** @throws RangeError when a message has no end within `MAX_STREAM_EVENT_LENGTH`. */
  push(piece: string): readonly StreamMessage[] {
    const blocks = (this.#rest + piece).replaceAll('\r\n', '\n').split('\n\n');
    this.#rest = blocks.pop() ?? '';
    if (this.#rest.length > MAX_STREAM_EVENT_LENGTH)
      throw new RangeError(`An event of the stream has more than ${MAX_STREAM_EVENT_LENGTH} characters`);
    return blocks.flatMap((block) => decodeBlock(block) ?? []);
  }
}

function decodeBlock(block: string): StreamMessage | undefined {
  const data: string[] = [];
  let event = 'message';
  let id: string | undefined;
  for (const row of block.split('\n')) {
    const colon = row.indexOf(':');
    const field = colon === -1 ? row : row.slice(0, colon);
    const value = colon === -1 ? '' : row.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') data.push(value);
    else if (field === 'event') event = value;
    else if (field === 'id') id = value;
  }
  if (data.length === 0) return undefined;
  return { event, data: data.join('\n'), ...(id === undefined ? {} : { id }) };
}
