import type { MacAddress } from '../../lib/addresses.ts';
import type { OptionLimits } from './options.ts';
import type { TftpOption } from './packet.ts';

/**
 * Firmware that needs less than it asks for. One row for each: how it is recognised, what changes, and where that was
 * seen. docs/supported-tftp.md shows what a machine gets; docs/deviations.md why.
 */

/** What is known of a client beside its request. */
export interface ClientTraits {
  readonly mac?: MacAddress;
  /** DHCP option 60 of its lease. */
  readonly vendorClass?: string;
}

interface AskingClient {
  readonly vendorClass?: string | undefined;
  /** As they stand in its request. */
  readonly options: readonly TftpOption[];
}

export interface QuirkRow {
  readonly firmware: string;
  /** How it is recognised, for people. */
  readonly shownBy: string;
  readonly recognise: (client: AskingClient) => boolean;
  readonly change: Partial<Pick<OptionLimits, 'maxBlockBytes' | 'maxWindowBlocks'>>;
  readonly because: string;
  readonly source: string;
}

/** `PXEClient:Arch:xxxxx:UNDI:yyyzzz` (PXE 2.1 §2.2.1): the architecture in decimal. */
const ARCHITECTURE = /^PXEClient:Arch:(\d{5})(?::|$)/;
/** IANA "Processor Architecture Types" with UEFI firmware that boots over TFTP. */
const UEFI_ARCHITECTURES: ReadonlySet<number> = new Set([2, 6, 7, 9, 10, 11, 25, 27, 29, 33, 34, 36, 37, 39]);
/** ARM 32-bit and 64-bit U-Boot, IANA. */
const U_BOOT_ARCHITECTURES: ReadonlySet<number> = new Set([21, 22]);

export const QUIRKS: readonly QuirkRow[] = [
  {
    firmware: 'UEFI firmware',
    shownBy: 'DHCP option 60 with a UEFI architecture',
    recognise: ({ vendorClass }) => UEFI_ARCHITECTURES.has(architectureOf(vendorClass)),
    change: { maxWindowBlocks: 16 },
    because: 'the receive ring of its Simple Network Protocol drops longer windows',
    source: 'field reports; EDK2 itself asks for 4 (PcdPxeTftpWindowSize)',
  },
  {
    firmware: 'Windows boot manager',
    shownBy: 'the option msftwindow',
    recognise: ({ options }) => options.some(({ name }) => name.toLowerCase() === 'msftwindow'),
    change: { maxWindowBlocks: 16 },
    because:
      'it receives through the firmware, whose ring is small, and asks what ramdisktftpwindowsize says',
    source: 'source of servers that answer it; ramdisktftpwindowsize may be set to any number',
  },
  {
    firmware: 'U-Boot',
    shownBy: 'DHCP option 60 of U-Boot, or timeout as the first option beside a windowsize',
    recognise: ({ vendorClass, options }) =>
      vendorClass?.startsWith('U-Boot') === true ||
      U_BOOT_ARCHITECTURES.has(architectureOf(vendorClass)) ||
      beginsLikeUBoot(options),
    change: { maxWindowBlocks: 8 },
    because: 'most boards have 4 to 16 receive buffers (CONFIG_SYS_RX_ETH_BUFFER), and polls them one by one',
    source: 'source: U-Boot include/net.h, board configurations',
  },
];

export interface ClientLimits {
  readonly limits: OptionLimits;
  /** The rows that apply. */
  readonly firmware: readonly string[];
}

/** The limits for one client: those of the server, lowered by each row that fits. */
export function limitsFor(client: AskingClient, limits: OptionLimits): ClientLimits {
  const rows = QUIRKS.filter((row) => row.recognise(client));
  let lowered = limits;
  for (const { change } of rows) {
    lowered = {
      ...lowered,
      maxBlockBytes: Math.min(lowered.maxBlockBytes, change.maxBlockBytes ?? Infinity),
      maxWindowBlocks: Math.min(lowered.maxWindowBlocks, change.maxWindowBlocks ?? Infinity),
    };
  }
  return { limits: lowered, firmware: rows.map((row) => row.firmware) };
}

function architectureOf(vendorClass = ''): number {
  return Number(ARCHITECTURE.exec(vendorClass)?.[1] ?? Number.NaN);
}

/** Its request is `timeout`, `tsize` if built so, `blksize`, `windowsize` if more than 1 (net/tftp.c). */
function beginsLikeUBoot(options: readonly TftpOption[]): boolean {
  return options[0]?.name === 'timeout' && options.at(-1)?.name === 'windowsize';
}
