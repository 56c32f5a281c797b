import type { SiteWrites } from '../site-contents.ts';

const NOTHING = { put: [], remove: [] };

/** What a site writes: nothing but the change. */
export function siteWrites(change: Partial<SiteWrites> = {}): SiteWrites {
  return {
    mirrors: NOTHING,
    subnets: NOTHING,
    snippets: NOTHING,
    profiles: NOTHING,
    groups: NOTHING,
    machines: NOTHING,
    power: NOTHING,
    hooks: NOTHING,
    setAtMs: 1_790_000_000_000,
    ...change,
  };
}
