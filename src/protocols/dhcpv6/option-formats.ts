import { type Ipv6Address, ipv6FromBytes } from '../../lib/addresses.ts';
import { ByteReader, decodeText } from '../../lib/byte-reader.ts';
import { ByteWriter, encodeText } from '../../lib/byte-writer.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import { ipv6ToBytes } from '../../lib/ipv6-address.ts';

/** How the value of an option is read and written. */
export interface OptionFormat<T> {
  /** @throws DecodeError when the bytes are not of this format, all of them. */
  decode(bytes: Uint8Array): T;
  encode(value: T): Uint8Array;
}

/** An identity association for addresses that stay (RFC 8415 §21.4), as far as anybody here looks at it. */
export interface IdentityAssociation {
  readonly iaid: number;
  readonly t1Seconds: number;
  readonly t2Seconds: number;
  /** What the client wants, or has. */
  readonly addresses: readonly Ipv6Address[];
  readonly status?: Status | undefined;
}

export interface Status {
  readonly code: number;
  /** For people. */
  readonly message: string;
}

/** RFC 8415 §21.13. */
export const StatusCode = { success: 0, unspecFail: 1, noAddrsAvail: 2, noBinding: 3 } as const;

export interface VendorClass {
  /** IANA "Private Enterprise Numbers". */
  readonly enterprise: number;
  readonly classes: readonly string[];
}

export interface NetworkInterfaceIdentifier {
  readonly type: number;
  readonly major: number;
  readonly minor: number;
}

export interface LinkLayerAddress {
  /** IANA "Hardware Types"; 1 is Ethernet. */
  readonly hardwareType: number;
  readonly address: Uint8Array;
}

/** A DUID has its type and 1 to 128 bytes (RFC 8415 §11.1). */
const DUID_BYTES = { least: 3, most: 130 } as const;
/** Items of one list. */
const MAX_ITEMS = 128;
const ADDRESS_OPTION = 5;
const STATUS_OPTION = 13;

/** All of the value through one reader, which must be at its end then. */
function whole<T>(
  read: (reader: ByteReader) => T,
  write: (value: T, writer: ByteWriter) => void,
): OptionFormat<T> {
  return {
    decode(bytes) {
      const reader = new ByteReader(bytes);
      const value = read(reader);
      if (reader.remaining > 0)
        throw new DecodeError(`The value has ${reader.remaining} bytes too many`, reader.offset);
      return value;
    },
    encode(value) {
      const writer = new ByteWriter();
      write(value, writer);
      return writer.finish();
    },
  };
}

/** One after another until the end. */
function listOf<T>(
  read: (reader: ByteReader) => T,
  write: (value: T, writer: ByteWriter) => void,
): OptionFormat<readonly T[]> {
  return whole(
    (reader) => {
      const items: T[] = [];
      while (reader.remaining > 0) {
        if (items.length === MAX_ITEMS)
          throw new DecodeError(`The list has more than ${MAX_ITEMS} items`, reader.offset);
        items.push(read(reader));
      }
      return items;
    },
    (items, writer) => {
      for (const item of items) write(item, writer);
    },
  );
}

/** Two bytes of length in front of each (RFC 8415 §21.15, §21.16; RFC 5970 §3.2). */
const readCounted = (reader: ByteReader): string => decodeText(reader.bytes(reader.uint16()));
const writeCounted = (item: string, writer: ByteWriter): void => {
  const bytes = encodeText(item);
  writer.uint16(bytes.length).bytes(bytes);
};

const countedTexts = listOf(readCounted, writeCounted);

export const bytesFormat: OptionFormat<Uint8Array> = { decode: (bytes) => bytes, encode: (value) => value };

export const textFormat: OptionFormat<string> = { decode: decodeText, encode: encodeText };

export const uint8Format = whole(
  (reader) => reader.uint8(),
  (value, writer) => void writer.uint8(value),
);

export const uint16Format = whole(
  (reader) => reader.uint16(),
  (value, writer) => void writer.uint16(value),
);

export const uint16ListFormat = listOf(
  (reader) => reader.uint16(),
  (value, writer) => void writer.uint16(value),
);

export const duidFormat: OptionFormat<Uint8Array> = {
  decode(bytes) {
    const { least, most } = DUID_BYTES;
    if (bytes.length < least || bytes.length > most)
      throw new DecodeError(`A DUID has ${least} to ${most} bytes, not ${bytes.length}`, 0);
    return bytes;
  },
  encode: (value) => value,
};

/** RFC 8415 §21.15 wants one class at least. */
export const userClassFormat: OptionFormat<readonly string[]> = {
  decode(bytes) {
    const classes = countedTexts.decode(bytes);
    if (classes.length === 0) throw new DecodeError('There is no user class in it', 0);
    return classes;
  },
  encode: (classes) => countedTexts.encode(classes),
};

export const parametersFormat = countedTexts;

export const vendorClassFormat: OptionFormat<VendorClass> = whole(
  (reader) => {
    const enterprise = reader.uint32();
    return { enterprise, classes: countedTexts.decode(reader.rest()) };
  },
  ({ enterprise, classes }, writer) => void writer.uint32(enterprise).bytes(countedTexts.encode(classes)),
);

export const nicFormat: OptionFormat<NetworkInterfaceIdentifier> = whole(
  (reader) => ({ type: reader.uint8(), major: reader.uint8(), minor: reader.uint8() }),
  ({ type, major, minor }, writer) => void writer.uint8(type).uint8(major).uint8(minor),
);

export const linkLayerFormat: OptionFormat<LinkLayerAddress> = whole(
  (reader) => ({ hardwareType: reader.uint16(), address: reader.rest() }),
  ({ hardwareType, address }, writer) => void writer.uint16(hardwareType).bytes(address),
);

export const statusFormat: OptionFormat<Status> = whole(
  (reader) => ({ code: reader.uint16(), message: decodeText(reader.rest()) }),
  ({ code, message }, writer) => void writer.uint16(code).text(message),
);

export const associationFormat: OptionFormat<IdentityAssociation> = whole(
  (reader) => {
    const times = { iaid: reader.uint32(), t1Seconds: reader.uint32(), t2Seconds: reader.uint32() };
    const inner = readTypeLengthValues(reader);
    const addresses = inner
      .filter(({ code }) => code === ADDRESS_OPTION)
      .map(({ value }) => addressOf(value));
    const status = inner.find(({ code }) => code === STATUS_OPTION);
    return { ...times, addresses, status: status && statusFormat.decode(status.value) };
  },
  ({ iaid, t1Seconds, t2Seconds, addresses, status }, writer) => {
    writer.uint32(iaid).uint32(t1Seconds).uint32(t2Seconds);
    // Its lifetimes are 0: whoever gives addresses says others, and that is not done here.
    for (const address of addresses)
      writer.uint16(ADDRESS_OPTION).uint16(24).bytes(ipv6ToBytes(address)).uint32(0).uint32(0);
    if (status === undefined) return;
    const bytes = statusFormat.encode(status);
    writer.uint16(STATUS_OPTION).uint16(bytes.length).bytes(bytes);
  },
);

/** Of an IA Address option, with the lifetimes and options behind it passed over. */
function addressOf(value: Uint8Array): Ipv6Address {
  const reader = new ByteReader(value);
  const address = ipv6FromBytes(reader.bytes(16));
  reader.skip(8);
  readTypeLengthValues(reader);
  return address;
}

export interface RawOption {
  readonly code: number;
  readonly value: Uint8Array;
}

/** Options of one message or of one option. */
const MAX_OPTIONS = 128;

/** Code, length and value, again and again to the end (RFC 8415 §21.1). @throws DecodeError */
export function readTypeLengthValues(reader: ByteReader): readonly RawOption[] {
  const options: RawOption[] = [];
  while (reader.remaining > 0) {
    if (options.length === MAX_OPTIONS)
      throw new DecodeError(`There are more than ${MAX_OPTIONS} options`, reader.offset);
    const code = reader.uint16();
    options.push({ code, value: reader.bytes(reader.uint16()) });
  }
  return options;
}
