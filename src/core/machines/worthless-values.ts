import type { Uuid } from '../../lib/addresses.ts';
import { SHARED_UUIDS } from '../../protocols/dhcp/pxe.ts';
import { namesNobody } from '../boot/script-name.ts';

/** What makers leave in the SMBIOS where a number belongs, in small letters: thousands of boards have the same. */
const WORTHLESS_TEXTS: ReadonlySet<string> = new Set([
  'to be filled by o.e.m.',
  'to be filled by oem',
  'filled by o.e.m.',
  'o.e.m.',
  'oem',
  'default string',
  'default_string',
  'system serial number',
  'chassis serial number',
  'base board serial number',
  'serial number',
  'asset tag',
  'asset-1234567890',
  'no asset tag',
  'no asset information',
  'not specified',
  'not available',
  'not applicable',
  'not present',
  'none',
  'null',
  'n/a',
  'na',
  'unknown',
  'undefined',
  'invalid',
  'empty',
  'test',
  '123456789',
  '1234567890',
  '0123456789',
  '123456789abc',
  'sysserial',
  'system product name',
]);

/** Nothing but one letter again and again, as `0000000`, `XXXXXX` and `......`. */
const ONE_LETTER = /^(.)\1*$/;

/** A serial number or an asset tag that tells no machine from others. */
export function isWorthlessText(text: string): boolean {
  const small = text.trim().toLowerCase();
  return small === '' || WORTHLESS_TEXTS.has(small) || ONE_LETTER.test(small);
}

/** All zeros, all ones, and those that makers copied to many boards. */
export function isWorthlessUuid(uuid: Uuid): boolean {
  return namesNobody(uuid) || SHARED_UUIDS.has(uuid);
}
