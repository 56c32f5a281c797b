import type { ByteSource } from '../../lib/byte-source.ts';
import type { MirrorOutcome } from './mirror-counts.ts';

/** What a machine gets for a path of a mirror. */
export type MirrorAnswer =
  | {
      readonly found: true;
      readonly source: ByteSource;
      readonly modifiedMs: number;
      /** Strong; undefined while the bytes are not known yet. */
      readonly etag: string | undefined;
      /** Seconds since the upstream was asked for it (RFC 9111 §5.1). */
      readonly ageSeconds: number;
      /** Why it may be old; undefined where it is current. */
      readonly stale: string | undefined;
    }
  /** `unreachable`: 504. `wrong`: the upstream gives what cannot be passed on, 502. `busy`: 503. */
  | {
      readonly found: false;
      readonly no: 'missing' | 'unreachable' | 'wrong' | 'busy';
      readonly because: string;
    };

/** `Last-Modified` as upstreams write it; what cannot be read is as old as it was fetched. */
export function modifiedMsOf(lastModified: string | undefined, otherwiseMs: number): number {
  const ms = Date.parse(lastModified ?? '');
  return Number.isNaN(ms) ? otherwiseMs : ms;
}

/** And how it came about, for the counts. */
export type Answered = MirrorAnswer & { readonly outcome: MirrorOutcome };

export type Refused = Answered & { readonly found: false };

export function no(kind: Refused['no'], because: string): Refused {
  return { found: false, no: kind, because, outcome: kind === 'missing' ? 'missing' : 'failed' };
}

/** The same bytes have the same tag, on whichever server. */
export function etagOf(sha256: string): string {
  return `"${sha256.slice(0, 32)}"`;
}
