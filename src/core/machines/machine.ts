import type { MacAddress, Uuid } from '../../lib/addresses.ts';
import type { ChainName } from '../boot/firmware.ts';

/** A computer Muster knows. It is identified by its MAC addresses and, where the firmware tells one, its SMBIOS UUID. */
export interface Machine {
  /** Stable for the machine's whole life, also when it is renamed: `m-` and 12 hex digits. */
  readonly id: string;
  /** Unique; also its host name: a DNS label. */
  readonly name: string;
  /** At least one; no two machines share one. */
  readonly macs: readonly MacAddress[];
  readonly uuid?: Uuid;
  /** Handed to the answer file's template; they win over the profile's. */
  readonly variables: Readonly<Record<string, string>>;
  /** The chain of loaders it goes, in place of the firmware table's order. */
  readonly loader?: ChainName;
  readonly createdAtMs: number;
}

export const MAX_MACS_PER_MACHINE = 32;
