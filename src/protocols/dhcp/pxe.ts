import { type Ipv4Address, ipv4ToBytes, type Uuid, uuidFromWireBytes } from '../../lib/addresses.ts';
import { ByteReader } from '../../lib/byte-reader.ts';
import { ByteWriter } from '../../lib/byte-writer.ts';
import { DecodeError } from '../../lib/decode-error.ts';

/** Option 43's sub-options where option 60 says PXEClient (PXE 2.1 §2.1, table 2-1). */
export const PxeSubOption = {
  discoveryControl: 6,
  multicastDiscovery: 7,
  bootServers: 8,
  bootMenu: 9,
  menuPrompt: 10,
  bootItem: 71,
} as const;

const PAD = 0;
const END = 255;

/**
 * Sub-options in their order, also where the END is missing.
 *
 * @throws DecodeError
 */
export function decodePxeSubOptions(raw: Uint8Array): ReadonlyMap<number, Uint8Array> {
  const reader = new ByteReader(raw);
  const values = new Map<number, Uint8Array>();
  while (reader.remaining > 0) {
    const code = reader.uint8();
    if (code === END) break;
    if (code === PAD) continue;
    values.set(code, reader.bytes(reader.uint8()));
  }
  return values;
}

/** The same of a client's option 43; undefined where it has none, or another vendor's, whose shape is not this one. */
export function readPxeSubOptions(raw: Uint8Array | undefined): ReadonlyMap<number, Uint8Array> | undefined {
  if (raw === undefined) return undefined;
  try {
    return decodePxeSubOptions(raw);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** Bytes of a boot item: its type and its layer (PXE 2.1 table 2-1). */
const BOOT_ITEM_BYTES = 4;
/** Type 0 is the client's own disk, which nobody has to be asked for. */
const LOCAL_BOOT = 0;
/** In the layer: the client wants the credentials of the item and not the item; there are none. */
const WANTS_CREDENTIALS = 0x8000;

/**
 * The boot item that a client asks a boot server for, as it is told back; undefined where it asks for none, or for
 * nothing that a boot server has.
 */
export function readBootItem(raw: Uint8Array | undefined): Uint8Array | undefined {
  const item = readPxeSubOptions(raw)?.get(PxeSubOption.bootItem);
  if (item?.length !== BOOT_ITEM_BYTES) return undefined;
  const reader = new ByteReader(item);
  const type = reader.uint16();
  const layer = reader.uint16();
  return type === LOCAL_BOOT || (layer & WANTS_CREDENTIALS) !== 0 ? undefined : item;
}

/** EDK2 and GRUB read only the first instance of option 43, so it may not be split (RFC 3396). */
const MAX_OPTION_43_BYTES = 255;

/** @throws RangeError when the sub-options need more than one instance of option 43. */
export function encodePxeSubOptions(values: ReadonlyMap<number, Uint8Array>): Uint8Array {
  const writer = new ByteWriter(MAX_OPTION_43_BYTES);
  for (const [code, value] of values) writer.uint8(code).uint8(value.length).bytes(value);
  return writer.uint8(END).finish();
}

/** What a server says in option 60 to firmware that wants to hear it (PXE 2.1 §2.2.2, UEFI 2.10 §24.7.3.1). */
export const SERVER_CLASS = { PXE: 'PXEClient', HTTP: 'HTTPClient' } as const;

/** What option 60 of a boot client says of itself. */
export interface BootClass {
  readonly firmware: 'PXE' | 'HTTP';
  /** Absent where the text goes on in another way than PXE 2.1 says. */
  readonly architecture?: number;
  readonly undi?: { readonly major: number; readonly minor: number };
}

/** `PXEClient:Arch:xxxxx:UNDI:yyyzzz`, decimal (PXE 2.1 §2.2.1); HTTP Boot has the same with HTTPClient (UEFI 2.10 §24.7). */
const BOOT_CLASS = /^(PXE|HTTP)Client(?::Arch:(\d{5}):UNDI:(\d{3})(\d{3}))?/;

/** Undefined where the vendor class is not that of boot firmware. */
export function decodeBootClass(vendorClass: string): BootClass | undefined {
  const match = BOOT_CLASS.exec(vendorClass);
  if (!match) return undefined;
  const firmware = match[1] === 'HTTP' ? 'HTTP' : 'PXE';
  if (match[2] === undefined) return { firmware };
  return {
    firmware,
    architecture: Number(match[2]),
    undi: { major: Number(match[3]), minor: Number(match[4]) },
  };
}

/** Discovery control (PXE 2.1 table 2-1). */
const FETCH_THE_BOOT_FILE = 0x08;
const ASK_ONLY_THE_LIST = 0x07;
/** Types from here on are for whoever wants one (PXE 2.1 table 2-1). */
const OWN_BOOT_TYPE = 0x8000;

/** Where the offer names a boot file, it is fetched, without menu and discovery. */
export function fetchTheFile(): ReadonlyMap<number, Uint8Array> {
  return new Map([[PxeSubOption.discoveryControl, Uint8Array.of(FETCH_THE_BOOT_FILE)]]);
}

/**
 * A menu of one item that is chosen at once, and the one server that has it: the client asks that server's port 4011
 * for the item, as dnsmasq has BIOS ROMs do it.
 */
export function menuOfOne(server: Ipv4Address): ReadonlyMap<number, Uint8Array> {
  const words = new TextEncoder().encode('Muster');
  const type = [OWN_BOOT_TYPE >> 8, OWN_BOOT_TYPE & 0xff];
  return new Map([
    [PxeSubOption.discoveryControl, Uint8Array.of(ASK_ONLY_THE_LIST)],
    [PxeSubOption.bootServers, Uint8Array.of(...type, 1, ...ipv4ToBytes(server))],
    [PxeSubOption.bootMenu, Uint8Array.of(...type, words.length, ...words)],
    [PxeSubOption.menuPrompt, Uint8Array.of(0, ...words)],
  ]);
}

/**
 * What the boot ROM of a Raspberry Pi wants in option 43, or it takes no boot server: a discovery control, a prompt and
 * a menu with these words in it; the 3B reads three blanks behind them (Raspberry Pi documentation, rpi-eeprom).
 */
export function raspberryPiOptions(): Uint8Array {
  const words = new TextEncoder().encode('Raspberry Pi Boot   ');
  return encodePxeSubOptions(
    new Map([
      [PxeSubOption.discoveryControl, Uint8Array.of(3)],
      [PxeSubOption.menuPrompt, Uint8Array.of(0, 0x50, 0x58, 0x45)],
      [PxeSubOption.bootMenu, Uint8Array.of(0, 0, words.length, ...words)],
    ]),
  );
}

/** U-Boot's classes, with its numbers in the table of option 93 (U-Boot `CONFIG_BOOTP_VCI_STRING`, `CONFIG_BOOTP_PXE_CLIENTARCH`). */
const UBOOT_ARCHITECTURES: ReadonlyMap<string, number> = new Map([
  ['U-Boot.armv7', 21],
  ['U-Boot.armv8', 22],
]);

/** The architecture that a vendor class names; undefined where it names none. */
export function architectureOfClass(vendorClass: string): number | undefined {
  return decodeBootClass(vendorClass)?.architecture ?? UBOOT_ARCHITECTURES.get(vendorClass);
}

/** Option 94 (RFC 4578 §2.2): 1 is UNDI, the only type there is. */
export interface NetworkInterfaceType {
  readonly type: number;
  readonly major: number;
  readonly minor: number;
}

/** @throws DecodeError */
export function decodeNetworkInterfaceType(raw: Uint8Array): NetworkInterfaceType {
  const reader = new ByteReader(raw);
  return { type: reader.uint8(), major: reader.uint8(), minor: reader.uint8() };
}

/** Bytes of option 97: a type, which is 0, and the 16 of the SMBIOS UUID (RFC 4578 §2.3). */
const MACHINE_ID_BYTES = 17;
const MACHINE_ID_TYPE = 0;

/**
 * What OEMs leave in the SMBIOS where a serial belongs: the same on thousands of boards. All-zero comes from
 * EDK2 without a UUID, the others from boards on sale.
 */
export const SHARED_UUIDS: ReadonlySet<string> = new Set([
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  '03000200-0400-0500-0006-000700080009',
  '00020003-0004-0005-0006-000700080009',
  '12345678-1234-5678-90ab-cddeefaabbcc',
  '11111111-2222-3333-4444-555555555555',
  '01234567-8910-1112-1314-151617181920',
  'fefefefe-fefe-fefe-fefe-fefefefefefe',
]);

/** The machine's UUID; undefined where option 97 has another form (Raspberry Pi) or its value names no machine. */
export function decodeMachineUuid(raw: Uint8Array): Uuid | undefined {
  if (raw.length !== MACHINE_ID_BYTES || raw[0] !== MACHINE_ID_TYPE) return undefined;
  const uuid = uuidFromWireBytes(raw.subarray(1));
  return SHARED_UUIDS.has(uuid) ? undefined : uuid;
}
