import type { ChainName } from '../../core/boot/firmware.ts';
import type { MemoryCheck } from '../../core/boot/memory-check.ts';
import type { SourceProtocol } from '../../core/images/install-source.ts';
import type { Facts, FactSource } from '../../core/machines/facts.ts';
import type { PowerTroubleSeen } from '../../core/power/machine-power.ts';
import type { PowerState } from '../../core/power/power-driver.ts';
import type { PowerSettings } from '../../core/power/power-settings.ts';
import type { MacAddress, Uuid } from '../../lib/addresses.ts';
import type { JsonText } from '../row-values.ts';

export interface MachineRow {
  readonly id: string;
  readonly name: string;
  readonly uuid: Uuid | null;
  readonly serial: string | null;
  readonly asset_tag: string | null;
  readonly circuit_id: string | null;
  readonly remote_id: string | null;
  readonly labels: JsonText<Readonly<Record<string, string>>>;
  readonly variables: JsonText<Readonly<Record<string, string>>>;
  readonly loader: ChainName | null;
  readonly source: SourceProtocol | null;
  readonly memory_megabytes: number | null;
  readonly memory_check: MemoryCheck | null;
  readonly created_at_ms: number;
}

export interface MachineMacRow {
  /** Primary key: no two machines share one. */
  readonly mac: MacAddress;
  readonly machine_id: string;
  /** From 0, in the machine's own order. */
  readonly position: number;
}

export interface MachineFactsRow {
  readonly machine_id: string;
  readonly source: FactSource;
  readonly facts: JsonText<Facts>;
  readonly at_ms: number;
}

/** Of machines that a rule made known. */
export interface EnrolmentRow {
  readonly machine_id: string;
  /** Its number and what it asked for, as they were then. */
  readonly rule: string;
  readonly at_ms: number;
}

export interface MachinePowerRow {
  readonly machine_id: string;
  readonly settings: JsonText<PowerSettings>;
  /** Read by one query, and by that alone. */
  readonly secret: string | null;
  readonly set_at_ms: number;
  readonly state: PowerState | null;
  readonly state_at_ms: number | null;
  readonly trouble: JsonText<PowerTroubleSeen> | null;
}
