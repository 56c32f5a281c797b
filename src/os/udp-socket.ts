import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Ipv4Address } from '../lib/addresses.ts';
import { addressOf, batchesWork, portOf, ReceiveBatch } from './datagram-batch.ts';
import { IP_PMTUDISC_DONT, type Libc } from './libc.ts';
import { sayPortTaken } from './port-owner.ts';
import { systemErrorCode } from './system-call-error.ts';

interface Peer {
  readonly address: Ipv4Address;
  readonly port: number;
}

type DatagramHandler = (bytes: Uint8Array, from: Peer) => void;

/** A bound UDP socket for IPv4, whichever way it was made. */
export interface UdpSocket {
  readonly port: number;
  /** One handler, whose bytes hold until it returns; without it, what comes is read and forgotten. */
  onDatagram(handler: DatagramHandler): void;
  /** For what the system says of the socket later: its interface went away, for one. */
  onError(handler: (error: Error) => void): void;
  /** The bytes are the caller's again as soon as it returns, before it resolves. */
  send(bytes: Uint8Array, to: Peer): Promise<void>;
  close(): Promise<void>;
}

export interface UdpSocketOptions {
  /** `0.0.0.0` for every address. */
  readonly address: Ipv4Address;
  /** 0 for any that is free. */
  readonly port: number;
  /**
   * `alone`: fails when anybody has the port, this process included. `beside`: beside sockets of ours that are
   * already open on it. The kernel lets any two that both say SO_REUSEADDR share a UDP port, a foreign DHCP server
   * too, so the first socket on a port is opened alone.
   */
  readonly share: 'alone' | 'beside';
}

export interface DeviceSocketOptions extends UdpSocketOptions {
  readonly libc: Libc;
  /** Only what arrives there is received, and all that is sent leaves there. Undefined: as the routes say. */
  readonly interfaceName?: string;
}

/**
 * A socket with the options that `dgram` does not know: made here, then handed over as a descriptor. It never sets
 * DF: boot ROMs have been confused by it (dnsmasq's CHANGELOG, 2.4x).
 *
 * @throws SystemCallError, or an Error that names who has the port.
 */
export async function openDeviceSocket(options: DeviceSocketOptions): Promise<UdpSocket> {
  const { libc } = options;
  const fd = openDescriptor(options);
  const socket = createSocket({ type: 'udp4', lookup: alreadyAnAddress });
  try {
    const listening = once(socket, 'listening');
    socket.bind({ fd });
    await listening;
    return new DeviceSocket(socket, libc, fd);
  } catch (error) {
    // The handle took the descriptor with it or never had it; the second close of a pair would hit a stranger.
    await closed(socket);
    throw error;
  }
}

function openDescriptor({ libc, address, port, share, interfaceName }: DeviceSocketOptions): number {
  const fd = libc.socket('udp');
  try {
    if (interfaceName !== undefined) libc.setSocketOption(fd, 'SO_BINDTODEVICE', interfaceName);
    libc.setSocketOption(fd, 'SO_BROADCAST', 1);
    widenReceiveBuffer(libc, fd);
    libc.setSocketOption(fd, 'IP_MTU_DISCOVER', IP_PMTUDISC_DONT);
    if (share === 'beside') libc.setSocketOption(fd, 'SO_REUSEADDR', 1);
    libc.bindUdp(fd, address, port);
    // From here on, others of ours may open beside it.
    libc.setSocketOption(fd, 'SO_REUSEADDR', 1);
    return fd;
  } catch (error) {
    libc.close(fd);
    throw explain(error, port);
  }
}

/** The same with what Node has: no choice of interface, and DF as the system has it. */
export async function openPlainSocket(options: UdpSocketOptions): Promise<UdpSocket> {
  const { address, port, share } = options;
  try {
    // Node decides on SO_REUSEADDR before it binds, so whether the port is free is tried with another socket.
    if (share === 'alone') await closed(await bound(createSocket({ type: 'udp4' }), address, port));
    const socket = await bound(
      createSocket({ type: 'udp4', reuseAddr: true, lookup: alreadyAnAddress }),
      address,
      port,
    );
    socket.setBroadcast(true);
    return new BoundSocket(socket);
  } catch (error) {
    throw explain(error, port);
  }
}

async function bound(socket: Socket, address: Ipv4Address, port: number): Promise<Socket> {
  try {
    const listening = once(socket, 'listening');
    socket.bind({ address, port, exclusive: true });
    await listening;
    return socket;
  } catch (error) {
    await closed(socket);
    throw error;
  }
}

async function closed(socket: Socket): Promise<void> {
  const gone = once(socket, 'close');
  socket.close();
  await gone;
}

function explain(error: unknown, port: number): unknown {
  if (systemErrorCode(error) !== 'EADDRINUSE') return error;
  const taken = new Error(`${sayPortTaken('udp', port)}: stop it, or give Muster another port`, {
    cause: error,
  });
  return Object.assign(taken, { code: 'EADDRINUSE' });
}

/** Node asks its resolver for each destination, and the resolver waits a turn of the loop even for an address. */
function alreadyAnAddress(
  address: string,
  _options: unknown,
  found: (error: null, address: string, family: number) => void,
): void {
  found(null, address, 4);
}

/** Datagrams that the kernel keeps while the loop is busy: some ten thousand of DHCP, where it grants so much. */
const RECEIVE_BUFFER_BYTES = 16 * 1024 * 1024;

/** With CAP_NET_ADMIN as much as is asked for, else what net.core.rmem_max allows (socket(7)). */
function widenReceiveBuffer(libc: Libc, fd: number): void {
  try {
    libc.setSocketOption(fd, 'SO_RCVBUFFORCE', RECEIVE_BUFFER_BYTES);
  } catch (error) {
    if (systemErrorCode(error) !== 'EPERM') throw error;
    libc.setSocketOption(fd, 'SO_RCVBUF', RECEIVE_BUFFER_BYTES);
  }
}

class BoundSocket implements UdpSocket {
  readonly port: number;
  readonly #socket: Socket;
  #closed = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.port = socket.address().port;
    // Without a handler, an error of the socket would end the process.
    socket.on('error', () => {});
  }

  protected get isClosed(): boolean {
    return this.#closed;
  }

  onDatagram(handler: DatagramHandler): void {
    this.#socket.on('message', (bytes, from) => {
      // Node writes the address of a sender in the one canonical form.
      if (!this.#closed) handler(bytes, { address: from.address as Ipv4Address, port: from.port });
    });
  }

  onError(handler: (error: Error) => void): void {
    this.#socket.on('error', handler);
  }

  /** An error that Node did not hear of. */
  protected tell(error: Error): void {
    this.#socket.emit('error', error);
  }

  send(bytes: Uint8Array, to: Peer): Promise<void> {
    return new Promise((resolve, reject) => {
      // Node keeps what it cannot send at once.
      const own = Uint8Array.from(bytes);
      this.#socket.send(own, to.port, to.address, (error) => (error ? reject(error) : resolve()));
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await closed(this.#socket);
  }
}

/** Datagrams taken in one call. */
const BATCH = 64;
/** Of one datagram: those of DHCP fit in an Ethernet frame, and what is behind is cut off. */
const DATAGRAM_BYTES = 4096;
/** Batches taken before others have their turn of the loop. */
const BATCHES = 4;

/**
 * Sends through the C library at once, and takes what waits in batches, where Node reads one datagram a call. Node
 * still says when something came.
 */
class DeviceSocket extends BoundSocket {
  readonly #libc: Libc;
  readonly #fd: number;

  constructor(socket: Socket, libc: Libc, fd: number) {
    super(socket);
    this.#libc = libc;
    this.#fd = fd;
  }

  override onDatagram(handler: DatagramHandler): void {
    super.onDatagram((bytes, from) => {
      handler(bytes, from);
      if (!batchesWork()) return;
      try {
        this.#takeWaiting(handler);
      } catch (error) {
        this.tell(error as Error);
      }
    });
  }

  override send(bytes: Uint8Array, to: Peer): Promise<void> {
    // A closed descriptor may be somebody else's by now.
    if (this.isClosed) return super.send(bytes, to);
    try {
      this.#libc.sendUdp(this.#fd, to.address, to.port, bytes);
      return SENT;
    } catch (error) {
      // The kernel's queue is full; Node waits until it is not.
      if (systemErrorCode(error) === 'EAGAIN') return super.send(bytes, to);
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #takeWaiting(handler: DatagramHandler): void {
    batch ??= new ReceiveBatch(this.#libc, { count: BATCH, bytesEach: DATAGRAM_BYTES });
    for (let round = 0; round < BATCHES && !this.isClosed; round += 1) {
      const count = batch.receive(this.#fd);
      for (let index = 0; index < count; index += 1) {
        const name = { family: batch.family(index), address: batch.address(index) };
        handler(batch.view(index), { address: addressOf(name), port: portOf(name) });
      }
      if (count < BATCH) return;
    }
  }
}

/** One for all sockets: what it holds is done with when the handlers return. */
let batch: ReceiveBatch | undefined;

const SENT = Promise.resolve();
