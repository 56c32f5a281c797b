import type { BootPlan } from './boot-plan.ts';

/** The program that asks, as DHCP tells it: which firmware it is, or that it is an operating system already. */
export interface BootClient {
  readonly stage: 'firmware' | 'ipxe' | 'operating system';
  /** IANA "Processor Architecture Types" (option 93); absent where a BIOS ROM does not say. */
  readonly architecture?: number | undefined;
}

/** What the DHCP answer says about booting. */
export type DhcpBootStep =
  | { readonly give: 'boot file'; readonly file: string; readonly because: string }
  | { readonly give: 'nothing'; readonly because: string };

interface FirmwareRow {
  readonly name: string;
  /** The first program of the classic chain; absent where Muster has none yet. */
  readonly bootFile?: string;
}

/**
 * IANA "Processor Architecture Types". RFC 4578 prints 7 and 9 the other way round (erratum 4624); firmware
 * follows IANA, so we do.
 */
const FIRMWARE: Readonly<Record<number, FirmwareRow>> = {
  0: { name: 'x86 BIOS', bootFile: 'pxelinux.0' },
  6: { name: 'x86 UEFI' },
  7: { name: 'x64 UEFI' },
  9: { name: 'EBC (sent by some x64 UEFI)' },
  10: { name: 'ARM 32-bit UEFI' },
  11: { name: 'ARM 64-bit UEFI' },
  15: { name: 'x86 UEFI HTTP Boot' },
  16: { name: 'x64 UEFI HTTP Boot' },
  19: { name: 'ARM 64-bit UEFI HTTP Boot' },
  22: { name: 'ARM 64-bit U-Boot' },
  27: { name: 'RISC-V 64-bit UEFI' },
};

/** As people call it: `x86 BIOS`. */
export function firmwareName(architecture: number): string {
  return FIRMWARE[architecture]?.name ?? `firmware of architecture ${architecture}`;
}

/** The architecture numbers Muster can hand a first program to. */
export function bootableArchitectures(): readonly number[] {
  return BOOTABLE;
}

const BOOTABLE: readonly number[] = Object.keys(FIRMWARE)
  .map(Number)
  .filter((architecture) => FIRMWARE[architecture]?.bootFile !== undefined);

/**
 * From the plan to what this client is told over DHCP.
 *
 * @param subnetBootFile the file the user wants every boot client of the subnet to get.
 */
export function nextStep(
  plan: BootPlan,
  client: BootClient,
  subnetBootFile: string | undefined,
): DhcpBootStep {
  if (client.stage === 'operating system') {
    return { give: 'nothing', because: 'an operating system asks, and takes a boot file for something else' };
  }
  if (plan.boot === 'nothing') return { give: 'nothing', because: plan.because };
  if (subnetBootFile !== undefined) {
    return {
      give: 'boot file',
      file: subnetBootFile,
      because: `the subnet names it for every boot client; ${plan.because}`,
    };
  }
  // A ROM without option 93 is older than RFC 4578, and those are all BIOS.
  const architecture = client.architecture ?? 0;
  const file = FIRMWARE[architecture]?.bootFile;
  if (file === undefined) {
    return {
      give: 'nothing',
      because: `there is no loader yet for ${firmwareName(architecture)} (option 93 is ${architecture})`,
    };
  }
  return { give: 'boot file', file, because: `${firmwareName(architecture)}; ${plan.because}` };
}
