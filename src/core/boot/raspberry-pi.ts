import { macToBytes, type MacAddress, swapUuidByteOrder, type Uuid } from '../../lib/addresses.ts';

/** Prefixes that IEEE gave to the makers of the Raspberry Pi. */
const PREFIXES: ReadonlySet<string> = new Set([
  'b8:27:eb',
  'dc:a6:32',
  'e4:5f:01',
  'd8:3a:dd',
  '28:cd:c1',
  '2c:cf:67',
]);
/** Option 93 of its newer boot loader (IANA). Older ones call themselves an x86 BIOS. */
export const RASPBERRY_PI = 41;
const X86_BIOS = 0;
/**
 * Option 97 of the 4 and 5 has their name, board revision, the end of the MAC address and the serial number, each of
 * four bytes. The name is a number (0x34695052, rpi-eeprom): a Pi 4 of 2021 sent `4iPR` behind the type.
 */
const NAMES: ReadonlySet<string> = new Set(['RPi4', '4iPR', 'RPi5', '5iPR']);
const NAME_BYTES = 4;

export interface BoardSigns {
  readonly mac?: MacAddress | undefined;
  /** Option 93. */
  readonly architecture?: number | undefined;
  /** Option 97, as it came. */
  readonly machineId?: Uint8Array | undefined;
}

/** Whether the boot ROM of a Raspberry Pi asks: it fetches files by names of its own, and no boot file. */
export function isRaspberryPi({ mac, architecture, machineId }: BoardSigns): boolean {
  if (architecture === RASPBERRY_PI) return true;
  if (hasBoardName(machineId)) return true;
  return architecture === X86_BIOS && mac !== undefined && PREFIXES.has(prefixOf(mac));
}

/** Whether it takes the address of an offer and never asks for it, as the ROM of the 2B 1.2, 3B and 3B+ does. */
export function takesOfferUnasked(signs: BoardSigns): boolean {
  return isRaspberryPi(signs) && signs.architecture !== RASPBERRY_PI && !hasBoardName(signs.machineId);
}

/** With the type before it, or without. */
function hasBoardName(machineId: Uint8Array | undefined): boolean {
  if (machineId === undefined) return false;
  return [0, 1].some((at) => NAMES.has(String.fromCodePoint(...machineId.subarray(at, at + NAME_BYTES))));
}

/**
 * The serial number in option 97, as the Pi spells it in the names it asks for: `91cdf03d`. The 3 sends it four times
 * over, little-endian, and its ROM the last byte of its MAC address sixteen times, which is none.
 */
export function raspberryPiSerial(uuid: Uuid): string | undefined {
  const wire = swapUuidByteOrder(uuid).replaceAll('-', '').match(/../g) ?? [];
  const words = [0, 4, 8, 12].map((at) => wire.slice(at, at + NAME_BYTES));
  const [first = [], last = []] = [words[0], words.at(-1)];
  const name = String.fromCodePoint(...first.map((octet) => Number.parseInt(octet, 16)));
  const isRepeated = words.every((word) => word.join('') === first.join('')) && new Set(first).size > 1;
  return NAMES.has(name) || isRepeated ? last.toReversed().join('') : undefined;
}

/** Whether a lease is a Raspberry Pi's, by its card or by what option 97 was. */
export function isRaspberryPiLease({
  mac,
  uuid,
}: {
  readonly mac?: MacAddress | undefined;
  readonly uuid?: Uuid | undefined;
}): boolean {
  if (mac !== undefined && PREFIXES.has(prefixOf(mac))) return true;
  return uuid !== undefined && /^(?:3[45]695052|5250693[45])/.test(swapUuidByteOrder(uuid));
}

function prefixOf(mac: MacAddress): string {
  return [...macToBytes(mac).subarray(0, 3)].map((octet) => octet.toString(16).padStart(2, '0')).join(':');
}
