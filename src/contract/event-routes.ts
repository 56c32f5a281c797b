import { z } from 'zod';
import { machineReference, eventId, line, rowLimit, selector } from './fields.ts';
import { searchText } from './pages.ts';
import { row } from './route-row.ts';
import { TimelineEvent } from './event-schemas.ts';

/** Characters of a list of kinds. */
const MAX_KINDS_LENGTH = 512;

const eventFilters = {
  kind: line(MAX_KINDS_LENGTH)
    .exactOptional()
    .describe('Only these kinds, with commas between, and * for any part: `install.*,power.failed`'),
  selector: selector.exactOptional().describe('Only those of machines that have such labels now'),
};

export const EVENT_ROUTES = {
  listEvents: row({
    method: 'GET',
    path: '/events',
    query: z.strictObject({
      machine: machineReference
        .exactOptional()
        .describe('Only those of this machine; a MAC address may be unknown'),
      ...eventFilters,
      q: searchText.exactOptional().describe('Only those with this in their sentence or their reason'),
      after: eventId.exactOptional().describe('The oldest ones after this id; left out: the newest ones'),
      before: eventId.exactOptional().describe('The newest ones before this id; not together with `after`'),
      limit: rowLimit.default(100).describe('At most this many'),
    }),
    output: z.object({
      items: z.array(TimelineEvent).describe('Those of this page'),
      next: z
        .int()
        .exactOptional()
        .describe(
          'Where to look on: sent as `after` where that was sent, and as `before` else; also where nothing was found yet',
        ),
    }),
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
      ...eventFilters,
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
