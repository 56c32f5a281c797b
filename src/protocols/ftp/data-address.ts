import { type IpAddress, type Ipv4Address, parseIpv4 } from '../../lib/addresses.ts';
import { isIpv6, parseIp } from '../../lib/ipv6-address.ts';

/** Where the data connection goes, as PORT and PASV (RFC 959 §4.1.2) and EPRT and EPSV (RFC 2428) write it. */

export interface DataTarget {
  readonly address: IpAddress;
  readonly port: number;
}

/** RFC 2428 §2, after the address family numbers of IANA. */
export const NetworkProtocol = { ipv4: '1', ipv6: '2' } as const;

/** Ports below are for services that clients do not run, and whoever connects from here would be trusted there. */
export const LEAST_CLIENT_PORT = 1024;
const LAST_PORT = 65_535;
/** `h1,h2,h3,h4,p1,p2`. */
const PORT_FORM = /^(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3}),(\d{1,3})$/;
/** `|protocol|address|port|`, where the bar is any printable character but a letter, digit, dot or colon. */
const EPRT_FORM = /^([!-~])([^\s]{0,10}?)\1([\da-fA-F.:]{2,45})\1(\d{1,5})\1$/;

/** @throws SyntaxError */
export function parsePort(argument: string): DataTarget {
  const numbers = (PORT_FORM.exec(argument.trim()) ?? []).slice(1).map(Number);
  const [a, b, c, d, high = 0, low = 0] = numbers;
  if (numbers.length === 0 || numbers.some((number) => number > 255)) {
    throw new SyntaxError(`"${argument}" is no data port: six numbers from 0 to 255 with commas are wanted`);
  }
  return { address: parseIpv4(`${a}.${b}.${c}.${d}`), port: high * 256 + low };
}

/** A protocol that is neither IPv4 nor IPv6 is told apart, since the reply says which are known. @throws SyntaxError */
export function parseEprt(argument: string): DataTarget | 'other protocol' {
  const [, , protocol, addressText = '', portText] = EPRT_FORM.exec(argument.trim()) ?? [];
  if (protocol === undefined) {
    throw new SyntaxError(`"${argument}" is no data port: it is written as |1|192.0.2.10|5000|`);
  }
  if (protocol !== NetworkProtocol.ipv4 && protocol !== NetworkProtocol.ipv6) return 'other protocol';
  const address = parseIp(addressText);
  const port = Number(portText);
  if (protocol !== protocolOf(address) || port > LAST_PORT) {
    throw new SyntaxError(
      `"${argument}" is no data port: its protocol, address and port do not belong together`,
    );
  }
  return { address, port };
}

export function protocolOf(address: IpAddress): (typeof NetworkProtocol)[keyof typeof NetworkProtocol] {
  return isIpv6(address) ? NetworkProtocol.ipv6 : NetworkProtocol.ipv4;
}

/** The form in which clients look for it: six numbers in parentheses (RFC 1123 §4.1.2.6). */
export function formatPasv(address: Ipv4Address, port: number): string {
  return `(${address.replaceAll('.', ',')},${Math.floor(port / 256)},${port % 256})`;
}

/** RFC 2428 §3: the address is that of the control connection, and left out. */
export function formatEpsv(port: number): string {
  return `(|||${port}|)`;
}

/**
 * Why nothing is sent to where a client wants it; undefined when it may be. A server that connects wherever it is told
 * scans and attacks others in its own name (FTP bounce, RFC 2577 §3).
 */
export function objectionToTarget({ address, port }: DataTarget, client: IpAddress): string | undefined {
  if (address !== client)
    return `data goes to ${client} only, where the commands come from, not to ${address}`;
  if (port < LEAST_CLIENT_PORT) return `data goes to ports from ${LEAST_CLIENT_PORT} on, not to ${port}`;
  return undefined;
}
