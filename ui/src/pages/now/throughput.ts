import { useMemo } from 'react';
import type { Answer } from '../../data/client.ts';
import { useRoute } from '../../data/queries.ts';

export const PROTOCOLS = ['http', 'tftp', 'nfs', 'ftp'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/** The server takes a sample as often. */
const EVERY_MS = 5_000;

export interface ThroughputSeen {
  readonly samples: Answer<'getThroughput'>['samples'];
  /** Of the newest sample, all protocols together. */
  readonly total: number | undefined;
}

const NONE: ThroughputSeen['samples'] = [];

export function useThroughput(): ThroughputSeen {
  const { data } = useRoute('getThroughput', {}, { everyMs: EVERY_MS });
  return useMemo(() => {
    const samples = data?.samples ?? NONE;
    const last = samples.at(-1);
    return { samples, total: last && PROTOCOLS.reduce((sum, protocol) => sum + last[protocol], 0) };
  }, [data]);
}
