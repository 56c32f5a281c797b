import {
  formatIpv4Network,
  type Ipv4Address,
  type Ipv4Network,
  networkContains,
  UNSPECIFIED,
} from '../../lib/addresses.ts';
import { type DhcpMessage } from '../../protocols/dhcp/message.ts';
import { MessageType, Options } from '../../protocols/dhcp/options.ts';
import { relayAgentInformation } from '../../protocols/dhcp/relay-agent.ts';
import type { Subnet } from '../network/subnet.ts';
import { type Silence, silence } from './silence.ts';

/** Where the message came in. */
export interface Ingress {
  readonly interfaceName: string;
  readonly localAddress: Ipv4Address;
  readonly localNetwork: Ipv4Network;
}

/** What says on which link the client is, the surest first. */
interface LinkSign {
  readonly address: Ipv4Address;
  readonly name: string;
  /** Where no subnet has the address, the next sign may still tell the link. */
  readonly otherwise: 'silence' | 'next sign';
}

/**
 * The subnet of the client's link: what the relay says of it (RFC 3527), what the client says (RFC 3011), the
 * relay's own address, the address the client has, and at last the interface the message came in by.
 */
export function chooseSubnet(
  message: DhcpMessage,
  ingress: Ingress,
  subnets: readonly Subnet[],
): Subnet | Silence {
  for (const { address, name, otherwise } of linkSigns(message)) {
    const subnet = subnets.find(({ network }) => networkContains(network, address));
    if (subnet) return served(subnet);
    if (otherwise === 'silence')
      return silence(
        'noSubnet',
        `no subnet is configured for ${name} ${address}: muster subnet add makes one`,
      );
  }
  return subnetOfInterface(ingress, subnets);
}

/**
 * The same at port 4011, where clients have an address and come without their relay: by the address, which some do not
 * say, but send from.
 */
export function chooseSubnetOfAddress(
  message: DhcpMessage,
  ingress: Ingress & { readonly sourceAddress: Ipv4Address },
  subnets: readonly Subnet[],
): Subnet | Silence {
  const address = message.ciaddr === UNSPECIFIED ? ingress.sourceAddress : message.ciaddr;
  const subnet = subnets.find(({ network }) => networkContains(network, address));
  if (subnet) return served(subnet);
  if (networkContains(ingress.localNetwork, address)) return subnetOfInterface(ingress, subnets);
  return silence(
    'noSubnet',
    `no subnet is configured for the client address ${address}: muster subnet add makes one`,
  );
}

function subnetOfInterface(ingress: Ingress, subnets: readonly Subnet[]): Subnet | Silence {
  const local = subnets.find(({ network }) => networkContains(network, ingress.localAddress));
  if (local) return served(local);
  return silence(
    'noSubnet',
    `no subnet is configured for ${formatIpv4Network(ingress.localNetwork)} on ${ingress.interfaceName}: muster subnet add makes one`,
  );
}

function linkSigns(message: DhcpMessage): readonly LinkSign[] {
  const { linkSelection } = relayAgentInformation(message);
  const selected = message.options.get(Options.subnetSelection);
  const { giaddr } = message;
  return [
    ...(linkSelection ? [sign(linkSelection, 'link selection', 'silence')] : []),
    ...(selected === undefined ? [] : [sign(selected, 'subnet selection', 'silence')]),
    ...(giaddr === UNSPECIFIED ? [] : [sign(giaddr, 'the relay agent (giaddr)', 'silence')]),
    ...(tellsItsLink(message) ? [sign(message.ciaddr, 'the client address', 'next sign')] : []),
  ];
}

function sign(address: Ipv4Address, name: string, otherwise: LinkSign['otherwise']): LinkSign {
  return { address, name, otherwise };
}

/** A DHCPDISCOVER must have no ciaddr; some firmware leaves an old one in it. */
function tellsItsLink({ ciaddr, options }: DhcpMessage): boolean {
  return ciaddr !== UNSPECIFIED && options.get(Options.messageType) !== MessageType.DHCPDISCOVER;
}

function served(subnet: Subnet): Subnet | Silence {
  if (subnet.mode !== 'off') return subnet;
  return silence('noSubnet', `subnet ${subnet.name} (${formatIpv4Network(subnet.network)}) is off`);
}
