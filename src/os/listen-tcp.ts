import type { IpAddress } from '../lib/addresses.ts';
import { isIpv6, isLinkLocal } from '../lib/ipv6-address.ts';
import type { Libc } from './libc.ts';

export interface ListeningAt {
  readonly address: IpAddress;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Of a link-local address: the interface it is on. */
  readonly interfaceName?: string | undefined;
}

/**
 * A port that connections may come to.
 *
 * @param backlog connections that wait to be accepted; Linux takes no more than `net.core.somaxconn` says, 4096 as it is
 * delivered.
 * @throws SystemCallError when it cannot be had.
 */
export function listenTcp(
  libc: Libc,
  { address, port, interfaceName }: ListeningAt,
  backlog: number,
): { readonly fd: number; readonly port: number } {
  const fd = libc.socket(isIpv6(address) ? 'tcp6' : 'tcp');
  try {
    libc.setSocketOption(fd, 'SO_REUSEADDR', 1);
    const interfaceIndex = interfaceIndexOf(libc, address, interfaceName);
    libc.listenTcp(fd, address, port, { interfaceIndex, backlog });
    return { fd, port: libc.tcpPort(fd) };
  } catch (error) {
    libc.close(fd);
    throw error;
  }
}

/** Undefined for an address that is not bound to its interface. */
export function interfaceIndexOf(
  libc: Libc,
  address: IpAddress,
  interfaceName: string | undefined,
): number | undefined {
  if (interfaceName === undefined || !isIpv6(address) || !isLinkLocal(address)) return undefined;
  return libc.interfaceIndex(interfaceName);
}
