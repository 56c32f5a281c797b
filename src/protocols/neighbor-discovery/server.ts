import type { Ipv6Address, MacAddress } from '../../lib/addresses.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import { type FrameSocket, openFrameSocket } from '../../os/frame-socket.ts';
import { type Libc, loadLibc, type NoLibc } from '../../os/libc.ts';
import { systemErrorCode } from '../../os/system-call-error.ts';
import { Advertiser } from './advertiser.ts';
import {
  ALL_NODES_MAC,
  ALL_ROUTERS_MAC,
  decodeRouterMessage,
  encodeEmptyAdvertisement,
  encodeSolicitation,
  ETHERTYPE_IPV6,
  type RouterMessage,
} from './router-message.ts';
import { ROUTER_MESSAGES } from './socket-filter.ts';

export interface AdvertisedInterface {
  readonly interfaceName: string;
  readonly interfaceIndex: number;
  readonly mac: MacAddress;
}

export type AdvertiserReport =
  | {
      readonly what: 'router came' | 'router went';
      readonly interfaceName: string;
      readonly address: Ipv6Address;
    }
  /** Once for each reason. */
  | { readonly what: 'cannot'; readonly interfaceName: string; readonly because: string };

export interface AdvertiserOptions {
  /** Whether machines get their addresses here: ROMs of other servers are left alone. Asked before each answer. */
  readonly servesDhcp: (interfaceName: string) => Promise<boolean>;
  readonly report: (report: AdvertiserReport) => void;
  readonly libc?: Libc | NoLibc;
}

/** Since the start, of all interfaces. */
interface AdvertiserCounts {
  /** Messages heard. */
  readonly solicitations: number;
  readonly advertisements: number;
  /** Malformed, or of what a host must not believe. */
  readonly dropped: number;
  /** Empty advertisements that were sent. */
  readonly sent: number;
}

export interface AdvertiserServer {
  readonly counts: AdvertiserCounts;
  /** Why nothing can be advertised on an interface, by its name. */
  readonly cannot: ReadonlyMap<string, string>;
  /** Serves these from now on. What cannot be opened is reported and tried again at the next call. */
  setInterfaces(interfaces: readonly AdvertisedInterface[]): Promise<void>;
  /** A boot client got its address there, and may wait for a router: its question may have been lost. */
  bootClientWaits(interfaceName: string): void;
  close(): Promise<void>;
}

/**
 * Between two looks at the sockets: Node watches no packet socket, and a ROM that waits for a router does not notice
 * so little.
 */
const LOOK_MS = 100;
/** Messages read at one look, so that a flood of them keeps nobody waiting. */
const MESSAGES_PER_LOOK = 32;
/** More than an Ethernet frame holds. */
const BUFFER_BYTES = 2048;
/** Reasons that are told. */
const MAX_REASONS = 16;

/** Hears who looks for an IPv6 router on each interface, and says that there is none where there is none. */
export function serveAdvertisements(options: AdvertiserOptions): AdvertiserServer {
  return new Server(options);
}

/** One interface while it is served. */
interface Door {
  readonly on: AdvertisedInterface;
  readonly socket: FrameSocket;
  readonly advertiser: Advertiser;
}

class Server implements AdvertiserServer {
  readonly #options: AdvertiserOptions;
  readonly #doors = new Map<string, Door>();
  readonly #counts = { solicitations: 0, advertisements: 0, dropped: 0, sent: 0 };
  readonly #cannot = new Map<string, string>();
  readonly #told = new Set<string>();
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  #timer: NodeJS.Timeout | undefined;

  constructor(options: AdvertiserOptions) {
    this.#options = options;
  }

  get counts(): AdvertiserCounts {
    return { ...this.#counts };
  }

  get cannot(): ReadonlyMap<string, string> {
    return this.#cannot;
  }

  async setInterfaces(interfaces: readonly AdvertisedInterface[]): Promise<void> {
    const wanted = new Map(interfaces.map((on) => [keyOf(on), on]));
    const leaving = [...this.#doors].filter(([key]) => !wanted.has(key)).map(([, door]) => door);
    const left = leaving.map((door) => this.#leave(door));
    this.#cannot.clear();
    for (const [key, on] of wanted) if (!this.#doors.has(key)) this.#open(on);
    this.#setTimer();
    await Promise.all(left);
  }

  bootClientWaits(interfaceName: string): void {
    for (const { on, advertiser } of this.#doors.values())
      if (on.interfaceName === interfaceName) advertiser.wanted();
  }

  close(): Promise<void> {
    return this.setInterfaces([]);
  }

  #open(on: AdvertisedInterface): void {
    const { libc = loadLibc() } = this.#options;
    if ('unavailable' in libc) return this.#say(on, libc.because);
    try {
      const { interfaceIndex, mac } = on;
      const socket = openFrameSocket({
        libc,
        interfaceIndex,
        etherType: ETHERTYPE_IPV6,
        filter: ROUTER_MESSAGES,
        groups: [ALL_NODES_MAC, ALL_ROUTERS_MAC],
      });
      this.#doors.set(keyOf(on), { on, socket, advertiser: new Advertiser(performance.now()) });
      // A router that is there would otherwise be heard of at its next turn only, minutes later.
      socket.send(ALL_ROUTERS_MAC, encodeSolicitation(mac));
    } catch (error) {
      this.#say(on, sentence(error));
    }
  }

  #leave(door: Door): Promise<void> {
    this.#doors.delete(keyOf(door.on));
    return door.socket.close();
  }

  #setTimer(): void {
    if (this.#doors.size > 0 && this.#timer === undefined) {
      this.#timer = setInterval(() => this.#look(), LOOK_MS);
      this.#timer.unref();
    } else if (this.#doors.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }

  #look(): void {
    const nowMs = performance.now();
    for (const door of this.#doors.values()) {
      this.#readWaiting(door, nowMs);
      for (const turn of door.advertiser.turn(nowMs)) {
        const { interfaceName } = door.on;
        if (turn.do === 'advertise') void this.#advertise(door);
        else this.#options.report({ what: `router ${turn.router}`, interfaceName, address: turn.address });
      }
    }
  }

  #readWaiting(door: Door, nowMs: number): void {
    for (let messages = 0; messages < MESSAGES_PER_LOOK; messages += 1) {
      const frame = this.#receive(door);
      if (frame === undefined) return;
      const message = this.#read(frame);
      if (message) door.advertiser.heard(message, nowMs);
    }
  }

  #receive(door: Door): Uint8Array | undefined {
    try {
      return door.socket.receive(this.#buffer);
    } catch (error) {
      const code = systemErrorCode(error);
      // A link that goes down is told once, and the socket hears again when it is up (packet(7)).
      if (code === 'ENETDOWN') return undefined;
      void this.#leave(door);
      // The interface is gone, and whoever watches over interfaces will say so.
      if (code !== 'ENODEV') this.#say(door.on, sentence(error));
      return undefined;
    }
  }

  #read(frame: Uint8Array): RouterMessage | undefined {
    try {
      const message = decodeRouterMessage(frame);
      this.#counts[message.type === 'router solicitation' ? 'solicitations' : 'advertisements'] += 1;
      return message;
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#counts.dropped += 1;
      return undefined;
    }
  }

  /** Never rejects. */
  async #advertise(door: Door): Promise<void> {
    const { on, socket } = door;
    try {
      if (!(await this.#options.servesDhcp(on.interfaceName))) return;
      // It may have been closed meanwhile.
      if (this.#doors.get(keyOf(on)) !== door) return;
      socket.send(ALL_NODES_MAC, encodeEmptyAdvertisement(on.mac));
      this.#counts.sent += 1;
    } catch (error) {
      this.#say(on, sentence(error));
    }
  }

  #say({ interfaceName }: AdvertisedInterface, because: string): void {
    this.#cannot.set(interfaceName, because);
    if (this.#told.has(because) || this.#told.size >= MAX_REASONS) return;
    this.#told.add(because);
    this.#options.report({ what: 'cannot', interfaceName, because });
  }
}

/** Another index or MAC address makes it another interface. */
function keyOf({ interfaceName, interfaceIndex, mac }: AdvertisedInterface): string {
  return JSON.stringify([interfaceName, interfaceIndex, mac]);
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
