import { DecodeError } from '../../lib/decode-error.ts';
import { ByteReader } from '../../lib/byte-reader.ts';

/** `\0asm` and version 1 (WebAssembly Core Specification 1.0 §5.5.16). */
const PREAMBLE = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
/** §5.5.2 */
const MEMORY_SECTION = 5;
/** §5.3.5: limits without and with a maximum. */
const WITHOUT_MAXIMUM = 0x00;
const WITH_MAXIMUM = 0x01;
/** Numbers have 32 bits at most, in groups of seven (§5.2.2). */
const MAX_NUMBER_BYTES = 5;

export const WASM_PAGE_BYTES = 65_536;

/**
 * The same module, whose memory does not grow beyond so many pages: its code gets an error when it asks for more.
 * Engines have a limit for whole processes only, and what Node calls resource limits leaves this memory out.
 *
 * @throws DecodeError when it is no module with one memory of its own.
 */
export function limitMemory(module: Uint8Array, maxPages: number): Uint8Array<ArrayBuffer> {
  const reader = new ByteReader(module);
  for (const byte of PREAMBLE)
    if (reader.uint8() !== byte) throw new DecodeError('This is no WebAssembly module', 0);
  while (reader.remaining > 0) {
    const start = reader.offset;
    const id = reader.uint8();
    const length = readNumber(reader);
    const end = reader.offset + length;
    if (id !== MEMORY_SECTION) {
      reader.skip(length);
      continue;
    }
    const section = limitedSection(reader, maxPages);
    if (reader.offset !== end)
      throw new DecodeError('The section of memories is not as long as it says', start);
    return joinBytes([module.subarray(0, start), section, module.subarray(end)]);
  }
  throw new DecodeError('This module has no memory of its own', module.length);
}

function limitedSection(reader: ByteReader, maxPages: number): Uint8Array {
  const { offset } = reader;
  const count = readNumber(reader);
  const limits = reader.uint8();
  if (count !== 1 || (limits !== WITHOUT_MAXIMUM && limits !== WITH_MAXIMUM))
    throw new DecodeError('One memory that is not shared was expected', offset);
  const least = readNumber(reader);
  const most = Math.min(maxPages, limits === WITH_MAXIMUM ? readNumber(reader) : maxPages);
  if (least > most)
    throw new DecodeError(`The module begins with ${least} pages of memory, more than ${most}`, offset);
  const body = [...writeNumber(1), WITH_MAXIMUM, ...writeNumber(least), ...writeNumber(most)];
  return Uint8Array.from([MEMORY_SECTION, ...writeNumber(body.length), ...body]);
}

/** Unsigned LEB128. */
function readNumber(reader: ByteReader): number {
  let value = 0;
  for (let at = 0; at < MAX_NUMBER_BYTES; at += 1) {
    const byte = reader.uint8();
    value += (byte & 0x7f) * 2 ** (7 * at);
    if (byte < 0x80) return value;
  }
  throw new DecodeError('A number has too many bytes', reader.offset);
}

function writeNumber(value: number): readonly number[] {
  const low = value % 0x80;
  return value < 0x80 ? [low] : [low + 0x80, ...writeNumber(Math.floor(value / 0x80))];
}

function joinBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
