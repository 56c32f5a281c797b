import type { Ipv4Address } from '../../lib/addresses.ts';
import { portKey } from './relay-port-text.ts';
import type { Subnet } from './subnet.ts';

/** An address that is kept for somebody. */
export interface Reserved {
  /** `52:54:00:12:34:56`, or `port eth0/7`. */
  readonly holder: string;
  /** What `clientKey` is, or would be, for the holder. */
  readonly clientKey: string;
  readonly address: Ipv4Address;
  readonly hostname?: string;
}

/** Those of MAC addresses and those of ports. */
export function allReservations({ reservations, portReservations = [] }: Subnet): readonly Reserved[] {
  const ofCards = reservations.map(({ mac, ...rest }) => ({ ...rest, holder: mac, clientKey: `mac:${mac}` }));
  const ofPorts = portReservations.map(({ circuitId, remoteId, ...rest }) => {
    const clientKey = portKey(circuitId, remoteId);
    return { ...rest, clientKey, holder: clientKey.replace(':', ' ') };
  });
  return [...ofCards, ...ofPorts];
}
