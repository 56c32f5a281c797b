import { Histogram } from '../../lib/histogram.ts';
import { Tally } from '../../lib/tally.ts';

/** Leases in one group. */
const GROUP_SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096];
/** From a fast disk to one that is in trouble. */
const WRITE_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];

/** How leases went to disk since the start. */
export class LeaseGroupCounts {
  readonly groups = new Tally<'written' | 'failed'>();
  readonly sizes = new Histogram(GROUP_SIZES);
  readonly seconds = new Histogram(WRITE_SECONDS);

  /** A group may have nothing but the time on the clock, which is not counted. */
  written(leases: number, seconds: number): void {
    if (leases === 0) return;
    this.groups.count('written');
    this.sizes.observe(leases);
    this.seconds.observe(seconds);
  }

  failed(): void {
    this.groups.count('failed');
  }
}
