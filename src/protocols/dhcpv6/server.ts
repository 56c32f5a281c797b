import type { Ipv6Address } from '../../lib/addresses.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import { decodePacket, type Dhcpv6Packet, encodePacket } from './message.ts';
import { Options } from './options.ts';
import { ALL_SERVERS, type Dhcpv6Peer, type Dhcpv6Socket, openDhcpv6Socket } from './socket.ts';

/** RFC 8415 §7.2. */
export const SERVER_PORT = 547;
const CLIENT_PORT = 546;
/** Answers worked out at the same time; what comes while there are so many is dropped, and asked for again. */
const MAX_ANSWERS_IN_FLIGHT = 1024;

/** An interface, and the addresses of this server there. */
export interface Dhcpv6Link {
  readonly interfaceName: string;
  /** Another one under the same name is another interface. */
  readonly interfaceIndex: number;
  readonly linkLocal?: Ipv6Address | undefined;
  readonly global: readonly Ipv6Address[];
}

export interface Dhcpv6Arrival {
  readonly link: Dhcpv6Link;
  /** Port 547, or the one where PXE firmware asks again that has its address. */
  readonly door: 'server' | 'boot server';
  readonly sourceAddress: Ipv6Address;
}

export type Dhcpv6Report =
  /** Malformed, or too many at once. */
  | { readonly what: 'dropped'; readonly interfaceName: string; readonly because: string }
  /** A fault of ours or of the system. */
  | { readonly what: 'failed'; readonly interfaceName: string; readonly error: unknown }
  /** Each reason once. */
  | { readonly what: 'cannot'; readonly interfaceName: string; readonly because: string };

export interface Dhcpv6ServerOptions {
  /** Where PXE firmware asks again, 4011 unless told; `off` for nowhere. */
  readonly bootServerPort: number | 'off';
  readonly answer: (packet: Dhcpv6Packet, arrival: Dhcpv6Arrival) => Promise<Dhcpv6Packet | undefined>;
  readonly report: (report: Dhcpv6Report) => void;
  /** `SERVER_PORT` unless told. */
  readonly port?: number;
}

/** Datagrams since the start, by what became of them. */
export interface Dhcpv6DatagramCounts {
  readonly answered: number;
  readonly silent: number;
  readonly dropped: number;
  readonly overloaded: number;
  readonly failed: number;
}

export interface Dhcpv6Server {
  readonly counts: Dhcpv6DatagramCounts;
  /** Why nobody is heard on an interface, by its name. */
  readonly cannot: ReadonlyMap<string, string>;
  /** Where it listens. */
  readonly listening: readonly { readonly address: Ipv6Address; readonly port: number }[];
  /** Serves these from now on. What cannot be opened is reported, and tried again at the next call. */
  setLinks(links: readonly Dhcpv6Link[]): Promise<void>;
  /** Waits for the answers that are being worked out. */
  close(): Promise<void>;
}

/** Reasons that are told. */
const MAX_REASONS = 16;

export function serveDhcpv6(options: Dhcpv6ServerOptions): Dhcpv6Server {
  return new Server(options);
}

/** One socket that is wanted. */
interface Place {
  readonly link: Dhcpv6Link;
  readonly address: Ipv6Address;
  readonly port: number;
  readonly door: Dhcpv6Arrival['door'];
}

interface Door {
  readonly place: Place;
  readonly socket: Dhcpv6Socket;
}

class Server implements Dhcpv6Server {
  readonly #options: Dhcpv6ServerOptions;
  readonly #doors = new Map<string, Door>();
  readonly #counts = { answered: 0, silent: 0, dropped: 0, overloaded: 0, failed: 0 };
  readonly #cannot = new Map<string, string>();
  readonly #told = new Set<string>();
  readonly #underWay = new Set<Promise<void>>();
  /** One change at a time. */
  #changing: Promise<void> = Promise.resolve();

  constructor(options: Dhcpv6ServerOptions) {
    this.#options = options;
  }

  get counts(): Dhcpv6DatagramCounts {
    return { ...this.#counts };
  }

  get cannot(): ReadonlyMap<string, string> {
    return this.#cannot;
  }

  get listening(): Dhcpv6Server['listening'] {
    return [...this.#doors.values()].map(({ place, socket }) => ({
      address: place.address,
      port: socket.port,
    }));
  }

  setLinks(links: readonly Dhcpv6Link[]): Promise<void> {
    this.#changing = this.#changing.then(() => this.#change(links));
    return this.#changing;
  }

  async close(): Promise<void> {
    // First no more questions, then the answers under way, then the sockets that they leave by.
    await this.#changing;
    const doors = [...this.#doors.values()];
    this.#doors.clear();
    await Promise.all(this.#underWay);
    await Promise.all(doors.map(({ socket }) => socket.close()));
  }

  async #change(links: readonly Dhcpv6Link[]): Promise<void> {
    const wanted = new Map(links.flatMap((link) => this.#places(link)).map((place) => [keyOf(place), place]));
    const leaving = [...this.#doors].filter(([key]) => !wanted.has(key));
    for (const [key] of leaving) this.#doors.delete(key);
    await Promise.all(leaving.map(([, { socket }]) => socket.close()));
    this.#cannot.clear();
    for (const [key, place] of wanted) {
      const known = this.#doors.get(key);
      // The other addresses of the interface may have changed.
      if (known) this.#doors.set(key, { ...known, place });
      else await this.#open(key, place);
    }
  }

  /** Clients ask all servers, relay agents one address; firmware asks the address of its boot file again. */
  #places(link: Dhcpv6Link): readonly Place[] {
    const { port = SERVER_PORT, bootServerPort } = this.#options;
    const { linkLocal, global } = link;
    // Without an address of the link, nothing can be sent there.
    if (linkLocal === undefined) return [];
    const server = [ALL_SERVERS, ...global].map((address) => ({
      link,
      address,
      port,
      door: 'server' as const,
    }));
    if (bootServerPort === 'off') return server;
    const again = { link, port: bootServerPort, door: 'boot server' as const };
    return [...server, ...[linkLocal, ...global].map((address) => ({ ...again, address }))];
  }

  async #open(key: string, place: Place): Promise<void> {
    const { link, address, port, door } = place;
    const { interfaceName } = link;
    try {
      const socket = await openDhcpv6Socket({
        interfaceName,
        address,
        port,
        share: door === 'server' ? 'beside' : 'alone',
        onDatagram: (bytes, from) => this.#onDatagram(key, bytes, from),
        onError: (error) => this.#options.report({ what: 'failed', interfaceName, error }),
      });
      this.#doors.set(key, { place, socket });
    } catch (error) {
      this.#say(
        interfaceName,
        `port ${port} of ${address}: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  #onDatagram(key: string, bytes: Uint8Array, from: Dhcpv6Peer): void {
    const door = this.#doors.get(key);
    if (!door) return;
    const { interfaceName } = door.place.link;
    if (this.#underWay.size >= MAX_ANSWERS_IN_FLIGHT) {
      this.#counts.overloaded += 1;
      const because = `${MAX_ANSWERS_IN_FLIGHT} answers are being worked out already`;
      return this.#options.report({ what: 'dropped', interfaceName, because });
    }
    const answering = this.#answer(door, bytes, from)
      .catch((error: unknown) => this.#failed(interfaceName, error))
      .finally(() => this.#underWay.delete(answering));
    this.#underWay.add(answering);
  }

  async #answer({ place, socket }: Door, bytes: Uint8Array, from: Dhcpv6Peer): Promise<void> {
    const packet = decodePacket(bytes);
    const { link, door } = place;
    if (packet.relays.length > 0 && packet.way === 'reply')
      throw new DecodeError('A RELAY-REPL is for relay agents', 0);
    const reply = await this.#options.answer(packet, { link, door, sourceAddress: from.address });
    if (reply === undefined) this.#counts.silent += 1;
    else {
      await socket.send(encodePacket(reply), { address: from.address, port: portFor(packet, door, from) });
      this.#counts.answered += 1;
    }
  }

  #failed(interfaceName: string, error: unknown): void {
    if (error instanceof DecodeError) {
      this.#counts.dropped += 1;
      this.#options.report({ what: 'dropped', interfaceName, because: error.message });
    } else {
      this.#counts.failed += 1;
      this.#options.report({ what: 'failed', interfaceName, error });
    }
  }

  #say(interfaceName: string, because: string): void {
    this.#cannot.set(interfaceName, because);
    if (this.#told.has(because) || this.#told.size >= MAX_REASONS) return;
    this.#told.add(because);
    this.#options.report({ what: 'cannot', interfaceName, because });
  }
}

/** A relay agent listens on the servers' port, or says another (RFC 8357 §5.2); EDK2 asks again from port 4011. */
function portFor(
  { relays: [outermost] }: Dhcpv6Packet,
  door: Dhcpv6Arrival['door'],
  from: Dhcpv6Peer,
): number {
  if (outermost) return outermost.options.has(Options.relayPort) ? from.port : SERVER_PORT;
  return door === 'server' ? CLIENT_PORT : from.port;
}

/** Another address of the same interface is another place. */
function keyOf({ link, address, port }: Place): string {
  return JSON.stringify([link.interfaceName, link.interfaceIndex, address, port]);
}
