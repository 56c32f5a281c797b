import type { DhcpMessage } from '../../protocols/dhcp/message.ts';
import { relayPort } from '../../protocols/dhcp/relay-agent.ts';
import type { Lease } from '../network/lease.ts';
import { portKey, portText } from '../network/relay-port-text.ts';
import { reservationOf } from '../network/reservations.ts';
import type { Subnet } from '../network/subnet.ts';
import type { DhcpClient } from './read-client.ts';

/**
 * Who a client is on its link: itself, or the port it is plugged into, where that port has a reservation or the
 * subnet goes by ports. Then a machine that takes another's place at a port gets its address.
 *
 * @param subnets those of the link, the surest first.
 * @param atItsAddress the lease of the address the client uses. A renewal goes past the relay, so no port is in
 * it; the lease remembers which port this card was at.
 */
export function identifyClient(
  client: DhcpClient,
  message: Pick<DhcpMessage, 'options'>,
  subnets: readonly Subnet[],
  atItsAddress: Lease | undefined,
): DhcpClient {
  if (!subnets.some(goesByPorts)) return client;
  const port = relayPort(message);
  if (port === undefined) {
    const isItsOwn = atItsAddress?.mac !== undefined && atItsAddress.mac === client.mac;
    const atPort = isItsOwn && atItsAddress.clientKey.startsWith(PORT_PREFIX);
    return atPort ? { ...client, clientKey: atItsAddress.clientKey } : client;
  }
  const circuitId = port.circuitId && portText(port.circuitId);
  const remoteId = port.remoteId && portText(port.remoteId);
  const exact = portKey(circuitId, remoteId);
  const reserved = [exact, portKey(circuitId, undefined)].find((clientKey) =>
    subnets.some((subnet) => reservationOf(subnet, { clientKey }) !== undefined),
  );
  if (reserved !== undefined) return { ...client, clientKey: reserved };
  return subnets[0]?.identity === 'relay-port' ? { ...client, clientKey: exact } : client;
}

const PORT_PREFIX = portKey('', undefined);

/** Whether ports can be clients in this subnet. */
export function goesByPorts({ identity, portReservations }: Subnet): boolean {
  return identity === 'relay-port' || (portReservations?.length ?? 0) > 0;
}
