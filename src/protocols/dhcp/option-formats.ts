import {
  type Ipv4Address,
  type Ipv4Network,
  ipv4FromBytes,
  ipv4FromNumber,
  ipv4ToBytes,
  ipv4ToNumber,
  networkOf,
} from '../../lib/addresses.ts';
import { ByteReader, decodeText } from '../../lib/byte-reader.ts';
import { ByteWriter, encodeText } from '../../lib/byte-writer.ts';
import { DecodeError } from '../../lib/decode-error.ts';

/** The shapes an option's value can have; each has one way to be read, written, and typed in by people. */
export type OptionKind =
  | 'address'
  | 'address list'
  | 'address pairs'
  | 'text'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'int32'
  | 'seconds'
  | 'boolean'
  | 'uint8 list'
  | 'uint16 list'
  | 'domain list'
  | 'routes'
  | 'user classes'
  | 'nothing'
  | 'bytes';

export interface OptionFormat<T> {
  readonly kind: OptionKind;
  /** @throws DecodeError when the bytes are not of this format. */
  decode(bytes: Uint8Array): T;
  encode(value: T): Uint8Array;
}

/** One route of option 121: to `network`, by way of `router`. */
export interface ClasslessRoute {
  readonly network: Ipv4Network;
  readonly router: Ipv4Address;
}

/**
 * A value of a fixed size. A client that sends such an option twice has it concatenated by RFC 3396; the first
 * one counts, so a repeated option is as good as a single one.
 */
function fixed<T>(
  kind: OptionKind,
  size: number,
  read: (reader: ByteReader) => T,
  write: (value: T, writer: ByteWriter) => void,
): OptionFormat<T> {
  return {
    kind,
    decode(bytes) {
      wantMultipleOf(size, bytes, kind);
      return read(new ByteReader(bytes));
    },
    encode(value) {
      const writer = new ByteWriter(size, size);
      write(value, writer);
      return writer.finish();
    },
  };
}

function list<T>(
  kind: OptionKind,
  size: number,
  read: (reader: ByteReader) => T,
  write: (value: T, writer: ByteWriter) => void,
): OptionFormat<readonly T[]> {
  return {
    kind,
    decode(bytes) {
      wantMultipleOf(size, bytes, kind);
      const reader = new ByteReader(bytes);
      const values: T[] = [];
      while (reader.remaining > 0) values.push(read(reader));
      return values;
    },
    encode(values) {
      const bytes = values.length * size;
      const writer = new ByteWriter(bytes, bytes);
      for (const value of values) write(value, writer);
      return writer.finish();
    },
  };
}

function wantMultipleOf(size: number, bytes: Uint8Array, kind: OptionKind): void {
  if (bytes.length > 0 && bytes.length % size === 0) return;
  throw new DecodeError(`An option of ${bytes.length} bytes cannot be read as ${kind}`, 0);
}

const readAddress = (reader: ByteReader): Ipv4Address => ipv4FromNumber(reader.uint32());
const writeAddress = (address: Ipv4Address, writer: ByteWriter): void => {
  writer.uint32(ipv4ToNumber(address));
};

export const address = fixed<Ipv4Address>('address', 4, readAddress, writeAddress);
export const addressList = list<Ipv4Address>('address list', 4, readAddress, writeAddress);

export const addressPairs = list<readonly [Ipv4Address, Ipv4Address]>(
  'address pairs',
  8,
  (reader) => [readAddress(reader), readAddress(reader)],
  ([first, second], writer) => {
    writeAddress(first, writer);
    writeAddress(second, writer);
  },
);

export const uint8 = fixed<number>(
  'uint8',
  1,
  (reader) => reader.uint8(),
  (value, writer) => void writer.uint8(value),
);

export const uint16 = fixed<number>(
  'uint16',
  2,
  (reader) => reader.uint16(),
  (value, writer) => void writer.uint16(value),
);

const uint32Like = (kind: OptionKind): OptionFormat<number> =>
  fixed<number>(
    kind,
    4,
    (reader) => reader.uint32(),
    (value, writer) => void writer.uint32(value),
  );

export const uint32 = uint32Like('uint32');
/** Unsigned; 0xffffffff means for ever (RFC 2131 §3.3). */
export const seconds = uint32Like('seconds');

export const int32 = fixed<number>(
  'int32',
  4,
  (reader) => reader.uint32() | 0,
  (value, writer) => void writer.uint32(value >>> 0),
);

/** 0 is false, 1 is true (RFC 2132 §4.1); other values have been seen as true. */
export const boolean = fixed<boolean>(
  'boolean',
  1,
  (reader) => reader.uint8() !== 0,
  (value, writer) => void writer.uint8(value ? 1 : 0),
);

export const uint8List = list<number>(
  'uint8 list',
  1,
  (reader) => reader.uint8(),
  (value, writer) => void writer.uint8(value),
);

export const uint16List = list<number>(
  'uint16 list',
  2,
  (reader) => reader.uint16(),
  (value, writer) => void writer.uint16(value),
);

/**
 * RFC 2132 §2 wants no NUL at the end and tells receivers to trim one. ROMs were seen with a NUL, and with 0xFF
 * taken in from behind the option.
 */
export const text: OptionFormat<string> = {
  kind: 'text',
  decode: decodeClientText,
  encode: encodeText,
};

/** Text up to the first NUL, without 0xFF at its end. */
export function decodeClientText(bytes: Uint8Array): string {
  if (bytes[0] === 0) return '';
  const nul = bytes.indexOf(0);
  let end = nul === -1 ? bytes.length : nul;
  while (end > 0 && bytes[end - 1] === 0xff) end -= 1;
  return decodeText(bytes.subarray(0, end));
}

export const bytes: OptionFormat<Uint8Array> = {
  kind: 'bytes',
  decode: (value) => value,
  encode: (value) => value,
};

/** An option that says all by being there, such as Rapid Commit (RFC 4039). */
export const nothing: OptionFormat<true> = {
  kind: 'nothing',
  decode: () => true,
  encode: () => new Uint8Array(0),
};

/**
 * User class (RFC 3004): one or more texts, each behind its length. iPXE sends the bare text `iPXE`, so what
 * does not divide exactly into texts with lengths is one bare text.
 */
export const userClasses: OptionFormat<readonly string[]> = {
  kind: 'user classes',
  decode(bytes) {
    return withLengths(bytes) ?? [decodeClientText(bytes)];
  },
  encode(classes) {
    const writer = new ByteWriter();
    for (const name of classes) {
      const encoded = encodeText(name);
      if (encoded.length === 0 || encoded.length > 255)
        throw new RangeError(`A user class has 1 to 255 bytes, "${name}" has ${encoded.length}`);
      writer.uint8(encoded.length).bytes(encoded);
    }
    return writer.finish();
  },
};

function withLengths(bytes: Uint8Array): readonly string[] | undefined {
  const reader = new ByteReader(bytes);
  const classes: string[] = [];
  while (reader.remaining > 0) {
    const length = reader.uint8();
    if (length === 0 || length > reader.remaining) return undefined;
    classes.push(decodeClientText(reader.bytes(length)));
  }
  return classes;
}

/** Classless static routes (RFC 3442): prefix length, as many octets as it needs, router. */
export const routes: OptionFormat<readonly ClasslessRoute[]> = {
  kind: 'routes',
  decode(bytes) {
    const reader = new ByteReader(bytes);
    const found: ClasslessRoute[] = [];
    while (reader.remaining > 0) {
      const prefixLength = reader.uint8();
      if (prefixLength > 32)
        throw new DecodeError(`A route cannot have a prefix of ${prefixLength} bits`, reader.offset);
      const octets = new Uint8Array(4);
      octets.set(reader.bytes(Math.ceil(prefixLength / 8)));
      found.push({
        network: networkOf(ipv4FromBytes(octets), prefixLength),
        router: ipv4FromBytes(reader.bytes(4)),
      });
    }
    return found;
  },
  encode(values) {
    const writer = new ByteWriter();
    for (const { network, router } of values) {
      const octets = ipv4ToBytes(network.address).subarray(0, Math.ceil(network.prefixLength / 8));
      writer.uint8(network.prefixLength).bytes(octets).bytes(ipv4ToBytes(router));
    }
    return writer.finish();
  },
};
