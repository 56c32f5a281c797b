import {
  type Ipv6Address,
  ipv6FromBytes,
  type MacAddress,
  macToBytes,
  parseMac,
} from '../../lib/addresses.ts';
import { ByteReader } from '../../lib/byte-reader.ts';
import { ByteWriter } from '../../lib/byte-writer.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import { internetChecksum } from '../../lib/internet-checksum.ts';

/** The two messages of neighbour discovery about routers (RFC 4861 §4.1, §4.2), as whole Ethernet II frames. */
export type RouterMessage =
  | { readonly type: 'router solicitation'; readonly source: Ipv6Address }
  | RouterAdvertisement;

export interface RouterAdvertisement {
  readonly type: 'router advertisement';
  readonly source: Ipv6Address;
  /** How long its sender is a default router; 0 for one that is none. */
  readonly lifetimeSeconds: number;
  /** It has a prefix that is valid for a while. */
  readonly hasPrefix: boolean;
}

export const ETHERTYPE_IPV6 = 0x86dd;
export const ICMPV6 = 58;
export const MessageType = { routerSolicitation: 133, routerAdvertisement: 134 } as const;
const Option = { sourceLinkLayerAddress: 1, prefixInformation: 3 } as const;

/** Where frames for ff02::1 and ff02::2 go (RFC 2464 §7). */
export const ALL_NODES_MAC = parseMac('33:33:00:00:00:01');
export const ALL_ROUTERS_MAC = parseMac('33:33:00:00:00:02');

const ETHERNET_HEADER_BYTES = 14;
const IPV6_HEADER_BYTES = 40;
const IPV6_BYTES = 16;
/** A receiver drops what could have come through a router (RFC 4861 §6.1). */
const HOP_LIMIT = 255;
const VERSION_6 = 6;
/** Options count their length in units of this. */
const OPTION_UNIT_BYTES = 8;

const UNSPECIFIED_SOURCE = new Uint8Array(IPV6_BYTES);
const LINK_LOCAL_START = [0xfe, 0x80, 0, 0, 0, 0, 0, 0];
/** `MU`; the modified EUI-64 that interfaces make of their MAC addresses has fffe there (RFC 4291 App. A). */
const MUSTER_MARK = [0x4d, 0x55];

/**
 * An advertisement of a router that has nothing to give: lifetime 0, no prefix, no option, and "unspecified" in every
 * field that knows it. Who waits for a router hears that there is none, and nobody changes anything.
 *
 * Its source is no interface's address. A router on this very computer speaks from the interface's own, and whoever
 * heard a lifetime of 0 from there would forget it (RFC 4861 §6.3.4).
 */
export function encodeEmptyAdvertisement(from: MacAddress): Uint8Array {
  const message = (checksum: number): Uint8Array =>
    new ByteWriter()
      .uint8(MessageType.routerAdvertisement)
      .uint8(0)
      .uint16(checksum)
      // Hop limit, flags, lifetime; reachable time; time between retransmissions.
      .uint32(0)
      .uint32(0)
      .uint32(0)
      .finish();
  return encodeFrame(from, ALL_NODES_MAC, { source: sourceOf(from), destination: allWith(1) }, message);
}

/** The question whether there is a router, by one that has no address yet: the answer comes to all nodes. */
export function encodeSolicitation(from: MacAddress): Uint8Array {
  const message = (checksum: number): Uint8Array =>
    new ByteWriter().uint8(MessageType.routerSolicitation).uint8(0).uint16(checksum).uint32(0).finish();
  const ends = { source: UNSPECIFIED_SOURCE, destination: allWith(2) };
  return encodeFrame(from, ALL_ROUTERS_MAC, ends, message);
}

interface Ends {
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
}

function sourceOf(mac: MacAddress): Uint8Array {
  const octets = [...macToBytes(mac)];
  return Uint8Array.from([...LINK_LOCAL_START, ...octets.slice(0, 3), ...MUSTER_MARK, ...octets.slice(3)]);
}

/** ff02::1 is all nodes of the link, ff02::2 all routers (RFC 4291 §2.7.1). */
function allWith(last: number): Uint8Array {
  const address = new Uint8Array(IPV6_BYTES);
  address.set([0xff, 0x02]);
  address.set([last], IPV6_BYTES - 1);
  return address;
}

function encodeFrame(
  from: MacAddress,
  to: MacAddress,
  ends: Ends,
  message: (checksum: number) => Uint8Array,
): Uint8Array {
  const checked = message(checksumOf(ends, message(0)));
  return new ByteWriter()
    .bytes(macToBytes(to))
    .bytes(macToBytes(from))
    .uint16(ETHERTYPE_IPV6)
    .uint32(VERSION_6 * 2 ** 28)
    .uint16(checked.length)
    .uint8(ICMPV6)
    .uint8(HOP_LIMIT)
    .bytes(ends.source)
    .bytes(ends.destination)
    .bytes(checked)
    .finish();
}

/** Over the pseudo header of RFC 8200 §8.1 and the message; 0 for one that came with its right checksum. */
function checksumOf({ source, destination }: Ends, message: Uint8Array): number {
  const covered = new ByteWriter().bytes(source).bytes(destination).uint32(message.length).uint32(ICMPV6);
  return internetChecksum(covered.bytes(message).finish());
}

/** @throws DecodeError for every other frame, and for what RFC 4861 §6.1.1 and §6.1.2 want dropped. */
export function decodeRouterMessage(frame: Uint8Array): RouterMessage {
  const reader = new ByteReader(frame);
  reader.skip(ETHERNET_HEADER_BYTES - 2);
  if (reader.uint16() !== ETHERTYPE_IPV6) throw new DecodeError('The frame does not carry IPv6', 12);
  if (reader.uint8() >>> 4 !== VERSION_6) throw new DecodeError('The packet is not IPv6', 14);
  reader.skip(3);
  const messageBytes = reader.uint16();
  if (reader.uint8() !== ICMPV6) throw new DecodeError('The packet does not carry ICMPv6', 20);
  if (reader.uint8() !== HOP_LIMIT) throw new DecodeError('The packet may come from another link', 21);
  const ends = { source: reader.bytes(IPV6_BYTES), destination: reader.bytes(IPV6_BYTES) };
  const message = reader.bytes(messageBytes);
  if (checksumOf(ends, message) !== 0) throw new DecodeError('The ICMPv6 checksum is wrong', 56);
  return decodeMessage(new ByteReader(message), ends.source);
}

function decodeMessage(reader: ByteReader, source: Uint8Array): RouterMessage {
  const type = reader.uint8();
  if (reader.uint8() !== 0) throw new DecodeError('The code of the message is not 0', at(reader));
  reader.skip(2);
  switch (type) {
    case MessageType.routerSolicitation:
      return decodeSolicitation(reader, source);
    case MessageType.routerAdvertisement:
      return decodeAdvertisement(reader, source);
    default:
      throw new DecodeError(`Message ${type} of ICMPv6 is not about routers`, at(reader));
  }
}

function decodeSolicitation(reader: ByteReader, source: Uint8Array): RouterMessage {
  reader.skip(4);
  const isUnspecified = source.every((octet) => octet === 0);
  for (const { type } of options(reader)) {
    if (isUnspecified && type === Option.sourceLinkLayerAddress)
      throw new DecodeError('A sender without address tells its link-layer address', at(reader));
  }
  return { type: 'router solicitation', source: ipv6FromBytes(source) };
}

function decodeAdvertisement(reader: ByteReader, source: Uint8Array): RouterMessage {
  const [first = 0, second = 0] = source;
  if (first !== 0xfe || (second & 0xc0) !== 0x80)
    throw new DecodeError('A router speaks from an address that is not of the link', 22);
  reader.skip(2);
  const lifetimeSeconds = reader.uint16();
  reader.skip(8);
  let hasPrefix = false;
  for (const { type, value } of options(reader)) {
    if (type !== Option.prefixInformation) continue;
    // Prefix length and flags stand before the valid lifetime (RFC 4861 §4.6.2); 0 takes a prefix away.
    value.skip(2);
    if (value.uint32() > 0) hasPrefix = true;
  }
  return { type: 'router advertisement', source: ipv6FromBytes(source), lifetimeSeconds, hasPrefix };
}

/** The value of each option, behind its type and length. */
function* options(reader: ByteReader): Generator<{ readonly type: number; readonly value: ByteReader }> {
  while (reader.remaining > 0) {
    const type = reader.uint8();
    const units = reader.uint8();
    if (units === 0) throw new DecodeError('An option has the length 0', at(reader));
    yield { type, value: new ByteReader(reader.bytes(units * OPTION_UNIT_BYTES - 2)) };
  }
}

/** Counted from the start of the frame. */
function at(reader: ByteReader): number {
  return ETHERNET_HEADER_BYTES + IPV6_HEADER_BYTES + reader.offset;
}
