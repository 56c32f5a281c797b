import {
  asksForRapidCommit,
  buildInformReply,
  buildLeaseReply,
  buildNak,
} from '../../core/dhcp/build-reply.ts';
import type { LeaseQuestion } from '../../core/dhcp/choose-lease.ts';
import { chooseSubnet, chooseSubnetOfAddress } from '../../core/dhcp/choose-subnet.ts';
import { factsOfClient } from '../../core/dhcp/client-facts.ts';
import { classifyRequest } from '../../core/dhcp/classify-request.ts';
import { decideRequest, type RequestToUs } from '../../core/dhcp/decide-request.ts';
import { goesByPorts, identifyClient } from '../../core/dhcp/identify-client.ts';
import { plainText } from '../../core/dhcp/plain-text.ts';
import { type DhcpClient, readClient, sightOf } from '../../core/dhcp/read-client.ts';
import type { SegmentVerdict } from '../../core/dhcp/segment-modes.ts';
import { placeOfRequest, subnetsOfLink } from '../../core/dhcp/shared-network.ts';
import { type Silence, silence } from '../../core/dhcp/silence.ts';
import { strangerOf } from '../../core/dhcp/stranger.ts';
import { reservationOf } from '../../core/network/reservations.ts';
import { DEFAULT_RULES, type Subnet } from '../../core/network/subnet.ts';
import type { SubnetStore } from '../../core/network/subnet-store.ts';
import type { PolicyStore } from '../../core/policy/policy-store.ts';
import { type Ipv4Address, UNSPECIFIED } from '../../lib/addresses.ts';
import type { DhcpArrival } from '../../protocols/dhcp/dhcp-interface.ts';
import type { DhcpMessage } from '../../protocols/dhcp/message.ts';
import { MessageType, messageTypeName, Options } from '../../protocols/dhcp/options.ts';
import type { BootService } from '../boot/boot-service.ts';
import { DhcpBootSteps, type DhcpBootStepsNeeds } from './dhcp-boot-steps.ts';
import { type Asked, DhcpEvents } from './dhcp-service-events.ts';
import { BOOTP, DhcpGrants, timesOf } from './dhcp-service-grants.ts';
import { DhcpLeases, type LeasesNeeded } from './dhcp-service-leases.ts';
import { DhcpLink, type Places } from './dhcp-service-link.ts';
import { DhcpProxy } from './dhcp-service-proxy.ts';
import { DhcpSegments } from './dhcp-service-segments.ts';
import type { SeenAddresses } from '../boot/seen-addresses.ts';
import type { EnrolmentService } from '../machines/enrolment-service.ts';
import type { EventLog } from '../event-log.ts';
import type { FactService } from '../machines/fact-service.ts';
import type { ProgramWatch } from '../boot/program-watch.ts';
import type { Asker, WhoAsks } from '../boot/who-asks.ts';

export interface DhcpServiceNeeds extends DhcpBootStepsNeeds {
  readonly subnets: Pick<SubnetStore, 'list'>;
  readonly leases: LeasesNeeded;
  readonly whoAsks: Pick<WhoAsks, 'bySight'>;
  readonly boot: Pick<BootService, 'planFor'>;
  readonly policy: Pick<PolicyStore, 'get'>;
  /** Where another server's addresses are remembered. */
  readonly seen: Pick<SeenAddresses, 'remember' | 'listen'>;
  /** Hears who asks, so that it is seen which programs are started. */
  readonly programs: Pick<ProgramWatch, 'dhcpAsked'>;
  /** Makes unknown machines known; left out: they stay unknown. */
  readonly enrolment?: Pick<EnrolmentService, 'meet'> | undefined;
  /** Hears what messages of known machines tell of them; left out: nobody listens. */
  readonly facts?: Pick<FactService, 'seen'> | undefined;
  readonly events: Pick<EventLog, 'note'>;
}

/** Times a lost race for an address is run again; after that the client asks again by itself. */
const MAX_RACES = 5;

/** What was done, where RFC 2131 has no answer for it: DECLINE and RELEASE. */
const NO_ANSWER_WANTED = undefined;
type Outcome = DhcpMessage | Silence | typeof NO_ANSWER_WANTED;

/** The DHCP server's brain: loads, asks the decisions, claims, records. One message in, at most one out. */
export class DhcpService {
  readonly #needs: DhcpServiceNeeds;
  readonly #events: DhcpEvents;
  readonly #leases: DhcpLeases;
  readonly #link: DhcpLink;
  readonly #grants: DhcpGrants;
  readonly #proxy: DhcpProxy;
  readonly #segments: DhcpSegments;

  constructor(needs: DhcpServiceNeeds) {
    this.#needs = needs;
    this.#events = new DhcpEvents(needs);
    this.#segments = new DhcpSegments({ events: this.#events, clock: needs.clock });
    this.#leases = new DhcpLeases(needs);
    this.#link = new DhcpLink(this.#leases);
    const told = this.#events;
    const steps = new DhcpBootSteps(needs);
    this.#grants = new DhcpGrants({ ...needs, link: this.#link, told, steps });
    this.#proxy = new DhcpProxy({ ...needs, told, steps });
  }

  /** How often nothing was answered since the start, by kind. */
  get silences(): ReadonlyMap<string, number> {
    return this.#events.silences.counts;
  }

  /** A lease that is acknowledged is on disk before this resolves. Undefined is silence, or needs no answer. */
  answer(request: DhcpMessage, arrival: DhcpArrival): Promise<DhcpMessage | undefined> {
    return this.#answerWith(request, arrival, chooseSubnet, (asked) =>
      this.#outcome(this.#identified(asked)),
    );
  }

  /** A probe of an interface found these servers that give addresses. */
  foundServers(interfaceName: string, servers: readonly Ipv4Address[]): void {
    this.#segments.foundServers(interfaceName, servers);
  }

  /** What is done on an interface whose subnet is in the mode `auto`. */
  verdictOn(interfaceName: string): SegmentVerdict {
    return this.#segments.verdictOn(interfaceName);
  }

  /** Looks for clients that do not do as they are told beside another server; for every few seconds. */
  tellUnfollowed(): void {
    this.#proxy.tellUnfollowed();
  }

  /** What comes to port 4011, the boot server's (PXE 2.1): for clients of subnets in the mode `proxy`. */
  answerBootServer(request: DhcpMessage, arrival: DhcpArrival): Promise<DhcpMessage | undefined> {
    return this.#answerWith(request, arrival, chooseSubnetOfAddress, async (asked) =>
      this.#segments.modeOf(asked) === 'proxy'
        ? await this.#proxy.answerBootServer(asked)
        : silence(
            'noBoot',
            `subnet ${asked.subnet.name} gives boot data with its addresses, not at port 4011`,
          ),
    );
  }

  async #answerWith(
    request: DhcpMessage,
    arrival: DhcpArrival,
    choose: typeof chooseSubnetOfAddress,
    answer: (asked: Asked) => Promise<Outcome>,
  ): Promise<DhcpMessage | undefined> {
    // Replies are for clients and relay agents; those that come here are other servers'.
    if (request.op !== 'BOOTREQUEST') return undefined;
    this.#segments.cameTo(arrival.localAddress);
    const client = readClient(request);
    if ('silent' in client) {
      this.#events.silent({ request, arrival }, client);
      return undefined;
    }
    if (client.mac !== undefined) this.#needs.programs.dhcpAsked(client.mac, client.boot.stage);
    const subnets = await this.#needs.subnets.list();
    const subnet = choose(request, arrival, subnets);
    const asker = await this.#whoAsks(request, client, subnet);
    if (asker.machine) this.#needs.facts?.seen(asker.machine.id, 'dhcp', factsOfClient(client));
    const outcome =
      'silent' in subnet
        ? subnet
        : await answer({ request, arrival, client, asker, subnet, link: subnetsOfLink(subnet, subnets) });
    if (outcome === undefined || !('silent' in outcome)) return outcome;
    this.#events.silent({ request, arrival, client, asker }, outcome);
    return undefined;
  }

  /** A machine that nobody knows may become known by asking. */
  async #whoAsks(request: DhcpMessage, client: DhcpClient, subnet: Subnet | Silence): Promise<Asker> {
    if (client.mac === undefined) return {};
    const asker = await this.#needs.whoAsks.bySight(sightOf(client, request));
    if (asker.machine || 'silent' in subnet || subnet.mode === 'off') return asker;
    const stranger = strangerOf(client, request, subnet.name);
    const machine = stranger && (await this.#needs.enrolment?.meet(stranger, 'some'));
    return machine ? { ...asker, machine } : asker;
  }

  /** The same, with the port for its client where the link goes by ports. */
  #identified(asked: Asked): Asked {
    const { client, request, link } = asked;
    if (!link.some(goesByPorts)) return asked;
    const address = request.options.get(Options.addressRequest) ?? request.ciaddr;
    const lease = address === UNSPECIFIED ? undefined : this.#needs.leases.get(address);
    return { ...asked, client: identifyClient(client, request, link, lease) };
  }

  async #outcome(asked: Asked): Promise<Outcome> {
    if (this.#segments.modeOf(asked) === 'proxy') {
      this.#segments.noteOtherServer(asked);
      return await this.#proxy.answer(asked);
    }
    const type = asked.request.options.get(Options.messageType);
    switch (type) {
      case MessageType.DHCPDISCOVER:
        return await this.#discover(asked);
      case MessageType.DHCPREQUEST:
        return await this.#request(asked);
      case MessageType.DHCPDECLINE:
        return await this.#decline(asked);
      case MessageType.DHCPRELEASE:
        return await this.#release(asked);
      case MessageType.DHCPINFORM:
        return await this.#inform(asked);
      case undefined:
        return await this.#bootp(asked);
      default:
        return silence('malformed', `${messageTypeName(type)} is nothing a client asks this server`);
    }
  }

  async #discover(asked: Asked): Promise<Outcome> {
    const wanted = asked.request.options.get(Options.addressRequest);
    const plan = await this.#needs.boot.planFor(asked.asker.machine);
    for (let race = 0; race < MAX_RACES; race += 1) {
      const places = this.#link.places(asked, wanted, this.#segments.ownAddresses);
      for (const place of places) this.#grants.lookAtPool(place);
      const found = (await this.#grants.keepOut(places)) ?? this.#link.choose(places);
      if ('silent' in found) return found;
      const { place, chosen } = found;
      if (place.asked.subnet.rapidCommit === true && asksForRapidCommit(asked.request)) {
        const reply = await this.#grants.grant(place, places, { ...chosen, state: 'rapid commit' }, plan);
        if (reply) return reply;
        continue;
      }
      const contents = await this.#grants.contents(place.asked, plan);
      const times = timesOf(place.asked);
      const reply = buildLeaseReply('DHCPOFFER', { address: chosen.address, times }, contents);
      if ('silent' in reply) return reply;
      const isHeld = asked.client.takesOffer
        ? await this.#link.claim(place, places, { address: chosen.address, times })
        : this.#leases.hold(place.asked, chosen.address, place.question);
      if (!isHeld) continue;
      this.#grants.rememberServer(place.asked, contents.serverId);
      this.#events.offered(place.asked, chosen.address, chosen.because, contents.step);
      return reply;
    }
    return silence('raced', RACED);
  }

  /** RFC 951, RFC 1534 §2: two messages, and a lease without end. */
  async #bootp(asked: Asked): Promise<Outcome> {
    const plan = await this.#needs.boot.planFor(asked.asker.machine);
    for (let race = 0; race < MAX_RACES; race += 1) {
      const all = this.#link.places(asked, undefined, this.#segments.ownAddresses);
      const [first, ...others] = all.filter(({ question }) => servesBootp(question));
      if (!first) return silence('noBootp', NO_BOOTP);
      const places: Places = [first, ...others];
      const found = (await this.#grants.keepOut(places)) ?? this.#link.choose(places);
      if ('silent' in found) return found;
      const reply = await this.#grants.grant(found.place, places, { ...found.chosen, state: BOOTP }, plan);
      if (reply) return reply;
    }
    return silence('raced', RACED);
  }

  async #request(asked: Asked): Promise<Outcome> {
    const { request } = asked;
    const state = classifyRequest(request);
    if ('silent' in state) return state;
    if (state.state === 'SELECTING' && !this.#grants.isThisServer(asked, state.serverId)) {
      this.#link.withdrawOffers(asked);
      if (!this.#segments.ownAddresses.has(state.serverId)) this.#events.foreignServer(asked, state.serverId);
      this.#segments.noteOtherServer(asked);
      return silence('otherServer', `the client takes the offer of ${state.serverId}`);
    }
    return await this.#decideAndClaim(asked, state);
  }

  async #decideAndClaim(asked: Asked, state: RequestToUs): Promise<Outcome> {
    const { authoritative } = await this.#needs.policy.get();
    const plan = await this.#needs.boot.planFor(asked.asker.machine);
    for (let race = 0; race < MAX_RACES; race += 1) {
      const places = this.#link.places(asked, state.wanted, this.#segments.ownAddresses);
      const place = placeOfRequest(places, state);
      const answer = decideRequest(state, place.question, authoritative);
      if ('silent' in answer) return answer;
      if (answer.answer === 'DHCPNAK') {
        this.#events.refused(asked, state.state, answer.because);
        return buildNak(asked.request, this.#grants.serverIdFor(asked), answer.because);
      }
      const kept = await this.#grants.keepOut(places);
      if (kept) return kept;
      const { address, because } = answer;
      const reply = await this.#grants.grant(place, places, { address, because, state: state.state }, plan);
      if (reply) return reply;
    }
    return silence('raced', RACED);
  }

  async #decline(asked: Asked): Promise<Outcome> {
    const { options } = asked.request;
    const address = options.get(Options.addressRequest);
    if (address === undefined)
      return silence('malformed', 'the client declines an address without saying which (option 50)');
    const other = this.#otherServer(asked);
    if (other) return other;
    if (!(await this.#leases.decline(asked, address)))
      return silence('notItsOwn', `the client declines ${address}, which it does not hold`);
    const says = options.get(Options.dhcpMessage);
    this.#events.declined(asked, address, says === undefined ? undefined : plainText(says));
    return NO_ANSWER_WANTED;
  }

  async #release(asked: Asked): Promise<Outcome> {
    const other = this.#otherServer(asked);
    if (other) return other;
    const address = asked.request.ciaddr;
    if (!(await this.#leases.release(asked, address)))
      return silence('notItsOwn', `the client releases ${address}, which it does not hold`);
    this.#events.released(asked, address);
    return NO_ANSWER_WANTED;
  }

  async #inform(asked: Asked): Promise<Outcome> {
    const contents = await this.#grants.contents(asked, await this.#needs.boot.planFor(asked.asker.machine));
    const reply = buildInformReply(contents, asked.arrival.sourceAddress);
    if ('silent' in reply) return reply;
    this.#events.informed(asked, reply.ciaddr, contents.step);
    return reply;
  }

  /** Silence where option 54 names another server. */
  #otherServer(asked: Asked): Silence | undefined {
    const serverId = asked.request.options.get(Options.dhcpServerId);
    if (serverId === undefined || this.#grants.isThisServer(asked, serverId)) return undefined;
    return silence('otherServer', `it is for the server ${serverId}`);
  }
}

function servesBootp(question: LeaseQuestion): boolean {
  const { bootp = DEFAULT_RULES.bootp } = question.subnet;
  return (
    bootp === 'dynamic' || (bootp === 'reserved' && reservationOf(question.subnet, question) !== undefined)
  );
}

const NO_BOOTP =
  'it is BOOTP (there is no option 53), and no address is reserved for it: muster subnet set --reserve keeps one, --bootp dynamic serves all';
const RACED = 'others took each address that was chosen for it at the same moment; it asks again';
