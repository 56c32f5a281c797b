import { z } from 'zod';
import { machineReference, eventId, rowLimit } from './fields.ts';
import { listOf, row } from './route-row.ts';
import { TimelineEvent } from './event-schemas.ts';

export const EVENT_ROUTES = {
  listEvents: row({
    method: 'GET',
    path: '/events',
    query: z.strictObject({
      machine: machineReference
        .exactOptional()
        .describe('Only those of this machine; a MAC address may be unknown'),
      after: eventId.exactOptional().describe('The oldest ones after this id; left out: the newest ones'),
      limit: rowLimit.default(100).describe('At most this many'),
    }),
    output: listOf(TimelineEvent),
    answers: 'thing',
    role: 'viewer',
    sentence: 'The timeline, oldest first',
  }),
  streamEvents: row({
    method: 'GET',
    path: '/events/stream',
    query: z.strictObject({
      machine: machineReference
        .exactOptional()
        .describe('Only those of this machine; a MAC address may be unknown'),
      after: eventId
        .exactOptional()
        .describe('Begin after this id; the header Last-Event-ID wins; left out: from now on'),
    }),
    output: TimelineEvent,
    answers: 'stream',
    role: 'viewer',
    sentence: 'The timeline as it happens, as server-sent events',
  }),
} as const;
