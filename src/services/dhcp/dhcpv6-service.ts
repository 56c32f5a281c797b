import { chainWish } from '../../core/boot/chain-wish.ts';
import { scriptUrl } from '../../core/boot/machine-urls.ts';
import { type DhcpBootStep, nextStep } from '../../core/boot/next-step.ts';
import { bootFileUrl } from '../../core/dhcpv6/boot-url.ts';
import { buildAnswer } from '../../core/dhcpv6/build-answer.ts';
import { decideAnswer, type Dhcpv6Answer, type Dhcpv6Door } from '../../core/dhcpv6/decide-answer.ts';
import { type Dhcpv6Client, readDhcpv6Client } from '../../core/dhcpv6/read-client.ts';
import { type OwnIpv6Addresses, serverAddressFor } from '../../core/dhcpv6/server-address.ts';
import { type Dhcpv6Silence, type Dhcpv6SilenceKind, silence } from '../../core/dhcpv6/silence.ts';
import type { Subnet } from '../../core/network/subnet.ts';
import type { Ipv6Address } from '../../lib/addresses.ts';
import type { Clock } from '../../lib/clock.ts';
import { isLinkLocal } from '../../lib/ipv6-address.ts';
import type { Tally } from '../../lib/tally.ts';
import type { Dhcpv6Packet } from '../../protocols/dhcpv6/message.ts';
import type { BootService } from '../boot/boot-service.ts';
import { Dhcpv6Events, type Heard } from './dhcpv6-service-events.ts';
import type { EventLog } from '../event-log.ts';
import type { LoaderService } from '../boot/loader-service.ts';
import type { SeenAddresses } from '../boot/seen-addresses.ts';
import type { Asker, WhoAsks } from '../boot/who-asks.ts';

/** Where a message came in, and what this server is there. */
export interface Dhcpv6Place {
  readonly interfaceName: string;
  readonly door: Dhcpv6Door;
  readonly sourceAddress: Ipv6Address;
  readonly own: OwnIpv6Addresses;
  /** This server's DUID on the link. */
  readonly ownId: Uint8Array;
}

/** What is wanted on a segment, as settings and subnets say. */
export type Dhcpv6Segment =
  | {
      readonly serves: true;
      /** Muster tells clients there over IPv4 what to boot. */
      readonly bootsOverIpv4: boolean;
      readonly subnet?: Subnet | undefined;
    }
  | { readonly serves: false; readonly because: string };

export interface Dhcpv6ServiceNeeds {
  readonly segmentOf: (interfaceName: string) => Promise<Dhcpv6Segment>;
  readonly whoAsks: Pick<WhoAsks, 'bySight'>;
  readonly boot: Pick<BootService, 'planFor'>;
  readonly loaders: Pick<LoaderService, 'available'>;
  readonly machineHttpPort?: number | undefined;
  readonly seen: Pick<SeenAddresses, 'remember'>;
  readonly events: Pick<EventLog, 'note'>;
  readonly clock: Clock;
}

/** Boots over IPv6: tells firmware over DHCPv6 what to boot, and gives no addresses. */
export class Dhcpv6Service {
  readonly #needs: Dhcpv6ServiceNeeds;
  readonly #events: Dhcpv6Events;

  constructor(needs: Dhcpv6ServiceNeeds) {
    this.#needs = needs;
    this.#events = new Dhcpv6Events(needs);
  }

  /** By reason, since the start. */
  get silences(): Tally<Dhcpv6SilenceKind>['counts'] {
    return this.#events.silences.counts;
  }

  async answer(request: Dhcpv6Packet, place: Dhcpv6Place): Promise<Dhcpv6Packet | undefined> {
    const client = readDhcpv6Client(request, place.sourceAddress);
    const { asker, knownBy } = await this.#whoIs(client);
    const heard = { request, client, asker, knownBy, place };
    this.#rememberAddresses(heard);
    const segment = await this.#needs.segmentOf(place.interfaceName);
    const answered = await this.#decide(heard, segment);
    if ('silent' in answered) {
      this.#events.silent(heard, answered);
      this.#tellOfOtherServer(heard, segment);
      return undefined;
    }
    const { answer, step, url } = answered;
    this.#events.told(heard, answer, step, url);
    return buildAnswer({ answer, request, client, ownId: place.ownId, url });
  }

  async #decide(heard: Heard, segment: Dhcpv6Segment): Promise<Told | Dhcpv6Silence> {
    const { request, client, place } = heard;
    const { door, ownId } = place;
    const answer = decideAnswer({ message: request.message, client, door, ownId });
    if (typeof answer !== 'string') return answer;
    if (!segment.serves) return silence('switchedOff', segment.because);
    if (client.boot.stage === 'ipxe' && segment.bootsOverIpv4)
      return silence('overIpv4', 'iPXE asks over IPv4 too, and is told there what to boot');
    const isRelayed = request.relays.length > 0;
    const address = serverAddressFor(place.own, { client, answer, isRelayed });
    if (typeof address !== 'string') return address;
    const step = await this.#step(heard, segment, address);
    if (step.give !== 'boot file') return silence('noBoot', step.because);
    return { answer, step, url: bootFileUrl(step.file, address) };
  }

  async #step(
    { client, asker }: Heard,
    { subnet }: Dhcpv6Segment & { serves: true },
    address: Ipv6Address,
  ): Promise<DhcpBootStep> {
    const { boot, loaders, machineHttpPort } = this.#needs;
    const plan = await boot.planFor(asker.machine);
    return nextStep(plan, client.boot, {
      subnetBootFile: subnet?.bootFile,
      wish: chainWish({ machine: asker.machine, plan, subnet }),
      loaders: await loaders.available(),
      address,
      httpPort: machineHttpPort,
      // Another server gives the addresses, and GRUB does not look beyond that one.
      isProxied: true,
    });
  }

  async #whoIs({ card, uuids }: Dhcpv6Client): Promise<{ asker: Asker; knownBy: string | undefined }> {
    const asker = await this.#needs.whoAsks.bySight({ mac: card?.mac, uuids });
    if (card !== undefined || asker.machine === undefined) return { asker, knownBy: card?.knownBy };
    return { asker: { ...asker, mac: asker.machine.macs[0] }, knownBy: 'its UUID (DUID)' };
  }

  /** TFTP and HTTP show nothing but an address; the link-local one often tells the card by itself. */
  #rememberAddresses({ asker: { mac }, client, request }: Heard): void {
    if (mac === undefined || client.boot.stage === 'operating system') return;
    // In a SOLICIT they are wishes, and who tells of another's is not believed there.
    const told =
      request.message.type === 'REQUEST' || request.message.type === 'RENEW' ? client.addresses : [];
    for (const address of [client.peerAddress, ...told])
      this.#needs.seen.remember(address, { mac, vendorClass: client.vendorClass }, this.#needs.clock.nowMs());
  }

  /** iPXE takes what it boots from the server that gives its address, so that one must say it. */
  #tellOfOtherServer(heard: Heard, segment: Dhcpv6Segment): void {
    const { client, place, request } = heard;
    const { machineHttpPort: port } = this.#needs;
    const isAsking = request.message.type === 'REQUEST' && client.asksForBootFile;
    if (client.boot.stage !== 'ipxe' || !isAsking || port === undefined) return;
    if (!segment.serves || segment.bootsOverIpv4) return;
    const address = place.own.global.find((one) => !isLinkLocal(one));
    if (address !== undefined) this.#events.otherServerMustSay(heard, scriptUrl({ address, port }));
  }
}

interface Told {
  readonly answer: Dhcpv6Answer;
  readonly step: DhcpBootStep & { give: 'boot file' };
  readonly url: string;
}
