import {
  type ChosenAddress,
  chooseLease,
  choosePreferred,
  type LeaseQuestion,
  preferredAddresses,
} from '../core/dhcp/choose-lease.ts';
import type { LeaseTimes } from '../core/dhcp/lease-time.ts';
import type { Silence } from '../core/dhcp/silence.ts';
import { bindsAddress, type Lease } from '../core/network/lease.ts';
import type { LeaseStore } from '../core/network/lease-store.ts';
import { OfferTable } from '../core/network/offers.ts';
import { type Ipv4Address, UNSPECIFIED } from '../lib/addresses.ts';
import type { Clock } from '../lib/clock.ts';
import type { Asked } from './dhcp-service-events.ts';

export type LeasesNeeded = Pick<
  LeaseStore,
  'list' | 'byAddress' | 'ofClient' | 'claim' | 'release' | 'decline'
>;

/** How long an address rests that a client found somebody else on. */
export const DECLINED_MS = 10 * 60_000;

/** Loads what a choice of address needs to know, and writes what was chosen: offers in memory, leases in the store. */
export class DhcpLeases {
  readonly #leases: LeasesNeeded;
  readonly #clock: Clock;
  readonly #offers = new OfferTable();

  constructor(needs: { readonly leases: LeasesNeeded; readonly clock: Clock }) {
    this.#leases = needs.leases;
    this.#clock = needs.clock;
  }

  async question(
    asked: Asked,
    wanted: Ipv4Address | undefined,
    ownAddresses: ReadonlySet<Ipv4Address>,
  ): Promise<LeaseQuestion> {
    const { subnet, client, request } = asked;
    const own = await this.#leases.ofClient(subnet.name, client.clientKey);
    const relay = request.giaddr === UNSPECIFIED ? [] : [request.giaddr];
    const question = {
      subnet,
      clientKey: client.clientKey,
      ...(client.mac === undefined ? {} : { mac: client.mac }),
      ownAddresses: [...ownAddresses, ...relay],
      ...(own === undefined ? {} : { own }),
      ...(wanted === undefined ? {} : { wanted }),
      offers: this.#offers,
      nowMs: this.#clock.nowMs(),
    };
    const addresses = [...new Set(preferredAddresses(question))];
    const found = await Promise.all(addresses.map((address) => this.#leases.byAddress(address)));
    return { ...question, records: byAddress(found.filter((lease) => lease !== undefined)) };
  }

  /** All leases of the subnet are loaded only for a client that is new to it. */
  async choose(question: LeaseQuestion): Promise<ChosenAddress | Silence> {
    const preferred = choosePreferred(question);
    if (preferred) return preferred;
    const leases = await this.#leases.list(question.subnet.name);
    return chooseLease({ ...question, records: byAddress(leases) });
  }

  /** @returns false where another client was offered the address in the meantime. */
  hold({ subnet, client }: Asked, address: Ipv4Address, { nowMs }: LeaseQuestion): boolean {
    return this.#offers.hold({ subnet: subnet.name, clientKey: client.clientKey, address }, nowMs);
  }

  withdrawOffer({ subnet, client }: Asked): void {
    this.#offers.withdraw(subnet.name, client.clientKey);
  }

  /** On disk when it resolves to true; false where another client got the address in the meantime. */
  async claim(
    asked: Asked,
    address: Ipv4Address,
    times: LeaseTimes,
    question: LeaseQuestion,
  ): Promise<boolean> {
    const { claimed } = await this.#leases.claim(leaseOf(asked, address, times, question), question.nowMs);
    if (claimed) this.withdrawOffer(asked);
    return claimed;
  }

  /** Only who holds an address can decline it, so that a stranger cannot empty the ranges by declining. */
  async decline(asked: Asked, address: Ipv4Address): Promise<boolean> {
    const { clientKey } = asked.client;
    const nowMs = this.#clock.nowMs();
    const lease = await this.#leases.byAddress(address);
    if (lease?.clientKey !== clientKey || lease.state !== 'held' || !bindsAddress(lease, nowMs)) return false;
    this.withdrawOffer(asked);
    return await this.#leases.decline(address, clientKey, lease.subnet, nowMs + DECLINED_MS, nowMs);
  }

  async release(asked: Asked, address: Ipv4Address): Promise<boolean> {
    this.withdrawOffer(asked);
    return await this.#leases.release(address, asked.client.clientKey, this.#clock.nowMs());
  }
}

function byAddress(leases: readonly Lease[]): ReadonlyMap<Ipv4Address, Lease> {
  return new Map(leases.map((lease) => [lease.address, lease]));
}

function leaseOf(asked: Asked, address: Ipv4Address, times: LeaseTimes, question: LeaseQuestion): Lease {
  const { subnet, client } = asked;
  const { own, nowMs } = question;
  const { clientKey, mac, uuid, hostname, vendorClass } = client;
  const goesOn = own?.address === address && own.state === 'held' && bindsAddress(own, nowMs);
  return {
    address,
    subnet: subnet.name,
    clientKey,
    ...(mac === undefined ? {} : { mac }),
    ...(uuid === undefined ? {} : { uuid }),
    ...(hostname === undefined ? {} : { hostname }),
    ...(vendorClass === undefined ? {} : { vendorClass }),
    state: 'held',
    startedAtMs: goesOn ? own.startedAtMs : nowMs,
    expiresAtMs: nowMs + times.leaseSeconds * 1000,
  };
}
