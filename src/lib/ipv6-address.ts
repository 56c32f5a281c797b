import {
  type IpAddress,
  ipv4ToNumber,
  type Ipv6Address,
  ipv6FromBytes,
  type MacAddress,
  macFromBytes,
  parseIpv4,
} from './addresses.ts';

const IPV6_BYTES = 16;
const IPV6_GROUPS = 8;
/** Turned round in the first octet of an interface identifier (RFC 4291 App. A). */
const UNIVERSAL_BIT = 0x02;

/** Only an IPv6 address has colons. */
export function isIpv6(address: IpAddress): address is Ipv6Address {
  return address.includes(':');
}

/** @throws SyntaxError */
export function parseIp(text: string): IpAddress {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

/** Any way of writing one, without a zone. @throws SyntaxError */
export function parseIpv6(text: string): Ipv6Address {
  const groups = groupsOf(text);
  if (groups === undefined)
    throw new SyntaxError(
      `"${text}" is not an IPv6 address: up to eight groups of four hex digits are wanted, such as fd00::10`,
    );
  return ipv6FromBytes(bytesOf(groups));
}

export function ipv6ToBytes(address: Ipv6Address): Uint8Array {
  return bytesOf(groupsOf(address) ?? []);
}

function bytesOf(groups: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(IPV6_BYTES);
  const view = new DataView(bytes.buffer);
  for (const [at, group] of groups.entries()) view.setUint16(at * 2, group);
  return bytes;
}

/** Undefined for what is no address. */
function groupsOf(text: string): readonly number[] | undefined {
  const halves = withoutDots(text).split('::');
  if (halves.length > 2) return undefined;
  const [before = [], after = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const all = [...before, ...after];
  if (!all.every((group) => /^[\da-f]{1,4}$/i.test(group))) return undefined;
  const missing = IPV6_GROUPS - all.length;
  // `::` stands for one group at least.
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const hex = (group: string): number => Number.parseInt(group, 16);
  return [...before.map(hex), ...Array.from({ length: missing }, () => 0), ...after.map(hex)];
}

/** `::ffff:192.0.2.1` with its last two groups in hex (RFC 4291 §2.2). */
function withoutDots(text: string): string {
  const quad = /(?<=:)\d{1,3}(?:\.\d{1,3}){3}$/.exec(text)?.[0];
  if (quad === undefined) return text;
  const number = ipv4ToNumber(parseIpv4(quad));
  const hex = [Math.floor(number / 0x1_0000), number % 0x1_0000].map((group) => group.toString(16));
  return `${text.slice(0, -quad.length)}${hex.join(':')}`;
}

/** It holds on one link only (RFC 4291 §2.5.6): whoever uses it must say which. */
export function isLinkLocal(address: Ipv6Address): boolean {
  return /^fe[89ab][\da-f]:/.test(address);
}

/**
 * The card whose MAC address makes up the second half, as the modified EUI-64 of RFC 4291 App. A; undefined where that
 * half was made in another way.
 */
export function macOfIpv6(address: Ipv6Address): MacAddress | undefined {
  const [first = 0, second = 0, third = 0, ff = 0, fe = 0, ...rest] = ipv6ToBytes(address).subarray(8);
  if (ff !== 0xff || fe !== 0xfe) return undefined;
  return macFromBytes(Uint8Array.from([first ^ UNIVERSAL_BIT, second, third, ...rest]));
}

/** As the host of a URL (RFC 3986 §3.2.2). */
export function urlHost(address: IpAddress): string {
  return isIpv6(address) ? `[${address}]` : address;
}
