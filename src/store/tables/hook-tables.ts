import type { Hook, HookDelivery, HookTarget } from '../../core/hooks/hook.ts';
import type { JsonText } from '../row-values.ts';

export interface HookRow {
  readonly name: string;
  readonly events: JsonText<readonly string[]>;
  readonly machines: string | null;
  readonly target: JsonText<HookTarget>;
  readonly mode: Hook['mode'];
  /** Read by one query, and by that alone. */
  readonly secret: string | null;
  readonly position: number;
  readonly created_at_ms: number;
}

export interface HookDeliveryRow {
  readonly hook: string;
  readonly event_id: number;
  readonly kind: string;
  readonly state: HookDelivery['state'];
  readonly attempts: number;
  readonly first_at_ms: number;
  readonly last_at_ms: number;
  readonly result: string;
}
