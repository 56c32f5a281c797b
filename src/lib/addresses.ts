/**
 * Addresses are parsed once, at the door; inside they are branded strings in one canonical form, so that
 * equal addresses are equal strings.
 */

declare const brand: unique symbol;

/** Dotted quad without leading zeros: `192.168.122.1`. */
export type Ipv4Address = string & { readonly [brand]: 'Ipv4Address' };
/** As RFC 5952 wants it written: `fe80::5054:ff:fe12:3456`; never with a zone (`%eth0`). */
export type Ipv6Address = string & { readonly [brand]: 'Ipv6Address' };
export type IpAddress = Ipv4Address | Ipv6Address;
/** Six lower-case octets: `52:54:00:12:34:56`. */
export type MacAddress = string & { readonly [brand]: 'MacAddress' };
/** Lower-case 8-4-4-4-12 in SMBIOS text order (the first three fields already turned from little-endian). */
export type Uuid = string & { readonly [brand]: 'Uuid' };

/** A network with its prefix length; host bits of `address` are zero. */
export interface Ipv4Network {
  readonly address: Ipv4Address;
  readonly prefixLength: number;
}

const QUAD = /^(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}$/;

export const UNSPECIFIED = '0.0.0.0' as Ipv4Address;
export const LIMITED_BROADCAST = '255.255.255.255' as Ipv4Address;

/** @throws SyntaxError when the text is not a dotted quad. */
export function parseIpv4(text: string): Ipv4Address {
  if (!QUAD.test(text) || text.split('.').some((octet) => Number(octet) > 255)) {
    throw new SyntaxError(
      `"${text}" is not an IPv4 address: four numbers from 0 to 255 with dots are wanted, such as 192.168.1.10`,
    );
  }
  return text as Ipv4Address;
}

export function ipv4FromNumber(value: number): Ipv4Address {
  // Most address fields of most packets are empty.
  if (value === 0) return UNSPECIFIED;
  const bits = value >>> 0;
  return `${bits >>> 24}.${(bits >>> 16) & 0xff}.${(bits >>> 8) & 0xff}.${bits & 0xff}` as Ipv4Address;
}

const DOT = 0x2e;
const DIGIT_ZERO = 0x30;

/** 0 to 2^32-1. */
export function ipv4ToNumber(address: Ipv4Address): number {
  // Digit by digit: this is asked several times for each packet.
  let value = 0;
  let octet = 0;
  for (let at = 0; at < address.length; at += 1) {
    const code = address.charCodeAt(at);
    if (code === DOT) {
      value = value * 256 + octet;
      octet = 0;
    } else octet = octet * 10 + code - DIGIT_ZERO;
  }
  return value * 256 + octet;
}

export function ipv4FromBytes(bytes: Uint8Array): Ipv4Address {
  if (bytes.length !== 4) throw new RangeError(`An IPv4 address has 4 bytes, not ${bytes.length}`);
  return `${bytes[0]}.${bytes[1]}.${bytes[2]}.${bytes[3]}` as Ipv4Address;
}

export function ipv4ToBytes(address: Ipv4Address): Uint8Array {
  const value = ipv4ToNumber(address);
  const bytes = new Uint8Array(4);
  bytes[0] = value >>> 24;
  bytes[1] = value >>> 16;
  bytes[2] = value >>> 8;
  bytes[3] = value;
  return bytes;
}

/** @throws SyntaxError for anything but `A.B.C.D/N` with zero host bits. */
export function parseIpv4Network(text: string): Ipv4Network {
  const [addressText = '', prefixText = ''] = text.split('/');
  if (text.split('/').length !== 2 || !/^\d{1,2}$/.test(prefixText) || Number(prefixText) > 32) {
    throw new SyntaxError(
      `"${text}" is not an IPv4 network: an address and a prefix length are wanted, such as 192.168.122.0/24`,
    );
  }
  const address = parseIpv4(addressText);
  const prefixLength = Number(prefixText);
  const network = networkOf(address, prefixLength);
  if (network.address !== address) {
    throw new SyntaxError(
      `"${text}" has host bits: the network of that size is ${formatIpv4Network(network)}`,
    );
  }
  return network;
}

export function networkOf(address: Ipv4Address, prefixLength: number): Ipv4Network {
  return { address: ipv4FromNumber(ipv4ToNumber(address) & maskBits(prefixLength)), prefixLength };
}

export function formatIpv4Network(network: Ipv4Network): string {
  return `${network.address}/${network.prefixLength}`;
}

export function netmaskOf(network: Ipv4Network): Ipv4Address {
  return ipv4FromNumber(maskBits(network.prefixLength));
}

export function broadcastOf(network: Ipv4Network): Ipv4Address {
  return ipv4FromNumber(ipv4ToNumber(network.address) | ~maskBits(network.prefixLength));
}

export function networkContains(network: Ipv4Network, address: Ipv4Address): boolean {
  const mask = maskBits(network.prefixLength);
  return (ipv4ToNumber(address) & mask) === (ipv4ToNumber(network.address) & mask);
}

export function networksOverlap(one: Ipv4Network, other: Ipv4Network): boolean {
  return networkContains(one, other.address) || networkContains(other, one.address);
}

function maskBits(prefixLength: number): number {
  return prefixLength === 0 ? 0 : (0xffff_ffff << (32 - prefixLength)) >>> 0;
}

/** From 16 bytes; the longest run of zero groups, the first of equal ones, becomes `::` (RFC 5952 §4.2). */
export function ipv6FromBytes(bytes: Uint8Array): Ipv6Address {
  if (bytes.length !== 16) throw new RangeError(`An IPv6 address has 16 bytes, not ${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const groups = Array.from({ length: 8 }, (_, at) => view.getUint16(at * 2));
  const text = groups.map((group) => group.toString(16)).join(':');
  const runs = text.match(/\b0(?::0)+\b/g) ?? [];
  const longest = runs.reduce((long, run) => (run.length > long.length ? run : long), '');
  return (longest === '' ? text : text.replace(runAt(longest), '::')) as Ipv6Address;
}

/** A run of zero groups with the colons around it; not the end of a longer group, such as `10`. */
function runAt(run: string): RegExp {
  return new RegExp(`(?:^|:)${run}(?:$|:)`);
}

/** Nearly all that is read was written by Muster. */
const AS_WRITTEN_HERE = /^[\da-f]{2}(?::[\da-f]{2}){5}$/;

/** Takes `52:54:00:12:34:56`, `52-54-…`, `5254.0012.3456` and twelve bare hex digits. @throws SyntaxError */
export function parseMac(text: string): MacAddress {
  if (AS_WRITTEN_HERE.test(text)) return text as MacAddress;
  const shape =
    /^(?:[\da-f]{2}(?::[\da-f]{2}){5}|[\da-f]{2}(?:-[\da-f]{2}){5}|[\da-f]{4}(?:\.[\da-f]{4}){2}|[\da-f]{12})$/i;
  if (!shape.test(text)) {
    throw new SyntaxError(`"${text}" is not a MAC address: six octets are wanted, such as 52:54:00:12:34:56`);
  }
  const digits = text.replaceAll(/[^\da-f]/gi, '').toLowerCase();
  return digits.replaceAll(/..(?!$)/g, '$&:') as MacAddress;
}

export function macFromBytes(bytes: Uint8Array): MacAddress {
  if (bytes.length !== 6) throw new RangeError(`A MAC address has 6 bytes, not ${bytes.length}`);
  let text = '';
  for (const octet of bytes) text += text === '' ? HEX_OCTETS[octet] : `:${HEX_OCTETS[octet]}`;
  return text as MacAddress;
}

/** `00` to `ff`, by the octet. */
const HEX_OCTETS = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'));

export function macToBytes(mac: MacAddress): Uint8Array {
  return Uint8Array.from(mac.split(':').map((octet) => Number.parseInt(octet, 16)));
}

/** @throws SyntaxError */
export function parseUuid(text: string): Uuid {
  if (!/^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i.test(text)) {
    throw new SyntaxError(`"${text}" is not a UUID: 8-4-4-4-12 hex digits are wanted`);
  }
  return text.toLowerCase() as Uuid;
}

/**
 * The UUID with its first three fields turned round: what pxelinux asks for, since it prints the bytes of
 * option 97 as they stand on the wire, where SMBIOS has those fields little-endian.
 */
export function swapUuidByteOrder(uuid: Uuid): Uuid {
  const turn = (field: string): string => (field.match(/../g) ?? []).reverse().join('');
  const [low = '', mid = '', high = '', clock = '', node = ''] = uuid.split('-');
  return [turn(low), turn(mid), turn(high), clock, node].join('-') as Uuid;
}

/** Which byte on the wire is which of the text: the first three fields are little-endian. */
const WIRE_ORDER = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
const DASHES_BEFORE: ReadonlySet<number> = new Set([4, 6, 8, 10]);

/** From the 16 bytes of option 97 (RFC 4578 §2.3), which are SMBIOS raw. */
export function uuidFromWireBytes(bytes: Uint8Array): Uuid {
  if (bytes.length !== 16) throw new RangeError(`A UUID has 16 bytes, not ${bytes.length}`);
  let text = '';
  for (const [at, from] of WIRE_ORDER.entries())
    text += `${DASHES_BEFORE.has(at) ? '-' : ''}${HEX_OCTETS[bytes[from] ?? 0]}`;
  return text as Uuid;
}
