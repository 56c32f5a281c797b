import type { Mirror } from '../../core/mirrors/mirror.ts';
import { shownUrl } from '../../core/mirrors/mirror-url.ts';
import type { MirrorCheck } from './mirror-check.ts';
import type { MirrorCounts } from './mirror-counts.ts';
import type { MirrorKeeper } from './mirror-keeper.ts';
import type { KeptTotals } from './mirror-kept.ts';
import type { MirrorParts } from './mirror-parts.ts';
import type { Unreachable } from './mirror-reach.ts';

/** How a mirror is now. */
export interface MirrorState {
  readonly mirror: Mirror;
  readonly kept: KeptTotals;
  readonly counts: MirrorCounts;
  readonly fetching: number;
  readonly unreachable: Unreachable | undefined;
  /** When the upstream last answered for its heads. */
  readonly refreshedAtMs: number | undefined;
  /** Lists that could not be read, so that what they list is unverified; and why. */
  readonly unreadable: ReadonlyMap<string, string>;
  readonly check: MirrorCheck | undefined;
}

/** One that is taken up, with what it is made of. */
export interface Held {
  mirror: Mirror;
  readonly parts: MirrorParts;
  readonly keeper: MirrorKeeper;
  readonly counts: MirrorCounts;
  check: MirrorCheck | undefined;
}

export function stateOf({ mirror, parts, counts, check }: Held): MirrorState {
  return {
    mirror: { ...mirror, url: shownUrl(mirror.url) },
    kept: parts.kept.totals,
    counts,
    fetching: parts.fetches.count,
    unreachable: parts.reach.unreachable,
    refreshedAtMs: parts.heads.refreshedAtMs(),
    unreadable: parts.proofs.unreadable,
    check,
  };
}
