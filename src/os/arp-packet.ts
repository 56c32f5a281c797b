import {
  type Ipv4Address,
  ipv4FromNumber,
  ipv4ToNumber,
  type MacAddress,
  macFromBytes,
  macToBytes,
  UNSPECIFIED,
} from '../lib/addresses.ts';
import { ByteReader } from '../lib/byte-reader.ts';
import { ByteWriter } from '../lib/byte-writer.ts';
import { DecodeError } from '../lib/decode-error.ts';
import { ETHERNET_BROADCAST } from './udp-frame.ts';

/** What ARP says of whoever sent it (RFC 826). */
export interface ArpSender {
  readonly mac: MacAddress;
  /** `0.0.0.0` of one that asks whether an address is free (RFC 5227). */
  readonly address: Ipv4Address;
}

export const ETHERTYPE_ARP = 0x0806;
const HARDWARE_ETHERNET = 1;
const ETHERTYPE_IPV4 = 0x0800;
const REQUEST = 1;
const MAC_BYTES = 6;
const IPV4_BYTES = 4;
/** Without the frame check sequence. */
const MIN_FRAME_BYTES = 60;

/** The question whether anybody has the address, by one that has none (RFC 5227 §2.1.1). */
export function encodeArpProbe(mac: MacAddress, address: Ipv4Address): Uint8Array {
  const writer = new ByteWriter(MIN_FRAME_BYTES, MIN_FRAME_BYTES);
  writer.bytes(macToBytes(ETHERNET_BROADCAST)).bytes(macToBytes(mac)).uint16(ETHERTYPE_ARP);
  writer.uint16(HARDWARE_ETHERNET).uint16(ETHERTYPE_IPV4).uint8(MAC_BYTES).uint8(IPV4_BYTES).uint16(REQUEST);
  writer.bytes(macToBytes(mac)).uint32(ipv4ToNumber(UNSPECIFIED));
  writer.bytes(new Uint8Array(MAC_BYTES)).uint32(ipv4ToNumber(address));
  return writer.padTo(MIN_FRAME_BYTES).finish();
}

/** Who sent an ARP frame, request or reply alike. @throws DecodeError for what is no ARP of Ethernet and IPv4. */
export function decodeArpSender(frame: Uint8Array): ArpSender {
  const reader = new ByteReader(frame);
  reader.skip(2 * MAC_BYTES);
  if (reader.uint16() !== ETHERTYPE_ARP) throw new DecodeError('The frame is not ARP', 2 * MAC_BYTES);
  const isOurs = reader.uint16() === HARDWARE_ETHERNET && reader.uint16() === ETHERTYPE_IPV4;
  if (!isOurs || reader.uint8() !== MAC_BYTES || reader.uint8() !== IPV4_BYTES)
    throw new DecodeError('The ARP packet is not about Ethernet and IPv4', reader.offset);
  reader.skip(2);
  return { mac: macFromBytes(reader.bytes(MAC_BYTES)), address: ipv4FromNumber(reader.uint32()) };
}
