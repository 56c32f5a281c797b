import { Tally } from '../../lib/tally.ts';

/**
 * How requests for files of mirrors were answered: `hit`, out of the cache; `shared`, from a fetch that another began;
 * `miss`, fetched for it; `direct`, past the cache, which had no room; `stale`, out of the cache since the upstream
 * could not be asked; `missing`, the upstream has none; `failed`.
 */
export type MirrorOutcome = 'hit' | 'shared' | 'miss' | 'direct' | 'stale' | 'missing' | 'failed';

/** What one mirror has done since Muster started. */
export class MirrorCounts {
  readonly requests = new Tally<MirrorOutcome>();
  /** Answers with bytes that nothing vouched for. */
  unverified = 0;
  mismatches = 0;
  /** Bytes that machines were sent. */
  sentBytes = 0;
  /** Bytes that came from the upstream. */
  fetchedBytes = 0;

  /** Bytes that did not have to come twice. */
  get savedBytes(): number {
    return Math.max(0, this.sentBytes - this.fetchedBytes);
  }
}
