import { type Dhcpv6Message, type Dhcpv6Packet, type RelayLayer } from '../../protocols/dhcpv6/message.ts';
import { StatusCode } from '../../protocols/dhcpv6/option-formats.ts';
import { Dhcpv6Options, optionOf, Options } from '../../protocols/dhcpv6/options.ts';
import type { Dhcpv6Answer } from './decide-answer.ts';
import { type Dhcpv6Client, PXE_ENTERPRISE } from './read-client.ts';

export interface AnswerContents {
  readonly answer: Dhcpv6Answer;
  readonly request: Dhcpv6Packet;
  readonly client: Pick<Dhcpv6Client, 'bootClass'>;
  readonly ownId: Uint8Array;
  readonly url: string;
}

/**
 * What to boot, and no address.
 *
 * An ADVERTISE leaves out IA_NA, where RFC 8415 §18.3.9 wants one with NoAddrsAvail: EDK2 passes over an offer with that
 * status (Dhcp6HandleAdvertiseMsg), and takes one without IA_NA for that of a proxy, beside a server that gives addresses.
 */
export function buildAnswer({ answer, request, client, ownId, url }: AnswerContents): Dhcpv6Packet {
  const { message, relays } = request;
  const clientId = message.options.get(Options.clientId);
  const options = Dhcpv6Options.of(
    ...(clientId === undefined ? [] : [optionOf(Options.clientId, clientId)]),
    optionOf(Options.serverId, ownId),
    ...refusedAddresses(message),
    optionOf(Options.bootfileUrl, url),
    // Behind the URL, whose end EDK2 finds by the zero that the code of the next option begins with (HttpBootDhcp6.c).
    ...(client.bootClass === undefined
      ? []
      : [optionOf(Options.vendorClass, { enterprise: PXE_ENTERPRISE, classes: [client.bootClass] })]),
  );
  return {
    message: { type: answer, transactionId: message.transactionId, options },
    relays: relays.map(relayBack),
    way: 'reply',
  };
}

/** A client that asks Muster itself for an address is told that there is none (RFC 8415 §18.3.2). */
function refusedAddresses({ type, options }: Dhcpv6Message) {
  if (type !== 'REQUEST') return [];
  return options.all(Options.association).map(({ iaid }) =>
    optionOf(Options.association, {
      iaid,
      t1Seconds: 0,
      t2Seconds: 0,
      addresses: [],
      status: { code: StatusCode.noAddrsAvail, message: 'Muster gives no IPv6 addresses' },
    }),
  );
}

/** The same way back (RFC 8415 §19.3); what an agent wants to see again is handed back (§21.18, RFC 8357 §5.2). */
function relayBack({ hopCount, linkAddress, peerAddress, options }: RelayLayer): RelayLayer {
  const again = options
    .raw()
    .filter(({ code }) => code === Options.interfaceId.code || code === Options.relayPort.code);
  return { hopCount, linkAddress, peerAddress, options: Dhcpv6Options.of(...again) };
}
