import { createSocket, type Socket } from 'node:dgram';
import type { Ipv4Address } from '../../lib/addresses.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import type { DhcpArrival, DhcpInterface } from './dhcp-interface.ts';
import { decodeMessage, type DhcpMessage, encodeMessage } from './message.ts';

/** Answers worked out at the same time; what comes while there are so many is dropped, and asked for again. */
const MAX_ANSWERS_IN_FLIGHT = 1024;

export interface BootServerPortOptions {
  readonly on: DhcpInterface;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly answer: (message: DhcpMessage, arrival: DhcpArrival) => Promise<DhcpMessage | undefined>;
  /** `dropped`: no request, or too many. `failed`: a fault of ours or of the system. */
  readonly report: (what: 'dropped' | 'failed', error: unknown) => void;
}

export interface BootServerPort {
  readonly address: Ipv4Address;
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Answers on port 4011 of one address, where clients ask a PXE boot server (PXE 2.1). They have an address, and are
 * answered where they ask from: EDK2 from port 4011 of its own, others from 68. Rejects as the system does (EADDRINUSE,
 * EACCES) when the port cannot be had.
 */
export async function serveBootServerPort(options: BootServerPortOptions): Promise<BootServerPort> {
  const { on, answer, report } = options;
  const socket = createSocket('udp4');
  await bind(socket, on.localAddress, options.port);
  socket.on('error', (error) => report('failed', error));
  let underWay = 0;
  const { interfaceName, localAddress, localNetwork } = on;
  const serve = async (bytes: Uint8Array, address: string, port: number): Promise<void> => {
    const sourceAddress = address as Ipv4Address;
    const arrival = { interfaceName, localAddress, localNetwork, sourceAddress, sourcePort: port };
    const reply = await answer(decodeMessage(bytes), arrival);
    if (reply !== undefined) socket.send(encodeMessage(reply), port, address);
  };
  socket.on('message', (bytes, { address, port }) => {
    if (underWay >= MAX_ANSWERS_IN_FLIGHT) {
      report('dropped', new Error(`${MAX_ANSWERS_IN_FLIGHT} answers are being worked out already`));
      return;
    }
    underWay += 1;
    serve(bytes, address, port)
      .catch((error: unknown) => report(error instanceof DecodeError ? 'dropped' : 'failed', error))
      .finally(() => (underWay -= 1));
  });
  return {
    address: on.localAddress,
    port: socket.address().port,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

function bind(socket: Socket, address: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ address, port, exclusive: true }, () => {
      socket.off('error', reject);
      resolve();
    });
  });
}
