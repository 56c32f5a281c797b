import { type Ipv4Address, ipv4ToBytes } from '../../src/lib/addresses.ts';
import { familyOf, type PeerName, ReceiveBatch, SendBatch } from '../../src/os/datagram-batch.ts';
import { type Libc, loadLibc } from '../../src/os/libc.ts';
import { PollSet } from '../../src/os/poll-set.ts';
import type { SeededRandom } from '../seeded-random.ts';
import { STRANGER_ANSWER } from './reading-client.ts';

export interface ClientPortsOptions {
  readonly server: Ipv4Address;
  /** The server's port for requests. */
  readonly requestPort: number;
  /** How many are open at one time at most. */
  readonly seats: number;
  /** What is lost is decided by it. */
  readonly random: SeededRandom;
  /** Share of the packets of each direction that is dropped, from 0 to 1. */
  readonly loss: number;
  /** How long what arrives is held back. */
  readonly delayMs: number;
  readonly onPacket: (seat: number, bytes: Uint8Array) => void;
}

interface OpenPort {
  readonly fd: number;
  /** The port the transfer comes from, once its first packet has come; as `PeerName.family`. */
  family: number | undefined;
}

interface HeldBack {
  readonly dueMs: number;
  readonly seat: number;
  readonly port: OpenPort;
  readonly family: number;
  readonly bytes: Uint8Array;
}

/** More than a window of any client. */
const DATAGRAMS_AT_ONCE = 64;
const MOST_DATAGRAM_BYTES = 1500;
const MOST_SENT_BYTES = 64 * 1024;

/**
 * The ports of many clients, one for each seat, in one thread that waits for all of them: so the load costs little
 * beside the server it is for. Each has a link of its own that may lose and delay packets.
 */
export class ClientPorts {
  readonly #options: ClientPortsOptions;
  readonly #libc: Libc;
  readonly #waiting: PollSet;
  readonly #received: ReceiveBatch;
  readonly #sending: SendBatch<undefined>;
  readonly #requests: PeerName;
  readonly #ports: (OpenPort | undefined)[];
  readonly #heldBack: HeldBack[] = [];

  /** @throws Error where the C library cannot be called. */
  constructor(options: ClientPortsOptions) {
    const libc = loadLibc();
    if ('unavailable' in libc) throw new Error(`The load program cannot run: ${libc.because}`);
    this.#libc = libc;
    this.#options = options;
    this.#waiting = new PollSet(libc, options.seats);
    this.#received = new ReceiveBatch(libc, { count: DATAGRAMS_AT_ONCE, bytesEach: MOST_DATAGRAM_BYTES });
    this.#sending = new SendBatch(libc, {
      messages: DATAGRAMS_AT_ONCE,
      parts: DATAGRAMS_AT_ONCE,
      smallBytes: MOST_SENT_BYTES,
      // The server's port is closed, or its host unreachable: the client's timer says the rest.
      unsent: () => {},
    });
    const address = new Uint32Array(ipv4ToBytes(options.server).slice().buffer)[0] ?? 0;
    this.#requests = { family: familyOf(options.requestPort), address };
    this.#ports = Array.from({ length: options.seats }, () => undefined);
    for (let seat = 0; seat < options.seats; seat += 1) this.#waiting.set(seat, NOTHING, 'read');
  }

  /** A new port for this seat. @throws SystemCallError */
  open(seat: number, address: Ipv4Address): void {
    const fd = this.#libc.socket('udp');
    this.#libc.bindUdp(fd, address, 0);
    this.#ports[seat] = { fd, family: undefined };
    this.#waiting.set(seat, fd, 'read');
  }

  close(seat: number): void {
    const port = this.#ports[seat];
    if (port === undefined) return;
    this.#sending.flush();
    this.#libc.close(port.fd);
    this.#ports[seat] = undefined;
    this.#waiting.set(seat, NOTHING, 'read');
  }

  /** @param to `transfer` is where the transfer comes from; before anything came from there, nothing is sent. */
  send(seat: number, bytes: Uint8Array, to: 'requests' | 'transfer'): void {
    const port = this.#ports[seat];
    const family = to === 'requests' ? this.#requests.family : port?.family;
    if (port === undefined || family === undefined || this.#isLost()) return;
    this.#put(port, bytes, family);
  }

  /** Waits until something comes, or the time is up, and hands it on. */
  wait(timeoutMs: number): void {
    this.#sending.flush();
    const heldMs = (this.#heldBack[0]?.dueMs ?? Infinity) - performance.now();
    const ready = this.#waiting.wait(Math.max(0, Math.ceil(Math.min(timeoutMs, heldMs))));
    if (ready > 0) for (let seat = 0; seat < this.#ports.length; seat += 1) this.#read(seat);
    this.#deliverHeldBack();
  }

  #read(seat: number): void {
    const port = this.#ports[seat];
    if (port === undefined || !this.#waiting.isReady(seat)) return;
    const count = this.#received.receive(port.fd);
    const arrived = Array.from({ length: count }, (_, index) => ({
      family: this.#received.family(index),
      bytes: this.#received.datagram(index),
    }));
    for (const { family, bytes } of arrived) {
      if (this.#isLost()) continue;
      const { delayMs } = this.#options;
      if (delayMs === 0) this.#deliver(seat, port, family, bytes);
      else this.#heldBack.push({ dueMs: performance.now() + delayMs, seat, port, family, bytes });
    }
  }

  #deliverHeldBack(): void {
    const nowMs = performance.now();
    const due = this.#heldBack.findIndex(({ dueMs }) => dueMs > nowMs);
    const now = this.#heldBack.splice(0, due === -1 ? this.#heldBack.length : due);
    for (const { seat, port, family, bytes } of now) this.#deliver(seat, port, family, bytes);
  }

  #deliver(seat: number, port: OpenPort, family: number, bytes: Uint8Array): void {
    // The seat may have another transfer by now.
    if (this.#ports[seat] !== port) return;
    port.family ??= family;
    if (family === port.family) this.#options.onPacket(seat, bytes);
    else this.#put(port, STRANGER_ANSWER, family);
  }

  #put(port: OpenPort, bytes: Uint8Array, family: number): void {
    this.#sending.begin(port.fd, 1, bytes.length);
    this.#sending.small(bytes);
    this.#sending.end({ family, address: this.#requests.address }, undefined, 0);
  }

  #isLost(): boolean {
    return this.#options.random.chance(this.#options.loss);
  }
}

/** poll(2) passes over a negative descriptor. */
const NOTHING = -1;
