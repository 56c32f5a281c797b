import { ByteReader, decodeText } from '../../lib/byte-reader.ts';
import { ByteWriter } from '../../lib/byte-writer.ts';
import { DecodeError } from '../../lib/decode-error.ts';

/** The packets of TFTP: RFC 1350 §5, and OACK from RFC 2347. */

/** RFC 1350 §5, RFC 2347. */
export const Opcode = { RRQ: 1, WRQ: 2, DATA: 3, ACK: 4, ERROR: 5, OACK: 6 } as const;

/** RFC 1350 appendix I; 8 from RFC 2347. The names are ours, the numbers theirs. */
export const ErrorCode = {
  notDefined: 0, //       the text says what it is
  fileNotFound: 1,
  accessViolation: 2,
  diskFull: 3,
  illegalOperation: 4,
  unknownTransfer: 5,
  fileExists: 6,
  noSuchUser: 7,
  optionRefused: 8,
} as const;
export type TftpErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode];

/** An option as its two strings stand on the wire. */
export interface TftpOption {
  readonly name: string;
  readonly value: string;
}

/** A read or write request as it was sent; nothing in it has been checked but its form. */
export interface TftpRequest {
  readonly op: 'RRQ' | 'WRQ';
  readonly fileName: string;
  readonly mode: string;
  readonly options: readonly TftpOption[];
}

export type TftpPacket =
  | TftpRequest
  | { readonly op: 'DATA'; readonly block: number; readonly bytes: Uint8Array }
  | { readonly op: 'ACK'; readonly block: number }
  | { readonly op: 'ERROR'; readonly code: number; readonly message: string }
  | { readonly op: 'OACK'; readonly options: readonly TftpOption[] };

/** Bytes before the data in a DATA packet. */
export const DATA_HEADER_BYTES = 4;
/** Block numbers on the wire have 16 bits; after 65,535 comes 0. */
export const WIRE_BLOCKS = 0x1_0000;
/** Options read from one packet at most; what follows is left alone. */
export const MAX_OPTIONS = 32;
/** Characters kept of the text in an ERROR, which is shown to people. */
export const MAX_ERROR_CHARACTERS = 200;

/** @throws DecodeError, and nothing else, for any bytes that are not a TFTP packet. */
export function decodePacket(datagram: Uint8Array): TftpPacket {
  const reader = new ByteReader(datagram);
  const opcode = reader.uint16();
  switch (opcode) {
    case Opcode.RRQ:
      return decodeRequest('RRQ', reader);
    case Opcode.WRQ:
      return decodeRequest('WRQ', reader);
    case Opcode.DATA:
      return { op: 'DATA', block: reader.uint16(), bytes: reader.rest() };
    case Opcode.ACK:
      return { op: 'ACK', block: reader.uint16() };
    case Opcode.ERROR:
      return { op: 'ERROR', code: reader.uint16(), message: decodeErrorText(reader.rest()) };
    case Opcode.OACK:
      return { op: 'OACK', options: decodeOptions(reader) };
    default:
      throw new DecodeError(`Unknown TFTP opcode ${opcode}`, 0);
  }
}

/** @throws RangeError when a text holds a NUL, which would end it early on the wire. */
export function encodePacket(packet: TftpPacket): Uint8Array {
  const writer = new ByteWriter().uint16(Opcode[packet.op]);
  switch (packet.op) {
    case 'RRQ':
    case 'WRQ':
      writeText(writer, packet.fileName);
      writeText(writer, packet.mode);
      writeOptions(writer, packet.options);
      break;
    case 'DATA':
      writer.uint16(packet.block).bytes(packet.bytes);
      break;
    case 'ACK':
      writer.uint16(packet.block);
      break;
    case 'ERROR':
      writer.uint16(packet.code);
      writeText(writer, packet.message);
      break;
    case 'OACK':
      writeOptions(writer, packet.options);
      break;
    default:
      packet satisfies never;
  }
  return writer.finish();
}

/**
 * The DATA packets of consecutive blocks, laid out once in one piece of memory and sent from there as often as
 * needed. The last one is shorter than the others when `bytes` ends inside a block, and empty bytes give no packet.
 *
 * @param firstBlock counted from 1 without end; the wire gets it modulo 2^16.
 */
export function layDataPackets(firstBlock: number, bytes: Uint8Array, blockBytes: number): Uint8Array[] {
  const count = Math.ceil(bytes.length / blockBytes);
  const memory = new Uint8Array(bytes.length + count * DATA_HEADER_BYTES);
  const packets: Uint8Array[] = [];
  for (let index = 0; index < count; index += 1) {
    const payload = bytes.subarray(index * blockBytes, (index + 1) * blockBytes);
    const at = index * (blockBytes + DATA_HEADER_BYTES);
    const wireBlock = (firstBlock + index) % WIRE_BLOCKS;
    memory.set([0, Opcode.DATA, wireBlock >>> 8, wireBlock & 0xff], at);
    memory.set(payload, at + DATA_HEADER_BYTES);
    packets.push(memory.subarray(at, at + DATA_HEADER_BYTES + payload.length));
  }
  return packets;
}

/** The DATA packet without data that ends a file whose size is a multiple of the block size. */
export function emptyDataPacket(block: number): Uint8Array {
  return encodePacket({ op: 'DATA', block: block % WIRE_BLOCKS, bytes: new Uint8Array(0) });
}

function decodeRequest(op: 'RRQ' | 'WRQ', reader: ByteReader): TftpRequest {
  const fileName = reader.zeroTerminated();
  const mode = reader.zeroTerminated();
  return { op, fileName, mode, options: decodeOptions(reader) };
}

/**
 * Pairs up to the end, an empty name or a text without its NUL: ROMs send their whole buffer and leave
 * whatever was in it behind the last option.
 */
function decodeOptions(reader: ByteReader): TftpOption[] {
  const texts = decodeText(reader.rest()).split('\0');
  texts.pop(); // what stands behind the last NUL
  const options: TftpOption[] = [];
  for (let index = 0; index + 1 < texts.length && options.length < MAX_OPTIONS; index += 2) {
    const [name = '', value = ''] = texts.slice(index, index + 2);
    if (name === '') break;
    options.push({ name, value });
  }
  return options;
}

/** Some ROMs send no text, or forget its NUL. Control characters would act on a terminal that shows the log. */
function decodeErrorText(bytes: Uint8Array): string {
  const [text = ''] = decodeText(bytes).split('\0', 1);
  return text.replaceAll(/\p{Cc}/gu, '\uFFFD').slice(0, MAX_ERROR_CHARACTERS);
}

function writeText(writer: ByteWriter, text: string): void {
  if (text.includes('\0'))
    throw new RangeError(`Cannot put ${JSON.stringify(text)} in a TFTP packet: it holds a NUL`);
  writer.text(text).uint8(0);
}

function writeOptions(writer: ByteWriter, options: readonly TftpOption[]): void {
  for (const { name, value } of options) {
    writeText(writer, name);
    writeText(writer, value);
  }
}
