import { type Ipv4Address, ipv4FromNumber, ipv4ToNumber } from '../../lib/addresses.ts';
import { ByteReader } from '../../lib/byte-reader.ts';
import { ByteWriter, encodeText } from '../../lib/byte-writer.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import { decodeClientText } from './option-formats.ts';
import { type DecodedOptions, decodeOptions, encodeOptions, optionBytes } from './option-overload.ts';
import { DhcpOptions } from './options.ts';

/** A DHCPv4 message, RFC 2131 §2, with its field names. */
export interface DhcpMessage {
  readonly op: 'BOOTREQUEST' | 'BOOTREPLY';
  readonly htype: number;
  /** 0 to 16: the length of `chaddr`. */
  readonly hlen: number;
  readonly hops: number;
  readonly xid: number;
  /** Seconds since the client began, as it says. */
  readonly secs: number;
  /** The one flag there is. The other 15 bits must be zero and are ignored (RFC 2131 §2). */
  readonly broadcast: boolean;
  readonly ciaddr: Ipv4Address;
  readonly yiaddr: Ipv4Address;
  readonly siaddr: Ipv4Address;
  readonly giaddr: Ipv4Address;
  /** The `hlen` bytes that count. */
  readonly chaddr: Uint8Array;
  /** Empty where option 52 put options in its place. */
  readonly sname: string;
  /** Empty where option 52 put options in its place. */
  readonly file: string;
  readonly options: DhcpOptions;
}

export const HTYPE_ETHERNET = 1;

const OP = { BOOTREQUEST: 1, BOOTREPLY: 2 } as const;
const BROADCAST_FLAG = 0x8000;
const MAGIC_COOKIE = 0x63825363;
const NO_COOKIE = 0;

const CHADDR_BYTES = 16;
const SNAME_BYTES = 64;
const FILE_BYTES = 128;
const SNAME_OFFSET = 44;
const FILE_OFFSET = SNAME_OFFSET + SNAME_BYTES;
const COOKIE_OFFSET = FILE_OFFSET + FILE_BYTES;
/** The fixed header and the cookie. */
export const OPTIONS_OFFSET = COOKIE_OFFSET + 4;

/** What BOOTP had at least (RFC 951); relays and ROMs drop shorter ones. */
export const MIN_MESSAGE_BYTES = 300;
/** What a UDP datagram over IPv4 can carry. */
export const MAX_MESSAGE_BYTES = 65_507;

/** @throws DecodeError, and nothing else, whatever the bytes are. */
export function decodeMessage(datagram: Uint8Array): DhcpMessage {
  // The message is kept while the buffer it came in takes the next one; all that is below is a view of this copy.
  const bytes = new Uint8Array(datagram);
  const reader = new ByteReader(bytes);
  const op = decodeOp(reader.uint8());
  const htype = reader.uint8();
  const hlen = reader.uint8();
  if (hlen > CHADDR_BYTES)
    throw new DecodeError(`A hardware address of ${hlen} bytes does not fit in chaddr`, reader.offset);
  const hops = reader.uint8();
  const xid = reader.uint32();
  const secs = reader.uint16();
  const broadcast = (reader.uint16() & BROADCAST_FLAG) !== 0;
  const ciaddr = ipv4FromNumber(reader.uint32());
  const yiaddr = ipv4FromNumber(reader.uint32());
  const siaddr = ipv4FromNumber(reader.uint32());
  const giaddr = ipv4FromNumber(reader.uint32());
  const chaddr = reader.bytes(CHADDR_BYTES).subarray(0, hlen);
  const sname = reader.bytes(SNAME_BYTES);
  const file = reader.bytes(FILE_BYTES);
  const { options, fileHoldsOptions, snameHoldsOptions } = decodeAreas(bytes, reader.uint32());
  return {
    op,
    htype,
    hlen,
    hops,
    xid,
    secs,
    broadcast,
    ciaddr,
    yiaddr,
    siaddr,
    giaddr,
    chaddr,
    sname: snameHoldsOptions ? '' : decodeClientText(sname),
    file: fileHoldsOptions ? '' : decodeClientText(file),
    options,
  };
}

function decodeAreas(bytes: Uint8Array, cookie: number): DecodedOptions {
  // RFC 951 knew no options: its vendor area may be all zero, and starts with a cookie only since RFC 1048.
  if (cookie === NO_COOKIE)
    return { options: DhcpOptions.none, fileHoldsOptions: false, snameHoldsOptions: false };
  if (cookie !== MAGIC_COOKIE)
    throw new DecodeError('The magic cookie 63 82 53 63 is missing, so this is not DHCP', COOKIE_OFFSET);
  return decodeOptions(
    { upTo: bytes, start: OPTIONS_OFFSET },
    { upTo: bytes.subarray(0, COOKIE_OFFSET), start: FILE_OFFSET },
    { upTo: bytes.subarray(0, FILE_OFFSET), start: SNAME_OFFSET },
  );
}

function decodeOp(value: number): DhcpMessage['op'] {
  switch (value) {
    case OP.BOOTREQUEST:
      return 'BOOTREQUEST';
    case OP.BOOTREPLY:
      return 'BOOTREPLY';
    default:
      throw new DecodeError(`The operation is 1 (request) or 2 (reply), not ${value}`, 0);
  }
}

/**
 * The message with END behind its options, zeros up to `MIN_MESSAGE_BYTES`.
 *
 * @param memory where it is written, if it has room enough; it is the caller's again when the message was sent.
 * @throws RangeError when a field does not hold what is to go in it: a mistake of the caller.
 */
export function encodeMessage(message: DhcpMessage, memory?: Uint8Array): Uint8Array {
  if (message.chaddr.length !== message.hlen || message.hlen > CHADDR_BYTES)
    throw new RangeError(`chaddr has ${message.chaddr.length} bytes, hlen says ${message.hlen}`);
  const writer = new ByteWriter(MAX_MESSAGE_BYTES, memory);
  writer.uint8(OP[message.op]).uint8(message.htype).uint8(message.hlen).uint8(message.hops);
  writer
    .uint32(message.xid)
    .uint16(message.secs)
    .uint16(message.broadcast ? BROADCAST_FLAG : 0);
  writer.uint32(ipv4ToNumber(message.ciaddr)).uint32(ipv4ToNumber(message.yiaddr));
  writer.uint32(ipv4ToNumber(message.siaddr)).uint32(ipv4ToNumber(message.giaddr));
  writer.bytes(message.chaddr).padTo(SNAME_OFFSET);
  writer.bytes(fieldText('sname', message.sname, SNAME_BYTES)).padTo(FILE_OFFSET);
  writer.bytes(fieldText('file', message.file, FILE_BYTES)).padTo(COOKIE_OFFSET);
  writer.uint32(MAGIC_COOKIE);
  encodeOptions(message.options, writer);
  return writer.padTo(MIN_MESSAGE_BYTES).finish();
}

/** Both fields are NUL-terminated (RFC 2131 §2), so one byte of them is not for the text. */
function fieldText(field: string, value: string, fieldBytes: number): Uint8Array {
  const encoded = encodeText(value);
  if (encoded.length >= fieldBytes)
    throw new RangeError(`"${value}" does not fit in ${field}: it holds ${fieldBytes - 1} bytes of text`);
  if (encoded.includes(0)) throw new RangeError(`The text for ${field} must hold no NUL`);
  return encoded;
}

/** Longest text of the `file` field, in bytes. */
export const MAX_FILE_BYTES = FILE_BYTES - 1;

/** Bytes of the encoded message without the zeros at its end. */
export function messageBytes(options: DhcpOptions): number {
  let bytes = OPTIONS_OFFSET + 1;
  for (const value of options.values) bytes += optionBytes(value);
  return bytes;
}
