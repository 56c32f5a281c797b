import { type ChosenAddress, chooseLease, type LeaseQuestion } from '../../core/dhcp/choose-lease.ts';
import type { LeaseTimes } from '../../core/dhcp/lease-time.ts';
import type { Silence } from '../../core/dhcp/silence.ts';
import { bindsAddress, type Lease } from '../../core/network/lease.ts';
import { Quarantine } from '../../core/network/lease-quarantine.ts';
import type { PoolCount } from '../../core/network/lease-pool.ts';
import { OfferTable } from '../../core/network/offers.ts';
import type { Subnet } from '../../core/network/subnet.ts';
import { type Ipv4Address, UNSPECIFIED } from '../../lib/addresses.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Asked } from './dhcp-service-events.ts';
import type { LeaseBook } from './lease-book.ts';

/** Answers come from memory, at once; what is written takes its time. */
export type LeasesNeeded = Pick<
  LeaseBook,
  'get' | 'byAddress' | 'newestOf' | 'nextFree' | 'count' | 'claim' | 'release' | 'decline'
>;

/** Knows what a choice of address needs to know, and writes what was chosen: offers in memory, leases on disk. */
export class DhcpLeases {
  readonly #leases: LeasesNeeded;
  readonly #clock: Clock;
  readonly #offers = new OfferTable();
  readonly #quarantine = new Quarantine();

  constructor(needs: { readonly leases: LeasesNeeded; readonly clock: Clock }) {
    this.#leases = needs.leases;
    this.#clock = needs.clock;
  }

  question(
    asked: Asked,
    wanted: Ipv4Address | undefined,
    ownAddresses: ReadonlySet<Ipv4Address>,
  ): LeaseQuestion {
    const { subnet, client, request } = asked;
    const own = this.#leases.newestOf(subnet.name, client.clientKey);
    return {
      subnet,
      clientKey: client.clientKey,
      mac: client.mac,
      ownAddresses: request.giaddr === UNSPECIFIED ? [...ownAddresses] : [...ownAddresses, request.giaddr],
      own,
      wanted,
      records: this.#leases,
      offers: this.#offers,
      nowMs: this.#clock.nowMs(),
    };
  }

  choose(question: LeaseQuestion): ChosenAddress | Silence {
    return chooseLease(question, (isOpen) => this.#leases.nextFree(question.subnet, isOpen));
  }

  /** How many addresses the ranges of a subnet have, and how many of them are taken. */
  count(subnet: Subnet): PoolCount {
    return this.#leases.count(subnet);
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
    const lease = this.#leases.get(address);
    if (lease?.clientKey !== clientKey || lease.state !== 'held' || !bindsAddress(lease, nowMs)) return false;
    this.withdrawOffer(asked);
    const untilMs = nowMs + this.#quarantine.declined(address, nowMs);
    return await this.#leases.decline(address, clientKey, lease.subnet, untilMs, nowMs);
  }

  async release(asked: Asked, address: Ipv4Address): Promise<boolean> {
    this.withdrawOffer(asked);
    return await this.#leases.release(address, asked.client.clientKey, this.#clock.nowMs());
  }
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
    mac,
    uuid,
    hostname,
    vendorClass,
    state: 'held',
    startedAtMs: goesOn ? own.startedAtMs : nowMs,
    expiresAtMs: nowMs + times.leaseSeconds * 1000,
  };
}
