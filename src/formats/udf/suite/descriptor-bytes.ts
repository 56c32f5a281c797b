/** Bytes of UDF descriptors as the specification has them: the other side of the decoders, for their tests. */

export interface Address {
  readonly block: number;
  readonly partition: number;
}

/** 2024-05-17 13:45:30.25 in a zone two hours east of Greenwich. */
export const TIMESTAMP = [0x78, 0x10, 0xe8, 0x07, 5, 17, 13, 45, 30, 25, 0, 0];
export const TIMESTAMP_MS = Date.UTC(2024, 4, 17, 11, 45, 30, 250);

/** A descriptor while it is filled in; numbers are little-endian. */
export class Descriptor {
  readonly bytes: Uint8Array;
  readonly #view: DataView;

  constructor(length: number) {
    this.bytes = new Uint8Array(length);
    this.#view = new DataView(this.bytes.buffer);
  }

  uint8(at: number, value: number): this {
    this.#view.setUint8(at, value);
    return this;
  }

  uint16(at: number, value: number): this {
    this.#view.setUint16(at, value, true);
    return this;
  }

  uint32(at: number, value: number): this {
    this.#view.setUint32(at, value, true);
    return this;
  }

  uint64(at: number, value: number): this {
    this.#view.setBigUint64(at, BigInt(value), true);
    return this;
  }

  put(at: number, bytes: Iterable<number>): this {
    this.bytes.set([...bytes], at);
    return this;
  }

  timestamp(at: number): this {
    return this.put(at, TIMESTAMP);
  }

  /** @param suffix the eight bytes behind the name. */
  entityId(at: number, name: string, suffix: readonly number[] = []): this {
    return this.put(at + 1, latin1(name)).put(at + 24, suffix);
  }

  charset(at: number): this {
    return this.put(at + 1, latin1('OSTA Compressed Unicode'));
  }

  dstring(at: number, length: number, text: string): this {
    const encoded = encodeCs0(text);
    return this.put(at, encoded).uint8(at + length - 1, encoded.length);
  }

  longAddress(at: number, bytes: number, { block, partition }: Address): this {
    return this.uint32(at, bytes)
      .uint32(at + 4, block)
      .uint16(at + 8, partition);
  }

  /** Writes the tag last, as the CRC is over all that follows it. */
  seal(id: number, location: number, version: number, used = this.bytes.length): Uint8Array {
    this.uint16(0, id).uint16(2, version).uint16(6, 1).uint32(12, location);
    resealDescriptor(this.bytes, 0, used);
    return this.bytes;
  }
}

/** Makes sum and CRC of the descriptor there right again, after something else in it was changed. */
export function resealDescriptor(image: Uint8Array, at: number, used?: number): void {
  const view = new DataView(image.buffer, image.byteOffset + at);
  const crcBytes = used === undefined ? view.getUint16(10, true) : used - 16;
  view.setUint16(8, slowCrc(image.subarray(at + 16, at + 16 + crcBytes)), true);
  view.setUint16(10, crcBytes, true);
  view.setUint8(4, 0);
  let sum = 0;
  for (let index = 0; index < 16; index += 1) sum += view.getUint8(index);
  view.setUint8(4, sum & 0xff);
}

/** Bit by bit, unlike the one it is to check. */
function slowCrc(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit -= 1) {
      const out = ((crc >> 15) & 1) ^ ((byte >> bit) & 1);
      crc = ((crc << 1) & 0xffff) ^ (out === 1 ? 0x1021 : 0);
    }
  }
  return crc;
}

export function encodeCs0(text: string): number[] {
  if (text === '') return [];
  const codes = Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
  return codes.every((code) => code < 0x100)
    ? [8, ...codes]
    : [16, ...codes.flatMap((code) => [code >> 8, code & 0xff])];
}

export function latin1(text: string): number[] {
  return Array.from(text, (letter) => letter.charCodeAt(0));
}

/** A name in a folder. */
export function fileIdentifier(
  name: readonly number[],
  entry: Address,
  options: { readonly characteristics: number; readonly blockBytes: number; readonly extra?: number },
): Uint8Array {
  const { characteristics, blockBytes, extra = 0 } = options;
  const length = (38 + extra + name.length + 3) & ~3;
  return new Descriptor(length)
    .uint16(16, 1)
    .uint8(18, characteristics)
    .uint8(19, name.length)
    .longAddress(20, blockBytes, entry)
    .uint16(36, extra)
    .put(38 + extra, name)
    .seal(257, entry.block, 3);
}
