import type { ChosenAddress, LeaseQuestion } from '../../core/dhcp/choose-lease.ts';
import type { LeaseTimes } from '../../core/dhcp/lease-time.ts';
import { type PoolState, PoolWatch } from '../../core/dhcp/pool-watch.ts';
import { byTie, preferredOnLink } from '../../core/dhcp/shared-network.ts';
import { type Silence, silence } from '../../core/dhcp/silence.ts';
import { bindsAddress } from '../../core/network/lease.ts';
import type { PoolCount } from '../../core/network/lease-pool.ts';
import { reservationOf } from '../../core/network/reservations.ts';
import type { Subnet } from '../../core/network/subnet.ts';
import type { Ipv4Address } from '../../lib/addresses.ts';
import type { Asked } from './dhcp-service-events.ts';
import type { DhcpLeases } from './dhcp-service-leases.ts';

/** One subnet of the client's link, and what is known there. */
export interface Place {
  readonly asked: Asked;
  readonly question: LeaseQuestion;
}

/** At least one: the subnet the message itself points at comes first. */
export type Places = readonly [Place, ...Place[]];

/** The subnets of one link taken together: a client may get its address from any of them. */
export class DhcpLink {
  readonly #leases: DhcpLeases;
  readonly #pools = new PoolWatch();

  constructor(leases: DhcpLeases) {
    this.#leases = leases;
  }

  places(asked: Asked, wanted: Ipv4Address | undefined, ownAddresses: ReadonlySet<Ipv4Address>): Places {
    const placeIn = (subnet: Subnet): Place => {
      const there = subnet === asked.subnet ? asked : { ...asked, subnet };
      return { asked: there, question: this.#leases.question(there, wanted, ownAddresses) };
    };
    const others = asked.link.filter((subnet) => subnet !== asked.subnet);
    return [placeIn(asked.subnet), ...others.map(placeIn)];
  }

  /** Its own address in whichever subnet, then the next free one of the subnets in their order. */
  choose(places: Places): { place: Place; chosen: ChosenAddress } | Silence {
    const preferred = preferredOnLink(places);
    if (preferred) return preferred;
    const reasons = new Set<string>();
    for (const place of byTie(places)) {
      const chosen = this.#leases.choose(place.question);
      if (!('silent' in chosen)) return { place, chosen };
      reasons.add(chosen.because);
    }
    return silence('noAddress', [...reasons].join('; '));
  }

  /** As `DhcpLeases.claim`; what the client held in other subnets of the link is free from then on. */
  async claim({ asked, question }: Place, places: Places, chosen: Claimed): Promise<boolean> {
    if (!(await this.#leases.claim(asked, chosen.address, chosen.times, question))) return false;
    for (const other of places) {
      const { own, nowMs } = other.question;
      if (other.question.subnet.name === asked.subnet.name) continue;
      if (own?.state === 'held' && bindsAddress(own, nowMs))
        await this.#leases.release(other.asked, own.address);
    }
    return true;
  }

  /** The subnet's ranges, where they run low, are full or have enough again since the last look. */
  poolOf({ asked, question }: Place): { readonly state: PoolState; readonly count: PoolCount } | undefined {
    const count = this.#leases.count(asked.subnet);
    const state = this.#pools.look(asked.subnet.name, count, question.nowMs);
    return state && { state, count };
  }

  withdrawOffers(asked: Asked): void {
    for (const subnet of asked.link) this.#leases.withdrawOffer({ ...asked, subnet });
  }
}

interface Claimed {
  readonly address: Ipv4Address;
  readonly times: LeaseTimes;
}

/** Nobody has seen this client: it has and had no lease here, no reservation and no offer, and is no known machine. */
export function isStranger(places: Places): boolean {
  const [{ asked }] = places;
  if (asked.asker.machine) return false;
  return !places.some(
    ({ question }) =>
      question.own !== undefined ||
      reservationOf(question.subnet, question) !== undefined ||
      question.offers.offeredTo(question.subnet.name, question.clientKey, question.nowMs) !== undefined,
  );
}
