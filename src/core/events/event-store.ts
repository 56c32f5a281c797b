import type { MacAddress } from '../../lib/addresses.ts';
import type { Selector } from '../machines/selector.ts';
import type { EventKind } from './event-kinds.ts';
import type { NewTimelineEvent, TimelineEvent } from './timeline-event.ts';

export interface EventFilter {
  /** Events of this machine: by its id, or by one of its MAC addresses (from before it was known). */
  readonly machineId?: string;
  readonly macs?: readonly MacAddress[];
  readonly installId?: string;
  /** Only events of these kinds. */
  readonly kinds?: readonly EventKind[];
  /** Only events of machines that have such labels now. */
  readonly selector?: Selector;
  /** A part of what it says, in letters of either size. */
  readonly text?: string;
  /** Only events with a larger id. */
  readonly afterId?: number;
  /** Only events with a smaller id. */
  readonly beforeId?: number;
  /** Only events with this id or a larger one, where the newest are wanted: so far is looked. */
  readonly downToId?: number;
}

export interface EventStore {
  /**
   * Survives the process when resolved; a power failure may cost the events of the last moments, as it would a log.
   * What must not be lost (the steps of an install) is written by the store that changes it.
   *
   * @returns the events with their ids, in the order given.
   */
  append(events: readonly NewTimelineEvent[]): Promise<readonly TimelineEvent[]>;
  /** The newest `limit` that fit, oldest first; with `afterId` the oldest `limit` after it. */
  list(filter: EventFilter, limit: number): Promise<readonly TimelineEvent[]>;
  /** Deletes the oldest until `keep` are left; gives the number deleted. */
  prune(keep: number): Promise<number>;
}
