import {
  buildBootServerAck,
  buildProxyOffer,
  type ProxyContents,
} from '../../core/dhcp/build-proxy-reply.ts';
import { otherServerLines } from '../../core/dhcp/other-server-lines.ts';
import { MAX_FOLLOWED, ProxyFollow } from '../../core/dhcp/proxy-follow.ts';
import { type ProxyStyle, proxyStyles, TurnedClients } from '../../core/dhcp/proxy-style.ts';
import { type Silence, silence } from '../../core/dhcp/silence.ts';
import { type Ipv4Address, type MacAddress, UNSPECIFIED } from '../../lib/addresses.ts';
import type { Clock } from '../../lib/clock.ts';
import type { DhcpMessage } from '../../protocols/dhcp/message.ts';
import { MessageType, messageTypeName, Options } from '../../protocols/dhcp/options.ts';
import type { BootService } from '../boot/boot-service.ts';
import type { DhcpBootSteps } from './dhcp-boot-steps.ts';
import type { Asked, DhcpEvents } from './dhcp-service-events.ts';
import type { SeenAddresses } from '../boot/seen-addresses.ts';

export interface DhcpProxyNeeds {
  readonly boot: Pick<BootService, 'planFor'>;
  readonly steps: DhcpBootSteps;
  readonly seen: Pick<SeenAddresses, 'remember' | 'listen'>;
  readonly clock: Clock;
  readonly told: DhcpEvents;
}

/**
 * Beside another DHCP server (PXE 2.1 §2.2): boot clients hear what to boot, nobody gets an address, and what machines
 * tell all of the address that they take is remembered, since TFTP and HTTP show nothing but an address.
 */
export class DhcpProxy {
  readonly #needs: DhcpProxyNeeds;
  readonly #follow = new ProxyFollow();
  readonly #turned = new TurnedClients();
  /** Of clients that were told what to boot, the last offer: what the other server would have to say. */
  readonly #lastTold = new Map<MacAddress, { readonly asked: Asked; readonly file: string }>();

  constructor(needs: DhcpProxyNeeds) {
    this.#needs = needs;
    needs.seen.listen((mac) => this.#came(mac));
  }

  /** On port 67. */
  async answer(asked: Asked): Promise<DhcpMessage | Silence> {
    const type = asked.request.options.get(Options.messageType);
    if (type === MessageType.DHCPREQUEST) {
      this.#rememberAddress(asked);
      this.#wentOn(asked.client.mac, (mac) => this.#follow.requested(mac, this.#needs.clock.nowMs()));
      return silence('otherServer', 'another server gives the addresses here, and the client asks it');
    }
    if (type !== MessageType.DHCPDISCOVER) {
      return silence(
        'otherServer',
        `another server gives the addresses here, and ${type === undefined ? 'BOOTP' : messageTypeName(type)} is for it`,
      );
    }
    this.#wentOn(asked.client.mac, (mac) => this.#turnWhereInVain(mac, asked));
    const reply = await this.#tell(asked, (contents) => buildProxyOffer(contents));
    if (!('silent' in reply)) this.#wentOn(asked.client.mac, (mac) => this.#watch(mac, asked, reply.file));
    return reply;
  }

  /** The client asked this server for a file, or at port 4011. */
  #came(mac: MacAddress): void {
    this.#follow.came(mac);
    this.#lastTold.delete(mac);
  }

  /** A client that goes on asking hears the other style in the same boot, while it still asks. */
  #turnWhereInVain(mac: MacAddress, { client }: Asked): void {
    if (!this.#follow.wantsOther(mac, this.#needs.clock.nowMs()) || proxyStyles(client.boot).length < 2)
      return;
    this.#turned.turn(mac);
    this.#follow.turned(mac);
  }

  /**
   * Tells of clients that do not do as they are told, with what the other server has to say to them instead, and lets
   * them hear the other style from then on.
   */
  tellUnfollowed(): void {
    for (const { mac, how, hasTurned } of this.#follow.takeUnfollowed(this.#needs.clock.nowMs())) {
      const told = this.#lastTold.get(mac);
      this.#lastTold.delete(mac);
      if (!told) continue;
      const { asked, file } = told;
      const lines = otherServerLines({
        server: bootServerOf(asked),
        file,
        network: asked.subnet.network,
      });
      const next = this.#nextStyle(mac, asked, hasTurned);
      this.#needs.told.unfollowed(asked, how, { lines, next });
    }
  }

  /** The style from now on, where there are two: after a boot that heard both it is the one heard last. */
  #nextStyle(mac: MacAddress, { client }: Asked, hasTurned: boolean): ProxyStyle | undefined {
    if (proxyStyles(client.boot).length < 2) return undefined;
    if (!hasTurned) this.#turned.turn(mac);
    return this.#turned.styleFor(mac, client.boot);
  }

  #watch(mac: MacAddress, asked: Asked, file: string): void {
    this.#follow.offered(mac, this.#needs.clock.nowMs());
    this.#lastTold.delete(mac);
    this.#lastTold.set(mac, { asked, file });
    if (this.#lastTold.size <= MAX_FOLLOWED) return;
    const [oldest] = this.#lastTold.keys();
    if (oldest !== undefined) this.#lastTold.delete(oldest);
  }

  #wentOn(mac: MacAddress | undefined, note: (mac: MacAddress) => void): void {
    if (mac !== undefined) note(mac);
  }

  /** On port 4011, where a client asks that has its address. */
  async answerBootServer(asked: Asked): Promise<DhcpMessage | Silence> {
    const type = asked.request.options.get(Options.messageType);
    if (type !== MessageType.DHCPREQUEST && type !== MessageType.DHCPINFORM) {
      return silence('malformed', 'only DHCPREQUEST and DHCPINFORM are for port 4011');
    }
    this.#rememberAddress(asked);
    this.#wentOn(asked.client.mac, (mac) => this.#came(mac));
    return await this.#tell(asked, (contents) => buildBootServerAck(contents));
  }

  async #tell(
    asked: Asked,
    build: (contents: ProxyContents) => DhcpMessage | Silence,
  ): Promise<DhcpMessage | Silence> {
    const { request, client, arrival } = asked;
    const plan = await this.#needs.boot.planFor(asked.asker.machine);
    const step = await this.#needs.steps.stepFor(asked, plan, 'elsewhere');
    if (step.give !== 'boot file') return silence('noBoot', step.because);
    const style = this.#turned.styleFor(client.mac, client.boot);
    const reply = build({
      request,
      server: arrival.localAddress,
      bootServer: bootServerOf(asked),
      step,
      style,
    });
    const isUsual = style === proxyStyles(client.boot)[0];
    if (!('silent' in reply)) this.#needs.told.proxied(asked, step, isUsual ? undefined : style);
    return reply;
  }

  #rememberAddress({ request, client, arrival }: Asked): void {
    const address = addressOf(request, arrival.sourceAddress);
    if (address === UNSPECIFIED || client.mac === undefined) return;
    const { mac, vendorClass } = client;
    this.#needs.seen.remember(address, { mac, vendorClass }, this.#needs.clock.nowMs());
  }
}

/** The address that the client takes, has, or asks from. */
function addressOf({ ciaddr, giaddr, options }: DhcpMessage, source: Ipv4Address): Ipv4Address {
  if (ciaddr !== UNSPECIFIED) return ciaddr;
  return options.get(Options.addressRequest) ?? (giaddr === UNSPECIFIED ? source : UNSPECIFIED);
}

function bootServerOf({ subnet, arrival }: Asked): Ipv4Address {
  return subnet.nextServer ?? arrival.localAddress;
}
