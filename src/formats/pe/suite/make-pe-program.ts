/** The headers of a program, as far as anybody looks at them. */
export function makePeProgram({
  machine = 0x8664,
  magic = 0x20b,
  signature = 'PE\0\0',
  directories = 16,
  signed = false,
}: {
  readonly machine?: number;
  readonly magic?: number;
  readonly signature?: string;
  readonly directories?: number;
  readonly signed?: boolean;
}): Uint8Array {
  const bytes = new Uint8Array(400);
  const view = new DataView(bytes.buffer);
  const header = 0x80;
  const optional = header + 24;
  const count = optional + (magic === 0x10b ? 92 : 108);
  bytes.set(new TextEncoder().encode('MZ'));
  view.setUint32(0x3c, header, true);
  bytes.set(new TextEncoder().encode(signature), header);
  view.setUint16(header + 4, machine, true);
  view.setUint16(optional, magic, true);
  view.setUint32(count, directories, true);
  if (signed) {
    view.setUint32(count + 4 + 4 * 8, 0x1000, true);
    view.setUint32(count + 4 + 4 * 8 + 4, 0x600, true);
  }
  return bytes;
}
