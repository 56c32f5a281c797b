import { UNSPECIFIED } from '../../lib/addresses.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import { type Libc, loadLibc, type NoLibc } from '../../os/libc.ts';
import { AnswersUnderWay, type Outcome } from './answers-under-way.ts';
import type { DhcpArrival, DhcpInterface, DhcpReport, Sender } from './dhcp-interface.ts';
import { decodeMessage, type DhcpMessage, encodeMessage } from './message.ts';
import type { PlainPort } from './plain-port.ts';
import { type DhcpSocket, openDhcpSocket, openPlainPort } from './socket.ts';
import { SERVER_PORT, whereToSend } from './where-to-send.ts';

/** The reply, or undefined for silence. */
type AnswerDhcp = (message: DhcpMessage, arrival: DhcpArrival) => Promise<DhcpMessage | undefined>;

export interface DhcpServerOptions {
  readonly interfaces: readonly DhcpInterface[];
  readonly answer: AnswerDhcp;
  readonly report: (event: DhcpReport) => void;
  readonly port?: number;
  readonly libc?: Libc | NoLibc;
  /** Answers worked out at the same time; what comes while there are so many is dropped. */
  readonly maxAnswersInFlight?: number;
}

/** Since the start; each datagram is in `received` and in one of the others. */
interface DhcpCounts {
  readonly received: number;
  readonly answered: number;
  readonly silent: number;
  /** Not a request, or not DHCP. */
  readonly dropped: number;
  /** Dropped because too many answers were being worked out. */
  readonly overloaded: number;
  readonly failed: number;
}

export interface DhcpServer {
  readonly interfaces: readonly (DhcpInterface & Pick<DhcpSocket, 'mode' | 'because'>)[];
  readonly counts: DhcpCounts;
  /**
   * Serves these from now on: closes what is no longer there or has changed, opens what is new. An interface that
   * cannot be opened is reported and left out; the next call tries it again.
   */
  setInterfaces(interfaces: readonly DhcpInterface[]): Promise<void>;
  /** Answers what has arrived, then closes. */
  close(): Promise<void>;
}

/**
 * A room of machines switched on in one second fits in here. Clients ask again, so what does not is better dropped
 * than answered late.
 */
const MAX_ANSWERS_IN_FLIGHT = 8192;
/** Between two looks for answers that take longer. */
const LOOK_FOR_LATE_MS = 1_000;
/** Most replies fit; a longer one gets memory of its own. */
const REPLY_BYTES = 1500;

/**
 * The way of a packet: datagram, message, reply, datagram.
 *
 * @throws what `openDhcpSocket` throws, when one of the first interfaces cannot be opened; then none is served.
 */
export async function serveDhcp(options: DhcpServerOptions): Promise<DhcpServer> {
  const server = new Server(options);
  try {
    await server.openAll(options.interfaces);
    return server;
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** One interface while it is served. */
interface Door {
  readonly on: DhcpInterface;
  readonly socket: DhcpSocket;
  /** How many answers are being worked out, or on their way. */
  underWay: number;
  /** It serves nobody new; called when the last answer has left. */
  closing: (() => void) | undefined;
}

/** Where a request came in, and from whom. */
interface Asker {
  readonly door: Door;
  readonly from: Sender;
}

class Server implements DhcpServer {
  readonly #options: DhcpServerOptions;
  readonly #plainPort: PlainPort;
  readonly #doors = new Map<string, Door>();
  readonly #counts = { received: 0, answered: 0, silent: 0, dropped: 0, overloaded: 0, failed: 0 };
  readonly #answers = new AnswersUnderWay<Asker>({
    leave: (asker, outcome) => this.#send(asker, outcome),
    ended: ({ door }) => this.#ended(door),
    nowMs: () => performance.now(),
  });
  readonly #late: NodeJS.Timeout;
  /** Where replies are put together, one after the other. */
  readonly #memory = new Uint8Array(REPLY_BYTES);
  /** One change of the interfaces at a time. */
  #changed: Promise<void> = Promise.resolve();

  constructor(options: DhcpServerOptions) {
    this.#options = options;
    this.#plainPort = openPlainPort(options.port ?? SERVER_PORT, options.report);
    this.#late = setInterval(() => this.#answers.giveUpLate(), LOOK_FOR_LATE_MS);
    this.#late.unref();
  }

  get interfaces(): DhcpServer['interfaces'] {
    return [...this.#doors.values()].map(({ on, socket: { mode, because } }) => ({
      ...on,
      mode,
      ...(because === undefined ? {} : { because }),
    }));
  }

  get counts(): DhcpCounts {
    return { ...this.#counts };
  }

  async openAll(interfaces: readonly DhcpInterface[]): Promise<void> {
    for (const on of interfaces) await this.#open(on);
  }

  setInterfaces(interfaces: readonly DhcpInterface[]): Promise<void> {
    this.#changed = this.#changed.then(() => this.#change(interfaces));
    return this.#changed;
  }

  async close(): Promise<void> {
    await this.setInterfaces([]);
    clearInterval(this.#late);
  }

  async #change(interfaces: readonly DhcpInterface[]): Promise<void> {
    const wanted = new Map(interfaces.map((on) => [keyOf(on), on]));
    const leaving = [...this.#doors].filter(([key]) => !wanted.has(key)).map(([, door]) => door);
    await Promise.all(leaving.map((door) => this.#leave(door)));
    for (const on of wanted.values()) {
      if (this.#doors.has(keyOf(on))) continue;
      try {
        await this.#open(on);
      } catch (error) {
        this.#options.report({ what: 'failed', interfaceName: on.interfaceName, doing: 'open', error });
      }
    }
  }

  async #open(on: DhcpInterface): Promise<void> {
    const { report, port = SERVER_PORT, libc = loadLibc() } = this.#options;
    const socket = await openDhcpSocket({ ...on, port, libc, report, plainPort: this.#plainPort });
    const door: Door = { on, socket, underWay: 0, closing: undefined };
    this.#doors.set(keyOf(on), door);
    socket.onDatagram((bytes, from) => this.#arrived(door, bytes, from));
    const { mode, because } = socket;
    report({ what: 'serving', on, mode, ...(because === undefined ? {} : { because }) });
  }

  async #leave(door: Door): Promise<void> {
    const left = new Promise<void>((resolve) => (door.closing = resolve));
    this.#doors.delete(keyOf(door.on));
    if (door.underWay > 0) await left;
    await door.socket.close();
    this.#options.report({ what: 'left', on: door.on });
  }

  #arrived(door: Door, bytes: Uint8Array, from: Sender): void {
    if (door.closing) return;
    this.#counts.received++;
    const message = this.#read(door, bytes, from);
    if (message === undefined) return;
    const { maxAnswersInFlight = MAX_ANSWERS_IN_FLIGHT } = this.#options;
    if (this.#answers.size >= maxAnswersInFlight) {
      this.#counts.overloaded++;
      this.#drop(door, from, `${maxAnswersInFlight} answers are being worked out already`);
      return;
    }
    const { interfaceName, localAddress, localNetwork } = door.on;
    const arrival = {
      interfaceName,
      localAddress,
      localNetwork,
      sourceAddress: from.address,
      sourcePort: from.port,
    };
    const one = this.#answers.begin({ door, from }, clientOf(message));
    door.underWay++;
    this.#options.answer(message, arrival).then(
      (reply) => this.#answers.found(one, { reply }),
      (error: unknown) => this.#answers.found(one, { error }),
    );
  }

  /** The message, if it is one for a server to answer. */
  #read(door: Door, bytes: Uint8Array, from: Sender): DhcpMessage | undefined {
    const read = decodeOrSay(bytes);
    const verdict = typeof read === 'string' ? read : (this.#whyNotAnswered(read, from) ?? read);
    if (typeof verdict !== 'string') return verdict;
    this.#counts.dropped++;
    this.#drop(door, from, verdict);
    return undefined;
  }

  #whyNotAnswered(message: DhcpMessage, from: Sender): string | undefined {
    if (message.op !== 'BOOTREQUEST') return 'it is a BOOTREPLY, which is not for a server';
    if (message.giaddr !== UNSPECIFIED) return undefined;
    for (const { on } of this.#doors.values())
      if (on.localAddress === from.address) return 'it was sent by this machine itself';
    return undefined;
  }

  #drop(door: Door, from: Sender, because: string): void {
    this.#options.report({ what: 'dropped', interfaceName: door.on.interfaceName, from, because });
  }

  /** Never rejects: what went wrong with one packet is reported, and the next one is served. */
  async #send({ door, from }: Asker, outcome: Outcome): Promise<void> {
    try {
      if ('error' in outcome) throw outcome.error;
      const { reply } = outcome;
      if (reply !== undefined)
        await door.socket.send(encodeMessage(reply, this.#memory), whereToSend(reply, from.port));
      this.#counts[reply === undefined ? 'silent' : 'answered']++;
    } catch (error) {
      this.#counts.failed++;
      this.#options.report({ what: 'failed', interfaceName: door.on.interfaceName, doing: 'answer', error });
    }
  }

  #ended(door: Door): void {
    door.underWay--;
    if (door.underWay === 0) door.closing?.();
  }
}

/**
 * Tells clients apart well enough to keep the order of replies: their hardware address as a number, which eight
 * bytes hold exactly. Who has none (InfiniBand) is told apart by its transaction.
 */
function clientOf({ chaddr, xid }: DhcpMessage): number {
  let number = chaddr.length === 0 ? xid : 0;
  for (let at = 0; at < chaddr.length && at < 6; at += 1) number = number * 256 + (chaddr[at] ?? 0);
  return number;
}

function decodeOrSay(bytes: Uint8Array): DhcpMessage | string {
  try {
    return decodeMessage(bytes);
  } catch (error) {
    if (error instanceof DecodeError) return error.message;
    throw error;
  }
}

/** Another index or address makes it another interface: its sockets are bound to both. */
function keyOf(on: DhcpInterface): string {
  return JSON.stringify([on.interfaceName, on.interfaceIndex, on.mac, on.localAddress, on.localNetwork]);
}
