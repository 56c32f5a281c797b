import { type Ipv4Address, UNSPECIFIED } from '../../lib/addresses.ts';
import type { DhcpMessage } from '../../protocols/dhcp/message.ts';
import { Options } from '../../protocols/dhcp/options.ts';
import { relayAgentInformation } from '../../protocols/dhcp/relay-agent.ts';
import { type Silence, silence } from './silence.ts';

/** What a DHCPREQUEST is for (RFC 2131 §4.3.2, table 4). */
export type RequestState =
  /** The client takes the offer of `serverId`. */
  | { readonly state: 'SELECTING'; readonly serverId: Ipv4Address; readonly wanted?: Ipv4Address }
  /** It comes back and wants the address it had. */
  | { readonly state: 'INIT-REBOOT'; readonly wanted: Ipv4Address }
  /** It uses the address, and wants to go on doing so. */
  | { readonly state: 'RENEWING'; readonly wanted: Ipv4Address }
  | { readonly state: 'REBINDING'; readonly wanted: Ipv4Address };

/**
 * By the fields that are filled. Option 54 alone makes it SELECTING, since some ROMs fill ciaddr as well. What
 * a relay brings was broadcast unless the relay says otherwise (RFC 5010), so it is REBINDING; on the server's own
 * link the message itself does not tell the two apart, and since they are answered alike, it is called RENEWING.
 */
export function classifyRequest(message: DhcpMessage): RequestState | Silence {
  const { ciaddr, giaddr, options } = message;
  const serverId = options.get(Options.dhcpServerId);
  const requested = options.get(Options.addressRequest);
  if (serverId !== undefined) {
    const wanted = requested ?? (ciaddr === UNSPECIFIED ? undefined : ciaddr);
    return { state: 'SELECTING', serverId, ...(wanted === undefined ? {} : { wanted }) };
  }
  if (ciaddr !== UNSPECIFIED) {
    const direct = giaddr === UNSPECIFIED || relayAgentInformation(message).cameBy === 'unicast';
    return { state: direct ? 'RENEWING' : 'REBINDING', wanted: ciaddr };
  }
  if (requested !== undefined) return { state: 'INIT-REBOOT', wanted: requested };
  return silence(
    'malformed',
    'the request names neither a server (option 54) nor an address (option 50, ciaddr)',
  );
}
