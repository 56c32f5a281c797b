import { SegmentModes, type SegmentVerdict } from '../../core/dhcp/segment-modes.ts';
import type { SubnetMode } from '../../core/network/subnet.ts';
import { formatIpv4Network, type Ipv4Address, networkContains, UNSPECIFIED } from '../../lib/addresses.ts';
import type { Clock } from '../../lib/clock.ts';
import { Options } from '../../protocols/dhcp/options.ts';
import type { Asked, DhcpEvents } from './dhcp-service-events.ts';

/** Addresses of this server that are remembered, to tell them from those of other servers. */
const MAX_OWN_ADDRESSES = 256;

/** Whether another server gives the addresses of a link, for subnets in the mode `auto`. */
export class DhcpSegments {
  readonly #events: Pick<DhcpEvents, 'mode'>;
  readonly #clock: Clock;
  readonly #modes = new SegmentModes();
  readonly #ownAddresses = new Set<Ipv4Address>();

  constructor({ events, clock }: { readonly events: Pick<DhcpEvents, 'mode'>; readonly clock: Clock }) {
    this.#events = events;
    this.#clock = clock;
  }

  /** Of this server, as far as messages came to them. */
  get ownAddresses(): ReadonlySet<Ipv4Address> {
    return this.#ownAddresses;
  }

  cameTo(localAddress: Ipv4Address): void {
    if (this.#ownAddresses.size < MAX_OWN_ADDRESSES) this.#ownAddresses.add(localAddress);
  }

  /** A probe of an interface found these servers that give addresses. */
  foundServers(interfaceName: string, servers: readonly Ipv4Address[]): void {
    const nowMs = this.#clock.nowMs();
    if (this.#modes.probed(interfaceName, servers, nowMs))
      this.#events.mode(interfaceName, this.#modes.of(interfaceName, nowMs));
  }

  /** What is done on an interface whose subnet is in the mode `auto`. */
  verdictOn(interfaceName: string): SegmentVerdict {
    return this.#modes.of(interfaceName, this.#clock.nowMs());
  }

  modeOf(asked: Asked): Exclude<SubnetMode, 'auto'> {
    if (asked.subnet.mode !== 'auto') return asked.subnet.mode;
    return this.#modes.of(this.#linkOf(asked), this.#clock.nowMs()).mode;
  }

  /** Clients that choose another server show that it is there, also behind a relay. */
  noteOtherServer(asked: Asked): void {
    const server = asked.request.options.get(Options.dhcpServerId);
    if (asked.subnet.mode !== 'auto' || server === undefined || this.#ownAddresses.has(server)) return;
    const link = this.#linkOf(asked);
    const nowMs = this.#clock.nowMs();
    if (this.#modes.seen(link, server, nowMs)) this.#events.mode(link, this.#modes.of(link, nowMs));
  }

  /**
   * The relay's address, or the interface. A client of a network that no interface here is in came past its relay: at port
   * 4011, or to renew its lease.
   */
  #linkOf({ request, arrival, subnet, link }: Asked): string {
    if (request.giaddr !== UNSPECIFIED) return request.giaddr;
    if (link.some(({ network }) => networkContains(network, arrival.localAddress)))
      return arrival.interfaceName;
    return this.#modes.relayIn(subnet.network) ?? formatIpv4Network(subnet.network);
  }
}
