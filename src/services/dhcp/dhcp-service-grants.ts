import type { BootPlan } from '../../core/boot/boot-plan.ts';
import { buildBootpReply, buildLeaseReply, type ReplyContents } from '../../core/dhcp/build-reply.ts';
import { FOR_EVER_SECONDS, type LeaseTimes, leaseTimes } from '../../core/dhcp/lease-time.ts';
import { NewClients } from '../../core/dhcp/new-clients.ts';
import { ServerIdentities } from '../../core/dhcp/server-identities.ts';
import { type Silence, silence } from '../../core/dhcp/silence.ts';
import { reservationOf } from '../../core/network/reservations.ts';
import type { PolicyStore } from '../../core/policy/policy-store.ts';
import { type Ipv4Address, UNSPECIFIED } from '../../lib/addresses.ts';
import type { DhcpMessage } from '../../protocols/dhcp/message.ts';
import { Options } from '../../protocols/dhcp/options.ts';
import { relayAgentInformation } from '../../protocols/dhcp/relay-agent.ts';
import type { DhcpBootSteps } from './dhcp-boot-steps.ts';
import type { Asked, DhcpEvents } from './dhcp-service-events.ts';
import { type DhcpLink, isStranger, type Place, type Places } from './dhcp-service-link.ts';

interface DhcpGrantsNeeds {
  readonly link: DhcpLink;
  readonly policy: Pick<PolicyStore, 'get'>;
  readonly steps: DhcpBootSteps;
  readonly told: DhcpEvents;
}

/** A lease on its way out, and by which message it was asked for. */
interface Granted {
  readonly address: Ipv4Address;
  readonly because: string;
  readonly state: string;
}

/** The `state` of what is granted over BOOTP. */
export const BOOTP = 'BOOTP';

/** What every way to a lease ends with: who is let in, what the reply says, under whose name, and the claim. */
export class DhcpGrants {
  readonly #needs: DhcpGrantsNeeds;
  readonly #newClients = new NewClients();
  readonly #serverIds = new ServerIdentities();

  constructor(needs: DhcpGrantsNeeds) {
    this.#needs = needs;
  }

  /** Silence where more strangers came than are let in. */
  async keepOut(places: Places): Promise<Silence | undefined> {
    if (!isStranger(places)) return undefined;
    const [{ asked, question }] = places;
    const { newClients } = await this.#needs.policy.get();
    const link = `${asked.arrival.interfaceName} ${asked.subnet.name}`;
    if (this.#newClients.letIn(link, newClients, question.nowMs)) return undefined;
    this.#needs.told.strangersKeptOut(asked, newClients);
    return silence('keptOut', 'more new clients ask than are let in');
  }

  /** DHCPACK and the lease; undefined where another client got the address in the meantime. */
  async grant(
    place: Place,
    places: Places,
    granted: Granted,
    plan: BootPlan,
  ): Promise<DhcpMessage | Silence | undefined> {
    const { asked } = place;
    const { address } = granted;
    const contents = await this.contents(asked, plan);
    const isBootp = granted.state === BOOTP;
    const times = isBootp ? { leaseSeconds: FOR_EVER_SECONDS } : timesOf(asked);
    const reply = isBootp
      ? buildBootpReply(address, contents)
      : buildLeaseReply('DHCPACK', { address, times }, contents);
    if ('silent' in reply) return reply;
    if (!(await this.#needs.link.claim(place, places, { address, times }))) return undefined;
    this.rememberServer(asked, contents.serverId);
    this.lookAtPool(place);
    this.#needs.told.acknowledged(asked, { ...granted, times }, contents.step);
    return reply;
  }

  /** Tells of ranges that run low before the machines of the next delivery do. */
  lookAtPool(place: Place): void {
    const pool = this.#needs.link.poolOf(place);
    if (pool) this.#needs.told.pool(place.asked, pool.state, pool.count);
  }

  async contents(asked: Asked, plan: BootPlan): Promise<ReplyContents> {
    const { request, arrival, subnet, client, asker } = asked;
    const hostname = asker.machine?.name ?? reservationOf(subnet, client)?.hostname;
    return {
      request,
      subnet,
      serverId: this.serverIdFor(asked),
      bootServer: subnet.nextServer ?? arrival.localAddress,
      step: await this.#needs.steps.stepFor(asked, plan, 'here'),
      hostname,
    };
  }

  /** What the relay wants, or wanted where this message came past it (RFC 5107); else this server's address. */
  serverIdFor({ request, arrival, client }: Asked): Ipv4Address {
    const wished = relayAgentInformation(request).serverIdOverride;
    const told = request.giaddr === UNSPECIFIED ? this.#serverIds.toldTo(client.clientKey) : undefined;
    return wished ?? told ?? arrival.localAddress;
  }

  rememberServer({ client, arrival }: Asked, serverId: Ipv4Address): void {
    if (serverId !== arrival.localAddress) this.#serverIds.remember(client.clientKey, serverId);
  }

  isThisServer({ request, arrival, client }: Asked, serverId: Ipv4Address): boolean {
    return (
      serverId === arrival.localAddress ||
      serverId === relayAgentInformation(request).serverIdOverride ||
      serverId === this.#serverIds.toldTo(client.clientKey)
    );
  }
}

export function timesOf({ request, subnet, client }: Asked): LeaseTimes {
  return leaseTimes(request.options.get(Options.addressTime), subnet, client.clientKey);
}
