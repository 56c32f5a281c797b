import type { MacAddress, Uuid } from '../../lib/addresses.ts';
import type { ChainName } from '../boot/firmware.ts';
import type { MemoryCheck } from '../boot/memory-check.ts';
import type { SourceProtocol } from '../images/install-source.ts';

/** A place of the network, as the relay or switch calls it (option 82), written as `portText` does. */
export interface MachinePort {
  readonly circuitId: string;
  /** The relay or switch itself; without it, on whichever. */
  readonly remoteId?: string;
}

/** A computer Muster knows, by its MAC addresses or what else it can be told from (`identify.ts`). */
export interface Machine {
  /** Stable for the machine's whole life, also when it is renamed: `m-` and 12 hex digits. */
  readonly id: string;
  /** Unique; also its host name: a DNS label. */
  readonly name: string;
  /** No two machines share one. None: it was not met yet, and is known by another of its identities. */
  readonly macs: readonly MacAddress[];
  readonly uuid?: Uuid;
  /** As the SMBIOS of the system has it. */
  readonly serial?: string;
  /** Of its case, as the SMBIOS has it. */
  readonly assetTag?: string;
  /** Whatever asks from there first. */
  readonly port?: MachinePort;
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
/** Variables one machine may have, also after many small changes. */
export const MAX_VARIABLES_PER_MACHINE = 100;
