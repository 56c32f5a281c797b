import { z } from 'zod';
import { row } from './route-row.ts';
import { MAX_SITE_BYTES, Site, SiteApply, SiteOutcome } from './site-schemas.ts';

export const SITE_ROUTES = {
  exportSite: row({
    method: 'GET',
    path: '/site',
    query: z.strictObject({
      secrets: z
        .enum(['with', 'without'])
        .default('without')
        .describe('Whether secrets go along, such as hashes of passwords'),
    }),
    output: Site,
    answers: 'thing',
    role: 'admin',
    sentence: 'All that is set up, as one site: applied again, it changes nothing',
  }),
  applySite: row({
    method: 'POST',
    path: '/site',
    input: SiteApply,
    output: SiteOutcome,
    answers: 'thing',
    role: 'admin',
    maxBodyBytes: MAX_SITE_BYTES,
    sentence: 'Makes all as the site says, or nothing: in one transaction, with what differs as the answer',
  }),
} as const;
