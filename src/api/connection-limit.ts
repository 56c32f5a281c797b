import type { Socket } from 'node:net';
import { networkOfAddress } from '../services/people/network-of-address.ts';

/**
 * Connections from one address, where networks reach the door: a browser opens six, and an office may be behind one
 * address. With no limit of its own, one computer that opens them and says nothing would keep everybody else out.
 */
export const MAX_CONNECTIONS_OF_ADDRESS = 64;

/** What tells of connections: a server, before TLS. */
interface Connecting {
  on(event: 'connection', heard: (socket: Socket) => void): unknown;
}

/** Those beyond the limit are cut off before a byte of them is read. */
export function limitConnections(server: Connecting, most = MAX_CONNECTIONS_OF_ADDRESS): void {
  const open = new Map<string, number>();
  server.on('connection', (socket) => {
    const place = networkOfAddress(socket.remoteAddress ?? '');
    const count = open.get(place) ?? 0;
    if (count >= most) {
      socket.destroy();
      return;
    }
    open.set(place, count + 1);
    socket.once('close', () => {
      const left = (open.get(place) ?? 1) - 1;
      if (left === 0) open.delete(place);
      else open.set(place, left);
    });
  });
}
