import { type Ipv4Address, networkContains } from '../../lib/addresses.ts';
import { bindsAddress } from '../network/lease.ts';
import { reservationOf } from '../network/reservations.ts';
import { type LeaseQuestion, objectionToAddress } from './choose-lease.ts';
import type { RequestState } from './classify-request.ts';
import { type Silence, silence } from './silence.ts';

export type RequestAnswer =
  | { readonly answer: 'DHCPACK'; readonly address: Ipv4Address; readonly because: string }
  | { readonly answer: 'DHCPNAK'; readonly because: string }
  | Silence;

/** A request that is for this server, or for whoever feels meant. */
export type RequestToUs = Exclude<RequestState, { state: 'SELECTING' }> | SelectingUs;
interface SelectingUs {
  readonly state: 'SELECTING';
  readonly wanted?: Ipv4Address;
}

/**
 * Yes, no, or nothing (RFC 2131 §4.3.2). No is said only where it is certain: to a client that takes our offer, to
 * one we have on record, or where this server is the authority of the link. Another server may have given a
 * stranger its address, and a DHCPNAK would take it away.
 */
export function decideRequest(
  request: RequestToUs,
  question: LeaseQuestion,
  authoritative: boolean,
): RequestAnswer {
  switch (request.state) {
    case 'SELECTING':
      return decideSelecting(request.wanted, question);
    case 'INIT-REBOOT':
      return decideReboot(request.wanted, question, authoritative);
    case 'RENEWING':
    case 'REBINDING':
      return decideExtending(request.wanted, question, authoritative);
    default:
      return request satisfies never;
  }
}

function decideSelecting(asked: Ipv4Address | undefined, question: LeaseQuestion): RequestAnswer {
  const { offers, subnet, clientKey, nowMs } = question;
  const wanted = asked ?? offers.offeredTo(subnet.name, clientKey, nowMs);
  if (wanted === undefined)
    return silence('notItsOwn', 'the client takes an offer without saying which, and none is held for it');
  const objection = objectionToAddress(wanted, question);
  if (objection !== undefined) return nak(wanted, objection);
  return { answer: 'DHCPACK', address: wanted, because: 'the client takes the offer' };
}

function decideReboot(wanted: Ipv4Address, question: LeaseQuestion, authoritative: boolean): RequestAnswer {
  const { subnet, own, records, clientKey } = question;
  const reservation = reservationOf(subnet, question);
  const reserved = reservation?.address;
  // What it asks for may be its lease in another subnet of ours: then it was carried to this link, and that is certain.
  const isKnown = own !== undefined || reserved !== undefined || records.get(wanted)?.clientKey === clientKey;
  if (!isKnown && !authoritative) return stranger(wanted, question);
  const objection = objectionToAddress(wanted, question);
  if (objection !== undefined) return nak(wanted, objection);
  if (reserved !== undefined && reserved !== wanted && objectionToAddress(reserved, question) === undefined)
    return nak(
      wanted,
      `is not the address that is reserved for ${reservation?.holder}, which is ${reserved}`,
    );
  return { answer: 'DHCPACK', address: wanted, because: 'the client comes back for its address' };
}

function decideExtending(
  wanted: Ipv4Address,
  question: LeaseQuestion,
  authoritative: boolean,
): RequestAnswer {
  const { own, records, nowMs, clientKey } = question;
  const objection = objectionToAddress(wanted, question);
  const isOurs = own?.address === wanted;
  if (objection === undefined && (isOurs || authoritative))
    return {
      answer: 'DHCPACK',
      address: wanted,
      because: isOurs ? 'the client extends its lease' : 'no lease is on record, but the address is free',
    };
  const lease = records.get(wanted);
  const isAnothers = lease !== undefined && bindsAddress(lease, nowMs) && lease.clientKey !== clientKey;
  if (objection !== undefined && (isOurs || isAnothers || authoritative)) return nak(wanted, objection);
  return stranger(wanted, question);
}

function nak(address: Ipv4Address, objection: string): RequestAnswer {
  return { answer: 'DHCPNAK', because: `${address} ${objection}` };
}

function stranger(wanted: Ipv4Address, { subnet }: LeaseQuestion): Silence {
  const place = networkContains(subnet.network, wanted) ? '' : ', which is of another network';
  return silence(
    'stranger',
    `no lease of this client is on record, and another server may know it: it asks for ${wanted}${place}, and this server is not authoritative`,
  );
}
