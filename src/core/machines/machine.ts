import type { MacAddress, Uuid } from '../../lib/addresses.ts';
import type { ChainName } from '../boot/firmware.ts';
import type { MemoryCheck } from '../boot/memory-check.ts';
import type { SourceProtocol } from '../images/install-source.ts';

/** A computer Muster knows. It is identified by its MAC addresses and, where the firmware tells one, its SMBIOS UUID. */
export interface Machine {
  /** Stable for the machine's whole life, also when it is renamed: `m-` and 12 hex digits. */
  readonly id: string;
  /** Unique; also its host name: a DNS label. */
  readonly name: string;
  /** At least one; no two machines share one. */
  readonly macs: readonly MacAddress[];
  readonly uuid?: Uuid;
  /** By which machines are chosen (`selector.ts`). */
  readonly labels: Readonly<Record<string, string>>;
  /** Handed to the answer file's template; they win over the profile's. */
  readonly variables: Readonly<Record<string, string>>;
  /** The chain of loaders it goes, in place of the firmware table's order. */
  readonly loader?: ChainName;
  /** Over what it gets the tree of an image, whatever its profile says. */
  readonly source?: SourceProtocol;
  /** What it has, as somebody said; absent: not known. */
  readonly memoryMegabytes?: number;
  /** Off: whether there is enough memory for an image is nobody's business. */
  readonly memoryCheck?: MemoryCheck;
  readonly createdAtMs: number;
}

export const MAX_MACS_PER_MACHINE = 32;
