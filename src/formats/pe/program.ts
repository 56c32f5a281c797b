import { DecodeError } from '../../lib/decode-error.ts';
import { LittleEndian } from '../../lib/little-endian.ts';

/** What a program of UEFI says of itself in its headers (Microsoft "PE Format"; UEFI 2.10 §2.1.1). */
export interface PeProgram {
  /** The processor, by its number there: 0x8664 is x64, 0xaa64 ARM 64-bit. */
  readonly machine: number;
  /** Whether it carries a signature; who made it, and whether it is right, is not looked at. */
  readonly isSigned: boolean;
}

/** The headers lie in these first bytes of every program seen. */
export const PE_HEADERS_BYTES = 4096;

const DOS_SIGNATURE = 0x5a4d;
/** Where the place of the PE header stands. */
const PE_OFFSET = 0x3c;
const PE_SIGNATURE = 0x0000_4550;
/** Signature and file header, before the optional header. */
const FILE_HEADER_BYTES = 24;
const PE32 = 0x10b;
const PE32_PLUS = 0x20b;
/** Where the number of data directories stands in the optional header; they follow it. */
const DIRECTORY_COUNT = { [PE32]: 92, [PE32_PLUS]: 108 } as const;
const CERTIFICATE_TABLE = 4;
const DIRECTORY_BYTES = 8;

/**
 * @param bytes the beginning of the program; see `PE_HEADERS_BYTES`.
 * @throws DecodeError when this is no such program, or its headers go on behind these bytes.
 */
export function decodePeProgram(bytes: Uint8Array): PeProgram {
  const fields = new LittleEndian(bytes);
  if (fields.uint16(0) !== DOS_SIGNATURE) throw new DecodeError('It does not begin with MZ', 0);
  const header = fields.uint32(PE_OFFSET);
  if (fields.uint32(header) !== PE_SIGNATURE) throw new DecodeError('There is no PE header', header);
  const machine = fields.uint16(header + 4);
  const optional = header + FILE_HEADER_BYTES;
  const magic = fields.uint16(optional);
  if (magic !== PE32 && magic !== PE32_PLUS)
    throw new DecodeError(`The optional header is of the kind ${magic}`, optional);
  const countAt = optional + DIRECTORY_COUNT[magic];
  if (fields.uint32(countAt) <= CERTIFICATE_TABLE) return { machine, isSigned: false };
  const certificates = countAt + 4 + CERTIFICATE_TABLE * DIRECTORY_BYTES;
  return { machine, isSigned: fields.uint32(certificates) !== 0 && fields.uint32(certificates + 4) !== 0 };
}
