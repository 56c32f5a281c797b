import {
  type Ipv4Address,
  ipv4FromBytes,
  ipv4ToBytes,
  type MacAddress,
  macFromBytes,
  macToBytes,
} from '../lib/addresses.ts';
import { ByteReader } from '../lib/byte-reader.ts';
import { ByteWriter } from '../lib/byte-writer.ts';
import { DecodeError } from '../lib/decode-error.ts';
import { internetChecksum } from '../lib/internet-checksum.ts';

/** One UDP datagram over IPv4 in one Ethernet II frame, without the frame check sequence, which the card adds. */
export interface UdpFrame {
  readonly destinationMac: MacAddress;
  readonly sourceMac: MacAddress;
  readonly sourceAddress: Ipv4Address;
  readonly destinationAddress: Ipv4Address;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** 0 to 65535; not 0 for PXE ROMs, some of which lose packets without (dnsmasq's CHANGELOG, 2.4x). */
  readonly identification: number;
  readonly payload: Uint8Array;
}

export const ETHERNET_BROADCAST = 'ff:ff:ff:ff:ff:ff' as MacAddress;

const ETHERNET_HEADER_BYTES = 14;
const IPV4_HEADER_BYTES = 20;
const UDP_HEADER_BYTES = 8;
const ETHERTYPE_IPV4 = 0x0800;
const VERSION_4_HEADER_OF_5_WORDS = 0x45;
const UDP = 17;
const TIME_TO_LIVE = 64;
const MORE_FRAGMENTS_OR_OFFSET = 0x3fff;
/** What fits in one Ethernet frame; a fragmented reply is lost on boot ROMs, so more is refused. */
const MAX_PAYLOAD_BYTES = 1_472;

/** @throws RangeError when the payload does not fit in one frame. */
export function encodeUdpFrame(frame: UdpFrame): Uint8Array {
  if (frame.payload.length > MAX_PAYLOAD_BYTES)
    throw new RangeError(
      `${frame.payload.length} bytes do not fit in one frame: the limit is ${MAX_PAYLOAD_BYTES}`,
    );
  const udpBytes = UDP_HEADER_BYTES + frame.payload.length;
  return new ByteWriter(ETHERNET_HEADER_BYTES + IPV4_HEADER_BYTES + udpBytes)
    .bytes(macToBytes(frame.destinationMac))
    .bytes(macToBytes(frame.sourceMac))
    .uint16(ETHERTYPE_IPV4)
    .bytes(ipv4Header(frame, udpBytes))
    .bytes(udpDatagram(frame, udpBytes))
    .finish();
}

/** RFC 791 §3.1. Flags and fragment offset are zero: DF confused PXE ROMs too. */
function ipv4Header(frame: UdpFrame, udpBytes: number): Uint8Array {
  const withChecksum = (checksum: number): Uint8Array =>
    new ByteWriter(IPV4_HEADER_BYTES)
      .uint8(VERSION_4_HEADER_OF_5_WORDS)
      .uint8(0)
      .uint16(IPV4_HEADER_BYTES + udpBytes)
      .uint16(frame.identification)
      .uint16(0)
      .uint8(TIME_TO_LIVE)
      .uint8(UDP)
      .uint16(checksum)
      .bytes(ipv4ToBytes(frame.sourceAddress))
      .bytes(ipv4ToBytes(frame.destinationAddress))
      .finish();
  return withChecksum(internetChecksum(withChecksum(0)));
}

/** RFC 768. A checksum that comes out as zero is sent as all ones, since zero says that there is none. */
function udpDatagram(frame: UdpFrame, udpBytes: number): Uint8Array {
  const withChecksum = (checksum: number): Uint8Array =>
    new ByteWriter(udpBytes)
      .uint16(frame.sourcePort)
      .uint16(frame.destinationPort)
      .uint16(udpBytes)
      .uint16(checksum)
      .bytes(frame.payload)
      .finish();
  return withChecksum(udpChecksum(frame, withChecksum(0)) || 0xffff);
}

/** Over the pseudo header and the datagram; 0 for a datagram that came with its right checksum. */
function udpChecksum(
  ends: Pick<UdpFrame, 'sourceAddress' | 'destinationAddress'>,
  datagram: Uint8Array,
): number {
  const covered = new ByteWriter()
    .bytes(ipv4ToBytes(ends.sourceAddress))
    .bytes(ipv4ToBytes(ends.destinationAddress))
    .uint16(UDP)
    .uint16(datagram.length)
    .bytes(datagram);
  return internetChecksum(covered.finish());
}

/** @throws DecodeError for what is not a whole UDP datagram over IPv4 with right checksums. */
export function decodeUdpFrame(bytes: Uint8Array): UdpFrame {
  const reader = new ByteReader(bytes);
  const destinationMac = macFromBytes(reader.bytes(6));
  const sourceMac = macFromBytes(reader.bytes(6));
  if (reader.uint16() !== ETHERTYPE_IPV4) throw new DecodeError('The frame does not carry IPv4', 12);
  const { protocol, payload: datagram, ...ends } = decodeIpv4(reader.rest());
  if (protocol !== UDP) throw new DecodeError(`The packet carries protocol ${protocol}, not UDP`, 23);
  const udp = new ByteReader(datagram);
  const sourcePort = udp.uint16();
  const destinationPort = udp.uint16();
  const udpBytes = udp.uint16();
  const checksum = udp.uint16();
  const payload = udp.bytes(udpBytes - UDP_HEADER_BYTES);
  if (checksum !== 0 && udpChecksum(ends, datagram.subarray(0, udpBytes)) !== 0)
    throw new DecodeError('The UDP checksum is wrong', 40);
  return { destinationMac, sourceMac, ...ends, sourcePort, destinationPort, payload };
}

function decodeIpv4(packet: Uint8Array): Pick<
  UdpFrame,
  'sourceAddress' | 'destinationAddress' | 'identification' | 'payload'
> & {
  protocol: number;
} {
  const reader = new ByteReader(packet);
  const versionAndWords = reader.uint8();
  const headerBytes = (versionAndWords & 0x0f) * 4;
  if (versionAndWords >>> 4 !== 4 || headerBytes < IPV4_HEADER_BYTES)
    throw new DecodeError('The packet is not IPv4', 0);
  reader.skip(1);
  const totalBytes = reader.uint16();
  const identification = reader.uint16();
  if ((reader.uint16() & MORE_FRAGMENTS_OR_OFFSET) !== 0)
    throw new DecodeError('The packet is a fragment', 6);
  reader.skip(1);
  const protocol = reader.uint8();
  reader.skip(2);
  const sourceAddress = ipv4FromBytes(reader.bytes(4));
  const destinationAddress = ipv4FromBytes(reader.bytes(4));
  reader.skip(headerBytes - IPV4_HEADER_BYTES);
  if (internetChecksum(packet.subarray(0, headerBytes)) !== 0)
    throw new DecodeError('The checksum of the IPv4 header is wrong', 10);
  const payload = reader.bytes(totalBytes - headerBytes);
  return { protocol, sourceAddress, destinationAddress, identification, payload };
}
