import { readText } from './read-if-there.ts';

export interface EphemeralPorts {
  readonly first: number;
  readonly last: number;
}

/**
 * The ports that the system chooses from. Undefined where some of them are kept for others, which only the system's own choice
 * passes over, or where it does not tell.
 */
export function ephemeralPorts(): EphemeralPorts | undefined {
  const folder = '/proc/sys/net/ipv4';
  return decodeEphemeralPorts(
    readText(`${folder}/ip_local_port_range`) ?? '',
    readText(`${folder}/ip_local_reserved_ports`) ?? '',
  );
}

/** @param range and `reserved` as they stand in ip-sysctl(7): `32768 60999`, and `8080,9000-9010`, or nothing. */
export function decodeEphemeralPorts(range: string, reserved: string): EphemeralPorts | undefined {
  const [, first, last] = /^\s*(\d{1,5})\s+(\d{1,5})\s*$/.exec(range) ?? [];
  if (first === undefined || last === undefined || reserved.trim() !== '') return undefined;
  const ports = { first: Number(first), last: Number(last) };
  return ports.first > 0 && ports.first <= ports.last && ports.last <= 65_535 ? ports : undefined;
}
