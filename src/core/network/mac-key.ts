import type { MacAddress } from '../../lib/addresses.ts';

/** The keys of clients that are their MAC address, as numbers: a million texts would be most of a table of leases. */

/** No number: the key is another text. */
export const NO_MAC_KEY = -1;

const PREFIX = 'mac:';
const OCTETS = 6;
const LENGTH = PREFIX.length + OCTETS * 3 - 1;
const COLON = 0x3a;
const DIGIT_ZERO = 0x30;
const DIGIT_NINE = 0x39;
const LETTER_A = 0x61;
const LETTER_F = 0x66;
const HEX_OCTETS = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'));

/** The 48 bits of a key that `macKey` makes, exactly as it makes it; `NO_MAC_KEY` of any other text. */
export function macKeyNumber(key: string): number {
  if (key.length !== LENGTH || !key.startsWith(PREFIX)) return NO_MAC_KEY;
  let number = 0;
  for (let at = PREFIX.length; at < LENGTH; at += 3) {
    if (at > PREFIX.length && key.charCodeAt(at - 1) !== COLON) return NO_MAC_KEY;
    const high = digitOf(key.charCodeAt(at));
    const low = digitOf(key.charCodeAt(at + 1));
    if (high < 0 || low < 0) return NO_MAC_KEY;
    number = number * 256 + high * 16 + low;
  }
  return number;
}

/** The key that this is the number of. */
export function macKeyText(number: number): string {
  return `${PREFIX}${macOfKeyNumber(number)}`;
}

export function macOfKeyNumber(number: number): MacAddress {
  const high = Math.floor(number / 2 ** 32);
  const octet = (bits: number): string => HEX_OCTETS[bits & 0xff] ?? '';
  return `${octet(high >>> 8)}:${octet(high)}:${octet(number >>> 24)}:${octet(number >>> 16)}:${octet(number >>> 8)}:${octet(number)}` as MacAddress;
}

/** Of a lower-case hexadecimal digit; negative for anything else. */
function digitOf(code: number): number {
  if (code >= DIGIT_ZERO && code <= DIGIT_NINE) return code - DIGIT_ZERO;
  return code >= LETTER_A && code <= LETTER_F ? code - LETTER_A + 10 : -1;
}
