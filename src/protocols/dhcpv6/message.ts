import { type Ipv6Address, ipv6FromBytes } from '../../lib/addresses.ts';
import { ByteReader } from '../../lib/byte-reader.ts';
import { ByteWriter } from '../../lib/byte-writer.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import { ipv6ToBytes } from '../../lib/ipv6-address.ts';
import { Dhcpv6Options, optionOf, Options } from './options.ts';

/** RFC 8415 §7.3. */
export const MessageType = {
  SOLICIT: 1,
  ADVERTISE: 2,
  REQUEST: 3,
  CONFIRM: 4,
  RENEW: 5,
  REBIND: 6,
  REPLY: 7,
  RELEASE: 8,
  DECLINE: 9,
  RECONFIGURE: 10,
  'INFORMATION-REQUEST': 11,
} as const;

export type MessageTypeName = keyof typeof MessageType;

/** What wraps a message on its way through relay agents (RFC 8415 §9). */
const RelayType = { forward: 12, reply: 13 } as const;
export type RelayWay = keyof typeof RelayType;

/** What a client says to a server, or a server to a client (RFC 8415 §8). */
export interface Dhcpv6Message {
  readonly type: MessageTypeName;
  /** 24 bits. */
  readonly transactionId: number;
  readonly options: Dhcpv6Options;
}

/** What one relay agent put around it. */
export interface RelayLayer {
  readonly hopCount: number;
  /** Of the link that the client, or the relay agent before, is on; `::` where the agent did not say. */
  readonly linkAddress: Ipv6Address;
  /** Whom the agent got it from. */
  readonly peerAddress: Ipv6Address;
  /** Without the message itself (RELAY_MSG). */
  readonly options: Dhcpv6Options;
}

/** A message with all that relay agents put around it: what a datagram holds. */
export interface Dhcpv6Packet {
  readonly message: Dhcpv6Message;
  /** The outermost, which is that of the agent nearest to the server, first; empty for a client on this link. */
  readonly relays: readonly RelayLayer[];
  /** Which way it goes through them. */
  readonly way: RelayWay;
}

/** A message goes through no more agents (HOP_COUNT_LIMIT, RFC 8415 §7.6). */
export const MAX_RELAYS = 8;
/** Larger ones do not fit in a datagram that every IPv6 link takes whole, twice over. */
const MAX_PACKET_BYTES = 2 * 1232;

const NAMES: ReadonlyMap<number, MessageTypeName> = new Map(
  Object.entries(MessageType).map(([name, type]) => [type, name as MessageTypeName]),
);

/** @throws DecodeError for what is no message of RFC 8415, or is nested deeper than `MAX_RELAYS`. */
export function decodePacket(datagram: Uint8Array): Dhcpv6Packet {
  const relays: RelayLayer[] = [];
  let way: RelayWay | undefined;
  let bytes = datagram;
  for (;;) {
    const reader = new ByteReader(bytes);
    const type = reader.uint8();
    if (type !== RelayType.forward && type !== RelayType.reply)
      return { message: decodeMessage(type, reader), relays, way: way ?? 'forward' };
    if (relays.length === MAX_RELAYS)
      throw new DecodeError(`The message is nested in more than ${MAX_RELAYS} relay messages`, 0);
    const goes = type === RelayType.forward ? 'forward' : 'reply';
    if (way !== undefined && way !== goes)
      throw new DecodeError('A relay message of one way holds one of the other', 0);
    way = goes;
    const { layer, inner } = decodeRelay(reader);
    relays.push(layer);
    bytes = inner;
  }
}

function decodeMessage(typeNumber: number, reader: ByteReader): Dhcpv6Message {
  const type = NAMES.get(typeNumber);
  if (type === undefined) throw new DecodeError(`${typeNumber} is no message type of DHCPv6`, 0);
  const transactionId = reader.uint8() * 0x1_0000 + reader.uint16();
  return { type, transactionId, options: Dhcpv6Options.read(reader) };
}

function decodeRelay(reader: ByteReader): { readonly layer: RelayLayer; readonly inner: Uint8Array } {
  const hopCount = reader.uint8();
  const linkAddress = ipv6FromBytes(reader.bytes(16));
  const peerAddress = ipv6FromBytes(reader.bytes(16));
  const options = Dhcpv6Options.read(reader);
  const inner = options.get(Options.relayMessage);
  if (inner === undefined) throw new DecodeError('A relay message holds no message (RELAY_MSG)', 34);
  const others = options.raw().filter(({ code }) => code !== Options.relayMessage.code);
  return { layer: { hopCount, linkAddress, peerAddress, options: Dhcpv6Options.of(...others) }, inner };
}

/** @throws RangeError when it would be larger than any client takes. */
export function encodePacket({ message, relays, way }: Dhcpv6Packet): Uint8Array {
  const writer = new ByteWriter(MAX_PACKET_BYTES).uint8(MessageType[message.type]);
  writer.uint8(message.transactionId >>> 16).uint16(message.transactionId & 0xffff);
  message.options.write(writer);
  // From the inside out.
  return relays.toReversed().reduce((inner, layer) => encodeRelay(layer, inner, way), writer.finish());
}

function encodeRelay(layer: RelayLayer, inner: Uint8Array, way: RelayWay): Uint8Array {
  const writer = new ByteWriter(MAX_PACKET_BYTES)
    .uint8(RelayType[way])
    .uint8(layer.hopCount)
    .bytes(ipv6ToBytes(layer.linkAddress))
    .bytes(ipv6ToBytes(layer.peerAddress));
  Dhcpv6Options.of(...layer.options.raw(), optionOf(Options.relayMessage, inner)).write(writer);
  return writer.finish();
}
