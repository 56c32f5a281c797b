import { randomInt } from 'node:crypto';
import { type Ipv4Address, LIMITED_BROADCAST, UNSPECIFIED } from '../../lib/addresses.ts';
import { type Libc, loadLibc, type NoLibc } from '../../os/libc.ts';
import { openPacketSocket, type PacketSocket } from '../../os/packet-socket.ts';
import { systemErrorCode } from '../../os/system-call-error.ts';
import { openDeviceSocket, openPlainSocket, type UdpSocket } from '../../os/udp-socket.ts';
import type { DatagramHandler, DhcpInterface, DhcpMode, DhcpReport } from './dhcp-interface.ts';
import { type PlainMember, PlainPort } from './plain-port.ts';
import { CLIENT_PORT, type Destination, SERVER_PORT } from './where-to-send.ts';

export interface DhcpSocket {
  readonly interfaceName: string;
  readonly localAddress: Ipv4Address;
  readonly mode: DhcpMode;
  /** Why it is plain. */
  readonly because?: string;
  onDatagram(handler: DatagramHandler): void;
  /** The bytes are the caller's again as soon as it returns, before it resolves. */
  send(bytes: Uint8Array, destination: Destination): Promise<void>;
  close(): Promise<void>;
}

export interface DhcpSocketOptions extends DhcpInterface {
  readonly port?: number;
  readonly report: (event: DhcpReport) => void;
  readonly libc?: Libc | NoLibc;
  /** What plain sockets on one port share; needed when several interfaces are served. */
  readonly plainPort?: PlainPort;
}

/**
 * The server's socket on one interface.
 *
 * @throws SystemCallError or Error, with what to do: the port is taken (and by whom), no right to it, no such
 * interface.
 */
export async function openDhcpSocket(options: DhcpSocketOptions): Promise<DhcpSocket> {
  const { libc = loadLibc(), port = SERVER_PORT, plainPort = openPlainPort(port, options.report) } = options;
  if ('unavailable' in libc) return openPlain(options, plainPort, libc.because);
  try {
    return await openPerInterface(options, libc, port);
  } catch (error) {
    // Before Linux 5.7, binding to an interface takes CAP_NET_RAW.
    if (systemErrorCode(error) !== 'EPERM') throw error;
    return openPlain(options, plainPort, (error as Error).message);
  }
}

/**
 * `listener` gets the broadcasts and everything else that arrives at the interface; `speaker` what is for its
 * address, and sends broadcasts out of it, from that address; `routed` sends to relays and to clients that have an
 * address, which the routes may want to reach by another interface. What `routed` receives came to our address by
 * way of an interface that is not served for it, and is forgotten.
 */
async function openPerInterface(options: DhcpSocketOptions, libc: Libc, port: number): Promise<DhcpSocket> {
  const { interfaceName, localAddress, report } = options;
  const opened: UdpSocket[] = [];
  const open = async (
    address: Ipv4Address,
    share: 'alone' | 'beside',
    device?: string,
  ): Promise<UdpSocket> => {
    const wish = { libc, address, port, share };
    const socket = await openDeviceSocket(device === undefined ? wish : { ...wish, interfaceName: device });
    socket.onError((error) => report({ what: 'failed', interfaceName, doing: 'receive', error }));
    opened.push(socket);
    return socket;
  };
  try {
    // The first one is opened alone, to meet whoever else serves this interface. Not `listener`: it would meet
    // the `routed` sockets of our other interfaces.
    const speaker = await open(localAddress, 'alone', interfaceName);
    const listener = await open(UNSPECIFIED, 'beside', interfaceName);
    const routed = await open(localAddress, 'beside');
    const packets = tryPacketSocket(options, libc);
    return {
      interfaceName,
      localAddress,
      mode: 'per-interface',
      onDatagram(handler) {
        for (const socket of [listener, speaker]) socket.onDatagram(handler);
      },
      send: (bytes, destination) => send(options, { speaker, routed, packets }, bytes, destination),
      async close() {
        packets?.close();
        await Promise.all(opened.map((socket) => socket.close()));
      },
    };
  } catch (error) {
    await Promise.all(opened.map((socket) => socket.close()));
    throw error;
  }
}

function tryPacketSocket(options: DhcpSocketOptions, libc: Libc): PacketSocket | undefined {
  const { interfaceIndex, interfaceName, mac, report } = options;
  if (mac === undefined) {
    report({
      what: 'fallback',
      interfaceName,
      because: `${BROADCAST_INSTEAD}: it has no Ethernet address itself`,
    });
    return undefined;
  }
  try {
    return openPacketSocket({ libc, interfaceIndex, mac, firstIdentification: randomInt(65_536) });
  } catch (error) {
    report({ what: 'fallback', interfaceName, because: `${BROADCAST_INSTEAD}: ${sentence(error)}` });
    return undefined;
  }
}

/** RFC 2131 §4.1 allows it wherever a client without an address cannot be reached otherwise. */
const BROADCAST_INSTEAD = 'clients without an address get broadcasts';

interface Ways {
  readonly speaker: UdpSocket;
  readonly routed: UdpSocket;
  readonly packets: PacketSocket | undefined;
}

async function send(
  { interfaceName, localAddress, port = SERVER_PORT, report }: DhcpSocketOptions,
  { speaker, routed, packets }: Ways,
  bytes: Uint8Array,
  destination: Destination,
): Promise<void> {
  const toEveryone = { address: LIMITED_BROADCAST, port: CLIENT_PORT };
  switch (destination.to) {
    case 'relay':
    case 'client address':
      return routed.send(bytes, destination);
    case 'hardware':
      if (packets === undefined) return speaker.send(bytes, toEveryone);
      try {
        return packets.send({
          destinationMac: destination.mac,
          sourceAddress: localAddress,
          destinationAddress: destination.address,
          sourcePort: port,
          destinationPort: CLIENT_PORT,
          payload: bytes,
        });
      } catch (error) {
        report({ what: 'fallback', interfaceName, because: `${BROADCAST_INSTEAD}: ${sentence(error)}` });
        return speaker.send(bytes, toEveryone);
      }
    case 'broadcast':
      return speaker.send(bytes, toEveryone);
    default:
      return destination satisfies never;
  }
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * One socket gets all broadcasts, of whatever interface; a socket of each address gets what is for that address, and
 * sends broadcasts out of the interface that has it.
 */
async function openPlain(
  options: DhcpSocketOptions,
  plainPort: PlainPort,
  because: string,
): Promise<DhcpSocket> {
  const { interfaceName, localAddress, port = SERVER_PORT, report } = options;
  let handler: DatagramHandler = () => {};
  const member: PlainMember = { ...options, arrived: (bytes, from) => handler(bytes, from) };
  await plainPort.join(member);
  try {
    const speaker = await openPlainSocket({ address: localAddress, port, share: 'beside' });
    speaker.onError((error) => report({ what: 'failed', interfaceName, doing: 'receive', error }));
    speaker.onDatagram(member.arrived);
    return {
      interfaceName,
      localAddress,
      mode: 'plain',
      because,
      onDatagram(wanted) {
        handler = wanted;
      },
      send: (bytes, destination) =>
        send(options, { speaker, routed: speaker, packets: undefined }, bytes, destination),
      async close() {
        await Promise.all([speaker.close(), plainPort.leave(member)]);
      },
    };
  } catch (error) {
    await plainPort.leave(member);
    throw error;
  }
}

/** What the plain sockets of one server on one port share. */
export function openPlainPort(port: number, report: (event: DhcpReport) => void): PlainPort {
  const openReceiver = async (): Promise<UdpSocket> => {
    const receiver = await openPlainSocket({ address: UNSPECIFIED, port, share: 'alone' });
    receiver.onError((error) => report({ what: 'failed', interfaceName: 'any', doing: 'receive', error }));
    return receiver;
  };
  return new PlainPort(openReceiver, report);
}
