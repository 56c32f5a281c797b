import type { WaveBudget, WaveLoss, WaveMemberState, WavePower, WaveState } from '../../core/waves/wave.ts';
import type { JsonText } from '../row-values.ts';

export interface WaveRow {
  readonly name: string;
  readonly profile: string;
  readonly budget: JsonText<WaveBudget>;
  readonly jitter_seconds: number;
  readonly power: WavePower;
  readonly state: WaveState;
  readonly created_at_ms: number;
  readonly changed_at_ms: number;
  readonly because: string | null;
}

export interface WaveMemberRow {
  readonly wave: string;
  readonly machine_id: string;
  /** From 0, in the wave's own order. */
  readonly position: number;
  readonly state: WaveMemberState;
  readonly install_id: string | null;
  readonly started_at_ms: number | null;
  readonly ended_at_ms: number | null;
  readonly because: string | null;
  readonly confirmed: JsonText<readonly WaveLoss[]> | null;
}
