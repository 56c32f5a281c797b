import type { ServerResponse } from 'node:http';
import { EVENT_STREAM_MEDIA_TYPE, STREAM_OPENING } from '../contract/events.ts';
import { SECURITY_HEADERS } from './send-problem.ts';

/** Begins an answer that goes on as long as its reader stays, as server-sent events. */
export function beginStream(response: ServerResponse): void {
  response.writeHead(200, {
    ...SECURITY_HEADERS,
    'content-type': EVENT_STREAM_MEDIA_TYPE,
    connection: 'close',
  });
  response.write(STREAM_OPENING);
}
