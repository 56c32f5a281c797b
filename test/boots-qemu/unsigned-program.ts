/**
 * Where a program of UEFI (PE32+) says that it is signed, in Microsoft's "PE Format": the certificate table is
 * entry 4 of the data directories, which stand after the fixed part of the optional header.
 */
const PE_OFFSET = 0x3c;
const SIGNATURE_AND_FILE_HEADER_BYTES = 24;
const PE32_PLUS = 0x20b;
const DIRECTORIES = 112;
const CERTIFICATES = DIRECTORIES + 4 * 8;

/** The program as it would be had nobody signed it. @throws RangeError when it is no program of 64-bit UEFI. */
export function withoutSignature(program: Buffer): Buffer {
  const copy = Buffer.from(program);
  const header = copy.readUInt32LE(PE_OFFSET) + SIGNATURE_AND_FILE_HEADER_BYTES;
  if (copy.readUInt16LE(header) !== PE32_PLUS)
    throw new RangeError('Cannot take the signature away: this is no PE32+ program');
  copy.fill(0, header + CERTIFICATES, header + CERTIFICATES + 8);
  return copy;
}
