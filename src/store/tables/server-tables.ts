import type { EventData } from '../../core/events/timeline-event.ts';
import type { EventKind } from '../../core/events/event-kinds.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { MacAddress } from '../../lib/addresses.ts';
import type { JsonText } from '../row-values.ts';

export interface EventRow {
  /** From the counter `event`. */
  readonly id: number;
  readonly at_ms: number;
  readonly kind: EventKind;
  readonly text: string;
  readonly because: string | null;
  /** Not a foreign key: events outlive their machine and its installs. */
  readonly machine_id: string | null;
  readonly mac: MacAddress | null;
  readonly install_id: string | null;
  readonly data: JsonText<EventData> | null;
}

/** At most one row, `server`. */
export interface PolicyRow {
  readonly name: string;
  readonly policy: JsonText<Policy>;
}

export interface CounterRow {
  readonly name: string;
  /** The last number given out. */
  readonly value: number;
}

/** What the clocks said: in the row `leases` when leases were last written, in `steady` when the steady clock was kept. */
export interface ClockRow {
  readonly name: string;
  readonly boot_id: string;
  readonly uptime_ms: number;
  readonly wall_ms: number;
  /** Of the row `steady`. */
  readonly steady_ms: number | null;
}
