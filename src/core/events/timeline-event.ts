import type { MacAddress } from '../../lib/addresses.ts';
import type { EventKind } from './event-kinds.ts';

/** What one happening carries besides its sentence: plain values only, for pages and programs to show. */
export type EventData = Readonly<Record<string, string | number | boolean | undefined>>;

/** What happened, to whom, and why. Append-only; in order of `id`. */
export interface TimelineEvent {
  /** Grows by one with each event of the whole server. */
  readonly id: number;
  readonly atMs: number;
  readonly kind: EventKind;
  /** One sentence without a final stop, for people. */
  readonly text: string;
  readonly because?: string | undefined;
  readonly machineId?: string | undefined;
  readonly mac?: MacAddress | undefined;
  readonly installId?: string | undefined;
  readonly data?: EventData | undefined;
}

export type NewTimelineEvent = Omit<TimelineEvent, 'id'>;
