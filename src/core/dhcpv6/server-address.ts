import type { Ipv6Address } from '../../lib/addresses.ts';
import type { Dhcpv6Answer } from './decide-answer.ts';
import type { Dhcpv6Client } from './read-client.ts';
import { type Dhcpv6Silence, silence } from './silence.ts';

/** The IPv6 addresses of this server on the link of a client. */
export interface OwnIpv6Addresses {
  readonly linkLocal?: Ipv6Address | undefined;
  /** That reach further, in the system's order. */
  readonly global: readonly Ipv6Address[];
}

export interface AddressedClient {
  readonly client: Pick<Dhcpv6Client, 'bootClass' | 'boot'>;
  readonly answer: Dhcpv6Answer;
  readonly isRelayed: boolean;
}

/**
 * The address of this server that stands in the client's URL.
 *
 * The offer for PXE has the link-local one: EDK2 then asks port 4011 of it, from its own link-local address, before it
 * has set its other one; a global one it reaches only where a router has told of the prefix (PxeBcRetryDhcp6Binl). All
 * else has a global one, since who loads a file has an address of the same prefix, and iPXE and Linux need no zone for it.
 */
export function serverAddressFor(
  own: OwnIpv6Addresses,
  { client, answer, isRelayed }: AddressedClient,
): Ipv6Address | Dhcpv6Silence {
  const [global] = own.global;
  if (isRelayed)
    return (
      global ??
      silence(
        'noAddress',
        'the client is behind a relay, and this server has no IPv6 address but a link-local one',
      )
    );
  const asksAgain = answer === 'ADVERTISE' && client.bootClass === 'PXEClient';
  const chosen = asksAgain ? (own.linkLocal ?? global) : (global ?? own.linkLocal);
  return chosen ?? silence('noAddress', 'this server has no IPv6 address on the interface');
}
