import type { MacAddress, Uuid } from '../../lib/addresses.ts';

/** Who said it: the machine itself, in one of four ways. */
export const FACT_SOURCES = ['discovery', 'installer', 'ipxe', 'dhcp'] as const;
export type FactSource = (typeof FACT_SOURCES)[number];

/** What is known of a machine's hardware. Each source says what it can; what is absent is not known. */
export interface Facts {
  readonly cpu?: Cpu;
  readonly memoryMegabytes?: number;
  readonly disks?: readonly Disk[];
  readonly nics?: readonly Nic[];
  readonly vendor?: string;
  readonly product?: string;
  readonly serial?: string;
  readonly assetTag?: string;
  readonly uuid?: Uuid;
  readonly biosVersion?: string;
  /** As people say it: `BIOS`, `UEFI`. */
  readonly firmware?: string;
  /** As the kernel says it: `x86_64`, `aarch64`. */
  readonly architecture?: string;
  /** The name its system gives itself. */
  readonly hostname?: string;
  /** Of its firmware (option 60). */
  readonly vendorClass?: string;
}

export interface Cpu {
  readonly model?: string;
  /** Of all sockets. */
  readonly cores?: number;
  /** What the system calls processors. */
  readonly threads?: number;
}

export interface Disk {
  /** Below /dev: `sda`, `nvme0n1`, `cciss/c0d0`. */
  readonly name: string;
  readonly bytes: number;
  readonly model?: string;
  readonly serial?: string;
  readonly rotational?: boolean;
  /** Left out: its first and last MiB could not be read. */
  readonly holdsData?: boolean;
  /** What is at one of its ends, in words, where it holds data: `a partition table (GPT)`. */
  readonly holds?: string;
  /** Names that stay when the order of disks changes, below /dev/disk/by-id. */
  readonly byId?: readonly string[];
}

export interface Nic {
  readonly mac: MacAddress;
  readonly name: string;
  readonly driver?: string;
  readonly speedMegabits?: number;
  readonly lldp?: LldpNeighbour;
}

/** Of the switch it is plugged in, as it tells (IEEE 802.1AB). */
export interface LldpNeighbour {
  readonly chassis?: string;
  readonly port?: string;
  readonly system?: string;
}

export type FactName = keyof Facts;

/** What one source said, and when it said it last. */
export interface FactReport {
  readonly source: FactSource;
  readonly facts: Facts;
  readonly atMs: number;
}

/**
 * What somebody must know before these disks are written over: one sentence for each disk that is known to hold
 * data. A disk whose ends could not be read is not among them, for nothing is known of it.
 */
export function disksHoldingData(facts: Pick<Facts, 'disks'>): readonly string[] {
  return (facts.disks ?? [])
    .filter(({ holdsData }) => holdsData === true)
    .map(({ name, model, holds }) => {
      const what = model === undefined ? name : `${name} (${model})`;
      return `disk ${what} holds ${holds ?? 'data'}`;
    });
}
