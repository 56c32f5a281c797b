import { DecodeError } from '../../lib/decode-error.ts';

/** Compression of names, by the first byte: one or two bytes a letter (UDF 2.01 §2.1.1). */
const ONE_BYTE = 8;
const TWO_BYTES = 16;
/** The same for names of deleted files. */
const DELETED_ONE_BYTE = 254;
const DELETED_TWO_BYTES = 255;

/** Text in OSTA CS0. Half a pair of UTF-16 becomes U+FFFD. */
export function decodeCs0(bytes: Uint8Array): string {
  const [compression, ...codes] = bytes;
  switch (compression) {
    case undefined:
      return '';
    case ONE_BYTE:
    case DELETED_ONE_BYTE:
      // Each byte is the letter of that number of Unicode, which is Latin-1.
      return String.fromCharCode(...codes);
    case TWO_BYTES:
    case DELETED_TWO_BYTES:
      return wellFormed(bigEndianLetters(codes));
    default:
      throw new DecodeError(`A text has the compression ${compression}`, 0);
  }
}

function bigEndianLetters(bytes: readonly number[]): string {
  const letters: string[] = [];
  for (let at = 0; at + 1 < bytes.length; at += 2)
    letters.push(String.fromCharCode((bytes[at] ?? 0) * 0x100 + (bytes[at + 1] ?? 0)));
  return letters.join('');
}

function wellFormed(text: string): string {
  return text.replaceAll(/\p{Surrogate}/gu, '\uFFFD');
}

/**
 * Text in a field of fixed length, whose last byte tells how many are used (ECMA-167 1/7.2.12). It is only shown to
 * people, so a field that does not follow the rules is empty rather than a reason to refuse the disc.
 */
export function decodeDstring(field: Uint8Array): string {
  const used = field.at(-1) ?? 0;
  if (used >= field.length) return '';
  try {
    return decodeCs0(field.subarray(0, used))
      .replace(/\0.*$/s, '')
      .replaceAll(/\p{Cc}/gu, '\uFFFD');
  } catch (error) {
    if (error instanceof DecodeError) return '';
    throw error;
  }
}

/** The letters of an entity identifier (ECMA-167 1/7.4), such as `*OSTA UDF Compliant`. */
export function decodeEntityId(regid: Uint8Array): string {
  return String.fromCharCode(...regid.subarray(1, 24)).replace(/\0+$/, '');
}
