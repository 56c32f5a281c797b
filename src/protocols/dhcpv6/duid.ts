import { type MacAddress, macFromBytes, type Uuid, uuidFromWireBytes } from '../../lib/addresses.ts';
import { ByteReader } from '../../lib/byte-reader.ts';
import { ByteWriter } from '../../lib/byte-writer.ts';

/** Who somebody is in DHCPv6, for ever and on every link (RFC 8415 §11), as far as it tells anything. */
export type Duid =
  /** DUID-LLT and DUID-LL of an Ethernet card; it need not be the card that is asked from. */
  | { readonly kind: 'link-layer'; readonly mac: MacAddress }
  /**
   * DUID-UUID (RFC 6355). It says network order, and firmware has the bytes as SMBIOS has them (EDK2's
   * Dhcp6GenerateClientId): so there are two readings, the latter first.
   */
  | { readonly kind: 'UUID'; readonly uuids: readonly [Uuid, Uuid] }
  | { readonly kind: 'other' };

const DuidType = { linkLayerTime: 1, enterprise: 2, linkLayer: 3, uuid: 4 } as const;
const ETHERNET = 1;
const MAC_BYTES = 6;
const UUID_BYTES = 16;

/** Never throws: what is not understood is `other`. */
export function readDuid(bytes: Uint8Array): Duid {
  const reader = new ByteReader(bytes);
  if (reader.remaining < 2) return { kind: 'other' };
  switch (reader.uint16()) {
    case DuidType.linkLayerTime:
      return linkLayer(reader, 4);
    case DuidType.linkLayer:
      return linkLayer(reader, 0);
    case DuidType.uuid:
      return reader.remaining === UUID_BYTES ? uuidOf(reader.rest()) : { kind: 'other' };
    default:
      return { kind: 'other' };
  }
}

function linkLayer(reader: ByteReader, timeBytes: number): Duid {
  if (reader.remaining !== 2 + timeBytes + MAC_BYTES || reader.uint16() !== ETHERNET)
    return { kind: 'other' };
  reader.skip(timeBytes);
  return { kind: 'link-layer', mac: macFromBytes(reader.rest()) };
}

function uuidOf(bytes: Uint8Array): Duid {
  return { kind: 'UUID', uuids: [uuidFromWireBytes(bytes), uuidInOrder(bytes)] };
}

function uuidInOrder(bytes: Uint8Array): Uuid {
  const hex = Array.from(bytes, (octet) => octet.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') as Uuid;
}

/** @param uuid 16 bytes in network order. */
export function uuidDuid(uuid: Uint8Array): Uint8Array {
  if (uuid.length !== UUID_BYTES) throw new RangeError(`A UUID has 16 bytes, not ${uuid.length}`);
  return new ByteWriter().uint16(DuidType.uuid).bytes(uuid).finish();
}

export function isSameDuid(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((octet, at) => octet === other[at]);
}
