import type { NewTimelineEvent } from '../../core/events/timeline-event.ts';
import type { Install } from '../../core/install/install.ts';
import type { Machine } from '../../core/machines/machine.ts';
import type { WaveStarted } from '../../core/waves/wave-store.ts';

/** How installs are armed, and what came of it. */

export interface ArmOptions {
  /** Until it is armed no more, in milliseconds; left out: as the policy says. */
  readonly expires?: number | 'never';
  /** Somebody was told that what is on the disk will be gone. */
  readonly confirmErase?: boolean;
  /** Why now, for the timeline. */
  readonly because?: string;
}

export interface ArmOneOptions extends ArmOptions {
  /** Writes it together with something else, in one transaction, in place of the store's own way. */
  readonly create?: CreateWith;
}

/** What `ArmOneOptions.create` does. */
export type CreateWith = (install: Install, event: NewTimelineEvent) => Promise<WaveStarted>;

/** A machine, and how it is installed. */
export type ArmWish = { readonly machine: Machine } & (
  | {
      readonly profile: string;
      /** Which group names it, for the timeline; left out where somebody asked for it. */
      readonly because?: string;
    }
  /** Nothing says how: why not. */
  | { readonly profile: undefined; readonly because: string }
);

export interface ArmManyOptions extends ArmOptions {
  /** What becomes of the others where one cannot be armed. */
  readonly refused?: 'stop' | 'pass over';
  /** So many at most, in the order in which they are given. */
  readonly limit?: number;
}

export type ArmAnswer =
  | { readonly armed: true; readonly install: Install }
  | {
      readonly armed: false;
      /** `holds data`: it is done where the erasing is confirmed. */
      readonly no: 'refused' | 'holds data';
      readonly because: string;
      /** Where `create` did not write it: whether it may be armed later. */
      readonly machine?: 'waits' | 'cannot';
    };

export interface RefusedMachine {
  readonly machine: Machine;
  readonly no: 'refused' | 'holds data';
  readonly because: string;
}

/** Those that are armed come in the order of their machines. */
export type ArmManyAnswer =
  | {
      readonly armed: true;
      readonly installs: readonly Install[];
      readonly passedOver: readonly RefusedMachine[];
    }
  | { readonly armed: false; readonly refused: readonly RefusedMachine[] };
