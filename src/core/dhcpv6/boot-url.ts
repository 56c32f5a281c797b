import type { Ipv6Address } from '../../lib/addresses.ts';
import { urlHost } from '../../lib/ipv6-address.ts';

/**
 * A boot file as DHCPv6 says it, which knows URLs only (RFC 5970 §3.1): a name for TFTP becomes one, and a URL stays.
 *
 * @param server this server, as the client reaches it.
 */
export function bootFileUrl(file: string, server: Ipv6Address): string {
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(file)) return file;
  const path = file.split('/').filter(Boolean).map(encodeURIComponent).join('/');
  return `tftp://${urlHost(server)}/${path}`;
}
