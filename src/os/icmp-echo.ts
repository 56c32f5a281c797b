import { type Ipv4Address, ipv4FromNumber } from '../lib/addresses.ts';
import { ByteReader } from '../lib/byte-reader.ts';
import { ByteWriter } from '../lib/byte-writer.ts';
import { DecodeError } from '../lib/decode-error.ts';
import { internetChecksum } from '../lib/internet-checksum.ts';

const ECHO_REPLY = 0;
const ECHO_REQUEST = 8;
const ICMP = 1;
const ADDRESSES_OFFSET = 12;

/** An echo request without data (RFC 792). `identification` tells ours from those of others; 0 to 65535. */
export function encodeEchoRequest(identification: number, sequence: number): Uint8Array {
  const withChecksum = (checksum: number): Uint8Array =>
    new ByteWriter(8, 8)
      .uint8(ECHO_REQUEST)
      .uint8(0)
      .uint16(checksum)
      .uint16(identification)
      .uint16(sequence)
      .finish();
  return withChecksum(internetChecksum(withChecksum(0)));
}

export interface EchoReply {
  readonly address: Ipv4Address;
  readonly identification: number;
}

/** An echo reply as a raw socket gives it, with its IPv4 header. @throws DecodeError for everything else. */
export function decodeEchoReply(packet: Uint8Array): EchoReply {
  const reader = new ByteReader(packet);
  const headerBytes = (reader.uint8() & 0x0f) * 4;
  reader.skip(8);
  if (reader.uint8() !== ICMP) throw new DecodeError('The packet is not ICMP', 9);
  reader.skip(ADDRESSES_OFFSET - reader.offset);
  const address = ipv4FromNumber(reader.uint32());
  reader.skip(headerBytes - reader.offset);
  if (reader.uint8() !== ECHO_REPLY) throw new DecodeError('The message is no echo reply', headerBytes);
  reader.skip(3);
  return { address, identification: reader.uint16() };
}
