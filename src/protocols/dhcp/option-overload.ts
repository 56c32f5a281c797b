import { ByteReader } from '../../lib/byte-reader.ts';
import type { ByteWriter } from '../../lib/byte-writer.ts';
import { DhcpOptions, Options } from './options.ts';

/** Neither has a length byte (RFC 2132 §3.1, §3.2). */
const PAD = 0;
const END = 255;

/** What fits behind one length byte; longer values go on in a second option of the same code (RFC 3396). */
const MAX_INSTANCE_BYTES = 255;

/** Which header fields hold options as well (RFC 2132 §9.3). */
const OVERLOADS_FILE = 1;
const OVERLOADS_SNAME = 2;

/** A part of a message that may hold options: the message up to the end of the area, and where the area begins. */
export interface OptionArea {
  readonly upTo: Uint8Array;
  readonly start: number;
}

export interface DecodedOptions {
  readonly options: DhcpOptions;
  /** Then the field is no name. */
  readonly fileHoldsOptions: boolean;
  readonly snameHoldsOptions: boolean;
}

/**
 * Reads the options field and, where option 52 says so, `file` and then `sname` (RFC 2131 §4.1, RFC 3396 §5),
 * and puts the parts of an option together that came in several. A missing END is no error, since the area ends
 * anyway; a length that leads out of the area is.
 *
 * @throws DecodeError
 */
export function decodeOptions(field: OptionArea, file: OptionArea, sname: OptionArea): DecodedOptions {
  const read: ReadOptions = { codes: [], values: [], overload: undefined };
  readArea(field, read);
  const { overload = 0 } = read;
  const fileHoldsOptions = (overload & OVERLOADS_FILE) !== 0;
  const snameHoldsOptions = (overload & OVERLOADS_SNAME) !== 0;
  if (fileHoldsOptions) readArea(file, read);
  if (snameHoldsOptions) readArea(sname, read);
  return { options: new DhcpOptions(read.codes, read.values), fileHoldsOptions, snameHoldsOptions };
}

interface ReadOptions {
  readonly codes: number[];
  readonly values: Uint8Array[];
  /** The first byte of option 52, which is a matter of the wire alone. */
  overload: number | undefined;
}

function readArea(area: OptionArea, into: ReadOptions): void {
  const reader = new ByteReader(area.upTo, area.start);
  while (reader.remaining > 0) {
    const code = reader.uint8();
    if (code === END) return;
    if (code === PAD) continue;
    const part = reader.bytes(reader.uint8());
    if (code === Options.overload.code) {
      into.overload ??= part[0];
      continue;
    }
    const at = into.codes.indexOf(code);
    const before = into.values[at];
    if (before !== undefined) into.values[at] = joined(before, part);
    else {
      into.codes.push(code);
      into.values.push(part);
    }
  }
}

function joined(before: Uint8Array, part: Uint8Array): Uint8Array {
  const whole = new Uint8Array(before.length + part.length);
  whole.set(before);
  whole.set(part, before.length);
  return whole;
}

/**
 * Writes the options and END. Never overloads `file` and `sname`: RedHat's GRUB then takes no boot file at all,
 * and 1472 bytes are enough.
 */
export function encodeOptions(options: DhcpOptions, writer: ByteWriter): void {
  const { values } = options;
  options.codes.forEach((code, at) => {
    const value = values[at] ?? NO_BYTES;
    if (value.length <= MAX_INSTANCE_BYTES) writer.uint8(code).uint8(value.length).bytes(value);
    else encodeInstances(code, value, writer);
  });
  writer.uint8(END);
}

const NO_BYTES = new Uint8Array(0);

/** RFC 3396 §5: as many instances as it takes, each but the last one full. */
function encodeInstances(code: number, value: Uint8Array, writer: ByteWriter): void {
  for (let at = 0; at < value.length; at += MAX_INSTANCE_BYTES) {
    const piece = value.subarray(at, at + MAX_INSTANCE_BYTES);
    writer.uint8(code).uint8(piece.length).bytes(piece);
  }
}

/** Bytes an option of this value takes on the wire. */
export function optionBytes(value: Uint8Array): number {
  return value.length + 2 * Math.max(1, Math.ceil(value.length / MAX_INSTANCE_BYTES));
}
