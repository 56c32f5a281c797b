import type { ArrivalRecords } from './arrival-records.ts';
import { download, type Downloaded } from './download.ts';
import { downloadWithTries } from './download-tries.ts';
import type { LiveArrival } from './live-arrival.ts';

export interface ArrivalDownloadNeeds {
  readonly fetch: typeof fetch;
  readonly records: Pick<ArrivalRecords, 'learned'>;
  readonly retryMs: number | undefined;
}

/** Loads the rest of a disc image, in so many tries as may help; what is learned of the file on the way is kept. */
export function loadArrival(
  live: LiveArrival,
  { fetch, records, retryMs }: ArrivalDownloadNeeds,
): Promise<Downloaded> {
  const tryOnce = (): Promise<Downloaded> =>
    download({
      url: live.arrival.url ?? '',
      validator: live.arrival.validator,
      part: live.part,
      fetch,
      enough: live.stop.signal,
      learned: async (facts) => {
        live.arrival = { ...live.arrival, ...facts };
        await records.learned(live.arrival);
      },
    });
  return downloadWithTries({ tryOnce, here: () => live.part.bytes, stop: live.stop.signal, retryMs });
}
