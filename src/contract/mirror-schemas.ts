import { z } from 'zod';
import { line, name, time } from './fields.ts';

/** Characters of the URL of an upstream. */
const MAX_URL_LENGTH = 2048;
/** A pebibyte: more than any disk here, and still an exact number. */
const MAX_BYTES = 2 ** 50;

const mirrorFields = {
  kind: z
    .enum(['debian', 'rpm', 'any'])
    .describe('Whose rules say how files are verified; any: both, by the names of the files'),
  maxBytes: z
    .int()
    .min(1)
    .max(MAX_BYTES)
    .describe('What is kept of it takes at most so many bytes of the disk'),
};

export const MirrorInput = z
  .strictObject({
    name: name.describe('Its name, and its place: /mirrors/NAME/'),
    url: line(MAX_URL_LENGTH)
      .min(1)
      .describe('Where it is fetched from: http or https, perhaps with user and password'),
    kind: mirrorFields.kind.default('any'),
    maxBytes: mirrorFields.maxBytes.exactOptional(),
  })
  .describe('A package mirror to add');

export const MirrorChange = z
  .strictObject({
    maxBytes: mirrorFields.maxBytes.exactOptional(),
    mode: z.enum(['online', 'offline']).exactOptional().describe('Whether the upstream is asked'),
  })
  .describe('What is to change; the rest stays as it is');

export const Mirror = z
  .object({
    name: name.describe('Its name'),
    url: z.string().describe('Where it is fetched from, without user and password'),
    path: z.string().describe('Where machines find it, on the HTTP port for machines'),
    ...mirrorFields,
    mode: z
      .enum(['online', 'offline'])
      .describe('offline: what is kept is served, and the upstream is never asked'),
    addedAt: time.describe('When it was added'),
    files: z.int().describe('Files that are kept'),
    bytes: z.int().describe('Bytes that are kept'),
    unverifiedFiles: z
      .int()
      .describe('Files that are kept and that no index vouches for; heads, which are signed, included'),
    fetching: z.int().describe('Files that come from the upstream now'),
    refreshedAt: time
      .exactOptional()
      .describe('When the upstream last answered for its oldest set of indexes'),
    unreachable: z
      .object({
        since: time.describe('Since when'),
        because: z.string().describe('Why'),
      })
      .exactOptional()
      .describe('There while the upstream cannot be reached'),
    unreadable: z
      .array(z.object({ file: z.string().describe('The index'), because: z.string().describe('Why') }))
      .describe('Indexes that cannot be read here: what they list is served unverified'),
    requests: z
      .record(z.string(), z.int())
      .describe(
        'Requests since Muster started, by outcome: hit, shared, miss, direct, stale, missing, failed',
      ),
    unverified: z.int().describe('Files that were sent since then and that no index vouches for'),
    mismatches: z.int().describe('Files since then that were not what their index says'),
    sentBytes: z.int().describe('Bytes that machines were sent since then'),
    fetchedBytes: z.int().describe('Bytes that came from the upstream since then'),
    check: z
      .object({
        state: z.enum(['running', 'done']).describe('Whether it is over'),
        files: z.int().describe('Files that are looked through'),
        checked: z.int().describe('Those that were'),
        damaged: z.int().describe('Those that were not what they were when they came, and are gone'),
        endedAt: time.exactOptional().describe('When it was over'),
      })
      .exactOptional()
      .describe('The last look through all that is kept'),
  })
  .describe('A repository elsewhere that machines fetch packages of through this server');

export const MirrorRefresh = z
  .object({
    folder: z.string().describe('The folder of the heads: /dists/bookworm/ or /repodata/'),
    result: z
      .enum(['same', 'changed', 'kept'])
      .describe(
        'same: it is current; changed: it has a new set now; kept: the new one could not be had, the old one stays',
      ),
    because: z.string().exactOptional().describe('Why it was kept'),
  })
  .describe('What came of a set of indexes');
