import type { NewTimelineEvent, TimelineEvent } from '../events/timeline-event.ts';
import type { Install } from '../install/install.ts';
import type { Wave, WaveLoss, WaveMember, WaveState, WaveWithMembers } from './wave.ts';
import type { WavePage, WaveQuery } from './wave-page.ts';

export type WaveStarted =
  | { readonly started: true; readonly event: TimelineEvent }
  | {
      readonly started: false;
      readonly because: string;
      /** `waits`: somebody was faster, and it may have its turn later. `cannot`: an install is open that is not the wave's. */
      readonly machine: 'waits' | 'cannot';
    };

export interface WaveStore {
  /** Newest first. */
  page(query: WaveQuery): Promise<WavePage>;
  byName(name: string): Promise<WaveWithMembers | undefined>;
  /** Those that are running or paused, and cancelled ones of which machines are under way still, in the order in which they were made. */
  active(): Promise<readonly WaveWithMembers[]>;
  /**
   * In one transaction with its event. Refused when there is one of the name, when its profile or one of its machines
   * is not there, or when a machine waits or is under way in another.
   */
  create(
    wave: Wave,
    machineIds: readonly string[],
    event: NewTimelineEvent,
    /** By the machine's id. */
    confirmed?: ReadonlyMap<string, readonly WaveLoss[]>,
  ): Promise<{ created: true; event: TimelineEvent } | { created: false; because: string }>;
  /**
   * Gives a waiting machine its turn: the install and the member's new state in one transaction with the event. Refused
   * when the wave does not run, its budget of machines is used up, the machine waits no longer, or it has an install
   * that is open.
   */
  start(name: string, install: Install, event: NewTimelineEvent): Promise<WaveStarted>;
  /** Puts `changed` in place of the member of that machine if its state is still `from`. */
  putMember(name: string, from: WaveMember['state'], changed: WaveMember): Promise<boolean>;
  /**
   * Puts the wave's state if it is still `from`; with `cancelled` every machine that waits is cancelled too. Undefined
   * for a lost race.
   */
  advance(
    name: string,
    from: WaveState,
    changed: Pick<Wave, 'state' | 'changedAtMs' | 'because'>,
    event: NewTimelineEvent,
  ): Promise<TimelineEvent | undefined>;
  /** Refused while it is active. Its installs stay. */
  remove(name: string): Promise<{ removed: true } | { removed: false; because: string }>;
}
