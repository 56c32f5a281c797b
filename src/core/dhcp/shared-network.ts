import { networkContains } from '../../lib/addresses.ts';
import { bindsAddress } from '../network/lease.ts';
import { reservationOf } from '../network/reservations.ts';
import type { Subnet } from '../network/subnet.ts';
import { type ChosenAddress, choosePreferred, type LeaseQuestion } from './choose-lease.ts';
import type { RequestToUs } from './decide-request.ts';

/** The subnets on the link of this one, itself first: those that name the same shared network and are served. */
export function subnetsOfLink(subnet: Subnet, all: readonly Subnet[]): readonly Subnet[] {
  const { sharedNetwork, name } = subnet;
  if (sharedNetwork === undefined) return [subnet];
  const others = all.filter(
    (other) =>
      other.name !== name &&
      other.sharedNetwork === sharedNetwork &&
      other.mode !== 'off' &&
      other.mode !== 'proxy',
  );
  return [subnet, ...others];
}

/** What ties a client to a subnet, the strongest first. */
const TIES: readonly ((question: LeaseQuestion) => boolean)[] = [
  (question) => reservationOf(question.subnet, question) !== undefined,
  ({ own, nowMs }) => own !== undefined && bindsAddress(own, nowMs),
  ({ own }) => own !== undefined,
  ({ offers, subnet, clientKey, nowMs }) => offers.offeredTo(subnet.name, clientKey, nowMs) !== undefined,
  ({ wanted, subnet }) => wanted !== undefined && networkContains(subnet.network, wanted),
];

/** The same questions, those of the subnets the client has the strongest tie to first; else in their order. */
export function byTie<T extends { readonly question: LeaseQuestion }>(places: readonly T[]): readonly T[] {
  if (places.length < 2) return places;
  const rank = ({ question }: T): number => {
    const at = TIES.findIndex((tie) => tie(question));
    return at === -1 ? TIES.length : at;
  };
  return places
    .map((place) => ({ place, rank: rank(place) }))
    .sort((one, other) => one.rank - other.rank)
    .map(({ place }) => place);
}

/** The first place with an address the client has some claim to. */
export function preferredOnLink<T extends { readonly question: LeaseQuestion }>(
  places: readonly T[],
): { readonly place: T; readonly chosen: ChosenAddress } | undefined {
  for (const place of byTie(places)) {
    const chosen = choosePreferred(place.question);
    if (chosen) return { place, chosen };
  }
  return undefined;
}

/**
 * The subnet whose rules answer a request: where the client has a reservation, where the wanted address lies, where
 * it has a lease, and at last the surest. So an address of any subnet on the link is no address of a wrong network.
 */
export function placeOfRequest<T extends { readonly question: LeaseQuestion }>(
  places: readonly [T, ...T[]],
  { wanted }: RequestToUs,
): T {
  const signs: readonly ((question: LeaseQuestion) => boolean)[] = [
    (question) => reservationOf(question.subnet, question) !== undefined,
    ({ subnet }) => wanted !== undefined && networkContains(subnet.network, wanted),
    ({ offers, subnet, clientKey, nowMs }) =>
      wanted === undefined && offers.offeredTo(subnet.name, clientKey, nowMs) !== undefined,
    ({ own }) => own !== undefined,
  ];
  for (const sign of signs) {
    const found = places.find(({ question }) => sign(question));
    if (found) return found;
  }
  return places[0];
}
