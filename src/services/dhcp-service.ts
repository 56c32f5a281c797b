import { nextStep } from '../core/boot/next-step.ts';
import { buildInformReply, buildLeaseReply, buildNak, type ReplyContents } from '../core/dhcp/build-reply.ts';
import { reservationOf } from '../core/dhcp/choose-lease.ts';
import { chooseSubnet } from '../core/dhcp/choose-subnet.ts';
import { classifyRequest } from '../core/dhcp/classify-request.ts';
import { decideRequest, type RequestToUs } from '../core/dhcp/decide-request.ts';
import { type LeaseTimes, leaseTimes } from '../core/dhcp/lease-time.ts';
import { plainText } from '../core/dhcp/plain-text.ts';
import { readClient } from '../core/dhcp/read-client.ts';
import { type Silence, silence } from '../core/dhcp/silence.ts';
import type { SubnetStore } from '../core/network/subnet-store.ts';
import type { PolicyStore } from '../core/policy/policy-store.ts';
import type { Ipv4Address } from '../lib/addresses.ts';
import type { Clock } from '../lib/clock.ts';
import type { DhcpArrival } from '../protocols/dhcp/dhcp-interface.ts';
import type { DhcpMessage } from '../protocols/dhcp/message.ts';
import { MessageType, messageTypeName, Options } from '../protocols/dhcp/options.ts';
import { relayAgentInformation } from '../protocols/dhcp/relay-agent.ts';
import type { BootService } from './boot-service.ts';
import { type Asked, DhcpEvents } from './dhcp-service-events.ts';
import { DhcpLeases, type LeasesNeeded } from './dhcp-service-leases.ts';
import type { EventLog } from './event-log.ts';
import type { WhoAsks } from './who-asks.ts';

export interface DhcpServiceNeeds {
  readonly subnets: Pick<SubnetStore, 'list'>;
  readonly leases: LeasesNeeded;
  readonly whoAsks: Pick<WhoAsks, 'byMac'>;
  readonly boot: Pick<BootService, 'planFor'>;
  readonly policy: Pick<PolicyStore, 'get'>;
  readonly events: Pick<EventLog, 'note'>;
  readonly clock: Clock;
}

/** Times a lost race for an address is run again; after that the client asks again by itself. */
const MAX_RACES = 5;
/** Addresses of this server that are remembered, to tell them from those of other servers. */
const MAX_OWN_ADDRESSES = 256;

/** What was done, where RFC 2131 has no answer for it: DECLINE and RELEASE. */
const NO_ANSWER_WANTED = undefined;
type Outcome = DhcpMessage | Silence | typeof NO_ANSWER_WANTED;

/** The DHCP server's brain: loads, asks the decisions, claims, records. One message in, at most one out. */
export class DhcpService {
  readonly #needs: DhcpServiceNeeds;
  readonly #events: DhcpEvents;
  readonly #leases: DhcpLeases;
  readonly #ownAddresses = new Set<Ipv4Address>();

  constructor(needs: DhcpServiceNeeds) {
    this.#needs = needs;
    this.#events = new DhcpEvents(needs);
    this.#leases = new DhcpLeases(needs);
  }

  /** A lease that is acknowledged is on disk before this resolves. Undefined is silence, or needs no answer. */
  async answer(request: DhcpMessage, arrival: DhcpArrival): Promise<DhcpMessage | undefined> {
    // Replies are for clients and relay agents; those that come here are other servers'.
    if (request.op !== 'BOOTREQUEST') return undefined;
    if (this.#ownAddresses.size < MAX_OWN_ADDRESSES) this.#ownAddresses.add(arrival.localAddress);
    const client = readClient(request);
    if ('silent' in client) {
      this.#events.silent({ request, arrival }, client.because);
      return undefined;
    }
    const asker = client.mac === undefined ? {} : await this.#needs.whoAsks.byMac(client.mac);
    const seen = { request, arrival, client, asker };
    const subnet = chooseSubnet(request, arrival, await this.#needs.subnets.list());
    const outcome = 'silent' in subnet ? subnet : await this.#outcome({ ...seen, subnet });
    if (outcome === undefined || !('silent' in outcome)) return outcome;
    this.#events.silent(seen, outcome.because);
    return undefined;
  }

  async #outcome(asked: Asked): Promise<Outcome> {
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
        return silence('it is BOOTP (there is no option 53), which Muster does not serve');
      default:
        return silence(`${messageTypeName(type)} is nothing a client asks this server`);
    }
  }

  async #discover(asked: Asked): Promise<Outcome> {
    const wanted = asked.request.options.get(Options.addressRequest);
    const contents = await this.#contents(asked);
    const times = this.#times(asked);
    for (let race = 0; race < MAX_RACES; race += 1) {
      const question = this.#leases.question(asked, wanted, this.#ownAddresses);
      const chosen = this.#leases.choose(question);
      if ('silent' in chosen) return chosen;
      const { address, because } = chosen;
      const reply = buildLeaseReply('DHCPOFFER', { address, times }, contents);
      if ('silent' in reply) return reply;
      if (!this.#leases.hold(asked, address, question)) continue;
      this.#events.offered(asked, address, because, contents.step);
      return reply;
    }
    return silence(RACED);
  }

  async #request(asked: Asked): Promise<Outcome> {
    const { request } = asked;
    const state = classifyRequest(request);
    if ('silent' in state) return state;
    if (state.state === 'SELECTING' && !this.#isThisServer(asked, state.serverId)) {
      this.#leases.withdrawOffer(asked);
      if (!this.#ownAddresses.has(state.serverId)) this.#events.foreignServer(asked, state.serverId);
      return silence(`the client takes the offer of ${state.serverId}`);
    }
    return await this.#decideAndClaim(asked, state);
  }

  async #decideAndClaim(asked: Asked, state: RequestToUs): Promise<Outcome> {
    const { authoritative } = await this.#needs.policy.get();
    const contents = await this.#contents(asked);
    const times = this.#times(asked);
    for (let race = 0; race < MAX_RACES; race += 1) {
      const question = this.#leases.question(asked, state.wanted, this.#ownAddresses);
      const answer = decideRequest(state, question, authoritative);
      if ('silent' in answer) return answer;
      if (answer.answer === 'DHCPNAK') {
        this.#events.refused(asked, state.state, answer.because);
        return buildNak(asked.request, contents.serverId, answer.because);
      }
      const { address, because } = answer;
      const reply = buildLeaseReply('DHCPACK', { address, times }, contents);
      if ('silent' in reply) return reply;
      if (!(await this.#leases.claim(asked, address, times, question))) continue;
      this.#events.acknowledged(asked, { address, times, state: state.state, because }, contents.step);
      return reply;
    }
    return silence(RACED);
  }

  async #decline(asked: Asked): Promise<Outcome> {
    const { options } = asked.request;
    const address = options.get(Options.addressRequest);
    if (address === undefined)
      return silence('the client declines an address without saying which (option 50)');
    const other = this.#otherServer(asked);
    if (other) return other;
    if (!(await this.#leases.decline(asked, address)))
      return silence(`the client declines ${address}, which it does not hold`);
    const says = options.get(Options.dhcpMessage);
    this.#events.declined(asked, address, says === undefined ? undefined : plainText(says));
    return NO_ANSWER_WANTED;
  }

  async #release(asked: Asked): Promise<Outcome> {
    const other = this.#otherServer(asked);
    if (other) return other;
    const address = asked.request.ciaddr;
    if (!(await this.#leases.release(asked, address)))
      return silence(`the client releases ${address}, which it does not hold`);
    this.#events.released(asked, address);
    return NO_ANSWER_WANTED;
  }

  async #inform(asked: Asked): Promise<Outcome> {
    const contents = await this.#contents(asked);
    const reply = buildInformReply(contents, asked.arrival.sourceAddress);
    if ('silent' in reply) return reply;
    this.#events.informed(asked, reply.ciaddr, contents.step);
    return reply;
  }

  async #contents(asked: Asked): Promise<ReplyContents> {
    const { request, arrival, subnet, client, asker } = asked;
    const plan = await this.#needs.boot.planFor(asker.machine);
    const hostname = asker.machine?.name ?? reservationOf(subnet, client.mac)?.hostname;
    return {
      request,
      subnet,
      serverId: relayAgentInformation(request).serverIdOverride ?? arrival.localAddress,
      bootServer: subnet.nextServer ?? arrival.localAddress,
      step: nextStep(plan, client.boot, subnet.bootFile),
      ...(hostname === undefined ? {} : { hostname }),
    };
  }

  #times({ request, subnet, client }: Asked): LeaseTimes {
    return leaseTimes(request.options.get(Options.addressTime), subnet, client.clientKey);
  }

  #isThisServer({ request, arrival }: Asked, serverId: Ipv4Address): boolean {
    return serverId === arrival.localAddress || serverId === relayAgentInformation(request).serverIdOverride;
  }

  /** Silence where option 54 names another server. */
  #otherServer(asked: Asked): Silence | undefined {
    const serverId = asked.request.options.get(Options.dhcpServerId);
    if (serverId === undefined || this.#isThisServer(asked, serverId)) return undefined;
    return silence(`it is for the server ${serverId}`);
  }
}

const RACED = 'others took each address that was chosen for it at the same moment; it asks again';
