import type { MacAddress } from '../../lib/addresses.ts';
import type { Reserved } from './all-reservations.ts';
import type { Subnet } from './subnet.ts';
import { subnetIndex } from './subnet-index.ts';

/** Who asks, as far as reservations go. */
export interface Reserver {
  readonly clientKey: string;
  readonly mac?: MacAddress | undefined;
}

/** The reservation of the port a client is on, else that of its MAC address. */
export function reservationOf(subnet: Subnet, { clientKey, mac }: Reserver): Reserved | undefined {
  const { reservedClients } = subnetIndex(subnet);
  return (
    reservedClients.get(clientKey) ?? (mac === undefined ? undefined : reservedClients.get(`mac:${mac}`))
  );
}

/** Whether that reservation is for this client. */
export function isFor({ clientKey, mac }: Reserver, reserved: Reserved): boolean {
  return reserved.clientKey === clientKey || reserved.clientKey === `mac:${mac}`;
}
