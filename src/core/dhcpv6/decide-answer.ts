import { isSameDuid } from '../../protocols/dhcpv6/duid.ts';
import type { Dhcpv6Message } from '../../protocols/dhcpv6/message.ts';
import { Options } from '../../protocols/dhcpv6/options.ts';
import type { Dhcpv6Client } from './read-client.ts';
import { type Dhcpv6Silence, silence } from './silence.ts';

/** Where the message came in: port 547, or 4011, where EDK2 asks again that has its address. */
export type Dhcpv6Door = 'server' | 'boot server';

export interface Dhcpv6Question {
  readonly message: Dhcpv6Message;
  readonly client: Dhcpv6Client;
  readonly door: Dhcpv6Door;
  /** Muster's own DUID on this link. */
  readonly ownId: Uint8Array;
}

/** The message that tells what to boot. Neither gives an address. */
export type Dhcpv6Answer = 'ADVERTISE' | 'REPLY';

/**
 * Whether this message is answered at all, before it is looked what the client boots. First rule that fits wins.
 *
 * Only boot programs that ask for a boot file are: whoever takes an answer of Muster's for settings or an address would
 * go without.
 */
export function decideAnswer(question: Dhcpv6Question): Dhcpv6Answer | Dhcpv6Silence {
  const { message, client, door } = question;
  const invalid = whyInvalid(question);
  if (invalid !== undefined) return silence('malformed', invalid);
  const foreign = whyForeign(question);
  if (foreign !== undefined) return silence('otherServer', foreign);
  if (client.boot.stage === 'operating system')
    return silence(
      'noFirmware',
      'no boot firmware asks, and Muster gives no addresses and settings over IPv6',
    );
  if (!client.asksForBootFile)
    return silence('notAsked', 'the client does not ask for a boot file (option 59)');
  if (message.type !== 'SOLICIT') return 'REPLY';
  if (door === 'boot server') return silence('malformed', 'SOLICIT is not for port 4011');
  if (client.boot.stage === 'ipxe')
    return silence('notAsked', 'iPXE wants an address, and passes over what comes without one');
  if (client.bootClass === undefined)
    return silence('notAsked', 'the client says no class by which it would know an offer without an address');
  return 'ADVERTISE';
}

/** What RFC 8415 §16 wants discarded. */
function whyInvalid({ message: { type, options } }: Dhcpv6Question): string | undefined {
  const says = { client: options.has(Options.clientId), server: options.has(Options.serverId) };
  switch (type) {
    case 'ADVERTISE':
    case 'REPLY':
    case 'RECONFIGURE':
      return `${type} is what servers say`;
    case 'SOLICIT':
    case 'CONFIRM':
    case 'REBIND':
      if (says.server) return `${type} is for every server, and names one`;
      return says.client ? undefined : `${type} does not say whose it is (CLIENTID)`;
    case 'REQUEST':
    case 'RENEW':
    case 'RELEASE':
    case 'DECLINE':
      if (!says.server) return `${type} does not say which server it is for (SERVERID)`;
      return says.client ? undefined : `${type} does not say whose it is (CLIENTID)`;
    case 'INFORMATION-REQUEST':
      return options.has(Options.association) ? `${type} asks for an address` : undefined;
    default:
      return type satisfies never;
  }
}

function whyForeign({ message: { type, options }, ownId }: Dhcpv6Question): string | undefined {
  const server = options.get(Options.serverId);
  if (server !== undefined && !isSameDuid(server, ownId))
    return `the client speaks to another server (${type})`;
  const isOfAddress = type !== 'SOLICIT' && type !== 'REQUEST' && type !== 'INFORMATION-REQUEST';
  return isOfAddress ? `${type} is about an address, and Muster gave none` : undefined;
}
