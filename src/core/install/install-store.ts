import type { NewTimelineEvent, TimelineEvent } from '../events/timeline-event.ts';
import type { Install } from './install.ts';
import type { InstallState } from './life.ts';

export interface InstallStore {
  byId(id: string): Promise<Install | undefined>;
  byToken(token: string): Promise<Install | undefined>;
  /** The machine's one install that is not over. */
  openOf(machineId: string): Promise<Install | undefined>;
  /** Of all machines, in the order in which they were armed. */
  listOpen(): Promise<readonly Install[]>;
  /** The machine's newest install that came to its end. */
  lastInstalled(machineId: string): Promise<Install | undefined>;
  /** The newest install of each of these machines; those that never had one are left out. */
  newestOf(machineIds: readonly string[]): Promise<readonly Install[]>;
  /** The same of every machine. */
  newestOfAll(): Promise<readonly Install[]>;
  /** Newest first, at most `limit`. */
  list(filter: { readonly machineId?: string; readonly limit: number }): Promise<readonly Install[]>;
  /** Newest first, those that fit, behind the place where a page ended. */
  page(query: InstallQuery): Promise<{ readonly installs: readonly Install[]; readonly next?: number }>;
  /** In one transaction with its event. Refused when the machine has an open one. */
  create(
    install: Install,
    event: NewTimelineEvent,
  ): Promise<{ created: true; event: TimelineEvent } | { created: false; open: Install }>;
  /** All of them, or none: those that stand in the way, where any does. Each with its event, in one transaction. */
  createAll(
    wanted: readonly InstallWithEvent[],
  ): Promise<
    { created: true; events: readonly TimelineEvent[] } | { created: false; open: readonly Install[] }
  >;
  /**
   * Puts `changed` in place of the install of the same id and appends the event, in one transaction, only if its
   * state, times and progress are still those of `from`, on which it was decided: two events that leave the state as
   * it is would else undo each other. Gives the event as written, or undefined for a lost race, which means: load again,
   * decide again. Durable when resolved.
   */
  advance(from: Install, changed: Install, event: NewTimelineEvent): Promise<TimelineEvent | undefined>;
  /** As `advance`, to a state that is over, with the machine's next install in the same transaction. */
  advanceAndCreate(
    from: Install,
    changed: InstallWithEvent,
    next: InstallWithEvent,
  ): Promise<readonly TimelineEvent[] | undefined>;
}

export interface InstallQuery {
  readonly machineId?: string;
  readonly profile?: string;
  readonly state?: InstallState;
  /** Only older ones: what a page said as `next`, in the order in which they were armed. */
  readonly after?: number;
  readonly limit: number;
}

export interface InstallWithEvent {
  readonly install: Install;
  readonly event: NewTimelineEvent;
}
