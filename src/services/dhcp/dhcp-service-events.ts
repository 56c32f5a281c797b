import type { DhcpBootStep } from '../../core/boot/next-step.ts';
import { FOR_EVER_SECONDS, type LeaseTimes } from '../../core/dhcp/lease-time.ts';
import type { NewClientLimit } from '../../core/dhcp/new-clients.ts';
import type { PoolState } from '../../core/dhcp/pool-watch.ts';
import type { SegmentVerdict } from '../../core/dhcp/segment-modes.ts';
import type { Unfollowed } from '../../core/dhcp/proxy-follow.ts';
import { type ProxyStyle, STYLE_WORDS } from '../../core/dhcp/proxy-style.ts';
import type { DhcpClient } from '../../core/dhcp/read-client.ts';
import { SaidRecently } from '../../core/dhcp/said-recently.ts';
import type { Silence, SilenceKind } from '../../core/dhcp/silence.ts';
import type { EventData } from '../../core/events/timeline-event.ts';
import type { PoolCount } from '../../core/network/lease-pool.ts';
import type { Subnet } from '../../core/network/subnet.ts';
import { type Ipv4Address, UNSPECIFIED } from '../../lib/addresses.ts';
import type { Clock } from '../../lib/clock.ts';
import { Tally } from '../../lib/tally.ts';
import type { DhcpMessage } from '../../protocols/dhcp/message.ts';
import { messageTypeName, Options } from '../../protocols/dhcp/options.ts';
import type { DhcpArrival } from '../../protocols/dhcp/dhcp-interface.ts';
import type { EventLog, Happening } from '../event-log.ts';
import type { Asker } from '../boot/who-asks.ts';

/** A message, as far as it is understood. */
export interface Seen {
  readonly request: DhcpMessage;
  readonly arrival: DhcpArrival;
  readonly client?: DhcpClient;
  readonly asker?: Asker;
}

/** A message of a known client on a served subnet. */
export interface Asked extends Seen {
  readonly client: DhcpClient;
  readonly asker: Asker;
  readonly subnet: Subnet;
  /** All subnets of the link, `subnet` among them. */
  readonly link: readonly Subnet[];
}

export interface Acknowledged {
  readonly address: Ipv4Address;
  readonly times: LeaseTimes;
  /** `SELECTING`, `RENEWING`, …; `rapid commit` and `BOOTP` where no DHCPREQUEST was needed. */
  readonly state: string;
  readonly because: string;
}

/** The same is not told again within this time. */
export const SAY_AGAIN_AFTER_MS = 60_000;
/** Different silences told in that time at most. */
export const MAX_SILENCES = 1000;
const MAX_FOREIGN_SERVERS = 100;
/** There are no more subnets on any interface. */
const MAX_LINKS = 4096;

/** What happened in DHCP, as events of the timeline. */
export class DhcpEvents {
  readonly silences = new Tally<SilenceKind>();
  readonly #events: Pick<EventLog, 'note'>;
  readonly #clock: Clock;
  readonly #silences = new SaidRecently({ periodMs: SAY_AGAIN_AFTER_MS, max: MAX_SILENCES });
  readonly #foreignServers = new SaidRecently({ periodMs: SAY_AGAIN_AFTER_MS, max: MAX_FOREIGN_SERVERS });

  readonly #floods = new SaidRecently({ periodMs: SAY_AGAIN_AFTER_MS, max: MAX_LINKS });
  /** Clients not answered since the last time it was told, by link; no more links than `#floods` has. */
  readonly #keptOut = new Map<string, number>();

  constructor(needs: { readonly events: Pick<EventLog, 'note'>; readonly clock: Clock }) {
    this.#events = needs.events;
    this.#clock = needs.clock;
  }

  offered(asked: Asked, address: Ipv4Address, because: string, step: DhcpBootStep): void {
    this.#note(asked, {
      kind: 'dhcp.offered',
      text: `Offered ${address} ${withBootFile(step)}`,
      because: `${address}: ${because}; boot: ${step.because}`,
      data: { ...seenData(asked), address, subnet: asked.subnet.name, bootFile: bootFileOf(step) },
    });
  }

  acknowledged(asked: Asked, granted: Acknowledged, step: DhcpBootStep): void {
    const { address, times, state, because } = granted;
    this.#note(asked, {
      kind: 'dhcp.acknowledged',
      text: `Leased ${address} ${howLong(times)} ${withBootFile(step)}`,
      because: `${because}; boot: ${step.because}`,
      data: {
        ...seenData(asked),
        address,
        subnet: asked.subnet.name,
        leaseSeconds: times.leaseSeconds,
        state,
        bootFile: bootFileOf(step),
      },
    });
  }

  /**
   * At port 67 or 4011, where another server gives the address.
   *
   * @param other the style of the reply, where it is not the usual one of such firmware.
   */
  proxied(asked: Asked, step: DhcpBootStep, other: ProxyStyle | undefined): void {
    const way =
      other === undefined
        ? ''
        : `; said in another way (${STYLE_WORDS[other]}), since it did not follow the usual one`;
    this.#note(asked, {
      kind: 'dhcp.proxied',
      text: `Told the client to boot ${bootFileOf(step) ?? 'nothing'}`,
      because: `another server gives the addresses of subnet ${asked.subnet.name}; boot: ${step.because}${way}`,
      data: { ...seenData(asked), subnet: asked.subnet.name, bootFile: bootFileOf(step), style: other },
    });
  }

  /** @param advice the other style, where there is one, and lines for the administrator of the other server, by make. */
  unfollowed(
    asked: Asked,
    how: Unfollowed['how'],
    { lines, next }: { readonly lines: readonly string[]; readonly next: ProxyStyle | undefined },
  ): void {
    const trial = next === undefined ? '' : `at its next boot ${STYLE_WORDS[next]}; if that does not help, `;
    this.#note(asked, {
      kind: 'dhcp.proxyUnfollowed',
      text: `The client ${UNFOLLOWED_TEXTS[how]}`,
      because: `its firmware does not go by what a second server says (proxyDHCP): ${trial}let the other DHCP server say it, with its lines of these: ${lines.join(' | ')}`,
      data: { ...seenData(asked), subnet: asked.subnet.name, how, nextStyle: next },
    });
  }

  /** A link in the mode `auto` changed over. */
  mode(link: string, verdict: SegmentVerdict): void {
    this.#events.note({
      kind: 'dhcp.mode',
      text:
        verdict.mode === 'full'
          ? `Muster gives addresses again on ${link}`
          : `Muster gives no addresses on ${link} any more, and only says what to boot`,
      because:
        verdict.mode === 'full'
          ? 'no other DHCP server answered any more'
          : `the DHCP server ${verdict.server} gives addresses there`,
      data: { link, mode: verdict.mode, ...(verdict.mode === 'proxy' ? { serverId: verdict.server } : {}) },
    });
  }

  informed(asked: Asked, address: Ipv4Address, step: DhcpBootStep): void {
    this.#note(asked, {
      kind: 'dhcp.acknowledged',
      text: `Sent settings to ${address} ${withBootFile(step)}`,
      because: `the client has its address from elsewhere, and asks for settings (DHCPINFORM); boot: ${step.because}`,
      data: { ...seenData(asked), address, subnet: asked.subnet.name, bootFile: bootFileOf(step) },
    });
  }

  refused(asked: Asked, state: string, because: string): void {
    this.#note(asked, {
      kind: 'dhcp.refused',
      text: 'Refused the address the client asks for',
      because,
      data: { ...seenData(asked), subnet: asked.subnet.name, state },
    });
  }

  declined(asked: Asked, address: Ipv4Address, says: string | undefined): void {
    this.#note(asked, {
      kind: 'dhcp.declined',
      text: `The client declines ${address}; nobody gets it for ten minutes, or a day if this was the second time in one`,
      because: says === undefined ? 'the client found it in use, or useless' : `the client says "${says}"`,
      data: { ...seenData(asked), address, subnet: asked.subnet.name },
    });
  }

  released(asked: Asked, address: Ipv4Address): void {
    this.#note(asked, {
      kind: 'dhcp.released',
      text: `The client gives ${address} back`,
      data: { ...seenData(asked), address, subnet: asked.subnet.name },
    });
  }

  /** Once a minute for each server. */
  foreignServer(asked: Asked, serverId: Ipv4Address): void {
    const { interfaceName } = asked.arrival;
    if (!this.#foreignServers.say(`${interfaceName} ${serverId}`, this.#clock.nowMs())) return;
    this.#note(asked, {
      kind: 'dhcp.foreignServer',
      text: `The DHCP server ${serverId} answers on ${interfaceName} too`,
      because: 'a client takes its offer instead of ours',
      data: { ...seenData(asked), serverId, subnet: asked.subnet.name },
    });
  }

  /** Each change of state once. */
  pool({ subnet }: Asked, state: PoolState, { size, used }: PoolCount): void {
    const [text, because] = POOL_TEXTS[state];
    this.#events.note({
      kind: 'dhcp.pool',
      text: `The ranges of subnet ${subnet.name} ${text}`,
      because,
      data: { subnet: subnet.name, state, size, used },
    });
  }

  /** Once a minute for each link, with how many clients it was since the last time. */
  strangersKeptOut(asked: Asked, limit: NewClientLimit): void {
    const { interfaceName } = asked.arrival;
    const link = `${interfaceName} ${asked.subnet.name}`;
    const kept = (this.#keptOut.get(link) ?? 0) + 1;
    this.#keptOut.set(link, kept);
    if (!this.#floods.say(link, this.#clock.nowMs())) return;
    this.#keptOut.delete(link);
    this.#note(asked, {
      kind: 'dhcp.flood',
      text: `More new clients than allowed ask in subnet ${asked.subnet.name} on ${interfaceName}; ${kept} were not answered`,
      because: `a crowd of ${limit.burst} is let in, then ${limit.perSecond} a second, so that made-up clients do not take every address: muster policy set --new-clients changes it`,
      data: { ...seenData(asked), subnet: asked.subnet.name, keptOut: kept },
    });
  }

  /** Once a minute for each client and reason. */
  silent(seen: Seen, { silent, because }: Silence): void {
    this.silences.count(silent);
    const who = seen.client?.clientKey ?? seen.arrival.sourceAddress;
    if (!this.#silences.say(`${who} ${because}`, this.#clock.nowMs())) return;
    this.#note(seen, {
      kind: 'dhcp.silent',
      text: `No answer to ${typeOf(seen.request)}`,
      because,
      data: { ...seenData(seen), reason: silent },
    });
  }

  #note({ client, asker }: Seen, { kind, text, because, data }: Told): void {
    this.#events.note({ kind, text, because, mac: client?.mac, machineId: asker?.machine?.id, data });
  }
}

/** What happened; whose message it was comes from what was seen. */
type Told = Pick<Happening, 'kind' | 'text' | 'because' | 'data'>;

/** What every event tells of the message it comes from. Two of these are made for each lease: one literal is cheapest. */
function seenData({ request, arrival, client }: Seen): SeenData {
  return {
    message: typeOf(request),
    interface: arrival.interfaceName,
    xid: `0x${request.xid.toString(16).padStart(8, '0')}`,
    secs: request.secs,
    giaddr: request.giaddr === UNSPECIFIED ? undefined : request.giaddr,
    stage: client?.boot.stage,
    vendorClass: client?.vendorClass,
    architecture: client?.architecture,
    // Only of iPXE.
    bootsOverHttp: client?.boot.bootsOverHttp === true ? true : undefined,
    raspberryPi: client?.boot.isRaspberryPi === true ? true : undefined,
  };
}

interface SeenData extends EventData {
  readonly message: string;
  readonly interface: string;
  readonly xid: string;
  readonly secs: number;
  readonly giaddr: Ipv4Address | undefined;
  readonly stage: DhcpClient['boot']['stage'] | undefined;
  readonly vendorClass: string | undefined;
  readonly architecture: number | undefined;
  readonly bootsOverHttp: true | undefined;
  readonly raspberryPi: true | undefined;
}

function typeOf(request: DhcpMessage): string {
  const type = request.options.get(Options.messageType);
  return type === undefined ? 'BOOTP' : messageTypeName(type);
}

const UNFOLLOWED_TEXTS: Readonly<Record<Unfollowed['how'], string>> = {
  'takes no offer': 'asks again and again, and takes neither offer',
  'never came': 'took its address from the other server, and asked nothing of this one',
};

const POOL_TEXTS: Readonly<Record<PoolState, readonly [text: string, because: string]>> = {
  enough: ['have enough free addresses again', 'leases ended, or a range was widened'],
  'nearly full': [
    'are nearly full',
    'nine of ten addresses are taken: widen a range, or shorten the lease times (muster subnet set)',
  ],
  full: [
    'are full',
    'every address is taken, and new clients get none: widen a range, or shorten the lease times (muster subnet set)',
  ],
};

function howLong({ leaseSeconds }: LeaseTimes): string {
  return leaseSeconds === FOR_EVER_SECONDS ? 'without end' : `for ${leaseSeconds} s`;
}

function withBootFile(step: DhcpBootStep): string {
  return step.give === 'boot file' ? `with boot file ${step.file}` : 'without boot file';
}

function bootFileOf(step: DhcpBootStep): string | undefined {
  return step.give === 'boot file' ? step.file : undefined;
}
