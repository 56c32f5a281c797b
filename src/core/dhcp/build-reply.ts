import { type Ipv4Address, UNSPECIFIED } from '../../lib/addresses.ts';
import { type DhcpMessage, MIN_MESSAGE_BYTES } from '../../protocols/dhcp/message.ts';
import { DhcpOptions, MessageType, Options } from '../../protocols/dhcp/options.ts';
import { NO_PROXY_TO_WAIT_FOR } from '../../protocols/dhcp/ipxe.ts';
import { raspberryPiOptions, SERVER_CLASS } from '../../protocols/dhcp/pxe.ts';
import type { DhcpBootStep } from '../boot/next-step.ts';
import type { Subnet } from '../network/subnet.ts';
import type { LeaseTimes } from './lease-time.ts';
import { bootFields, NO_FIELDS, readsPastItsEnd, replyTo } from './reply-message.ts';
import { ReplyOptions } from './reply-options.ts';
import { type Silence, silence } from './silence.ts';
import { subnetSettings } from './subnet-settings.ts';

/** What goes into a reply, whichever it is. */
export interface ReplyContents {
  readonly request: DhcpMessage;
  readonly subnet: Subnet;
  /** Option 54. */
  readonly serverId: Ipv4Address;
  /** Where boot files are loaded from: siaddr, sname and option 66. */
  readonly bootServer: Ipv4Address;
  readonly step: DhcpBootStep;
  /** Option 12: the name the machine has here. */
  readonly hostname?: string | undefined;
}

export interface GrantedLease {
  readonly address: Ipv4Address;
  readonly times: LeaseTimes;
}

/** Where the text of a refusal is cut. */
const MAX_MESSAGE_LETTERS = 200;

/** DHCPOFFER and DHCPACK of a lease; they differ in their type, and in that an ACK keeps the address in use. */
export function buildLeaseReply(
  type: 'DHCPOFFER' | 'DHCPACK',
  lease: GrantedLease,
  contents: ReplyContents,
): DhcpMessage | Silence {
  const { request } = contents;
  const { leaseSeconds, renewalSeconds, rebindingSeconds } = lease.times;
  const options = new ReplyOptions(request.options);
  options.must(Options.messageType, MessageType[type]);
  options.must(Options.dhcpServerId, contents.serverId);
  options.must(Options.addressTime, leaseSeconds);
  // Some ROMs and print servers want both, and an OFFER and its ACK must say the same.
  if (renewalSeconds !== undefined) options.must(Options.renewalTime, renewalSeconds);
  if (rebindingSeconds !== undefined) options.must(Options.rebindingTime, rebindingSeconds);
  const isRapid = type === 'DHCPACK' && isDiscover(request);
  // RFC 4039 §3.1: by it the client knows that the DHCPACK needs no DHCPREQUEST.
  if (isRapid) options.must(Options.rapidCommit, true);
  addSettings(options, contents);
  const keepsAddress = type === 'DHCPACK' && !isRapid && !request.options.has(Options.dhcpServerId);
  return reply(contents, options, {
    ciaddr: keepsAddress ? request.ciaddr : UNSPECIFIED,
    yiaddr: lease.address,
  });
}

/** The client asks for its lease at once (RFC 4039); only a DHCPDISCOVER can. */
export function asksForRapidCommit(request: DhcpMessage): boolean {
  return isDiscover(request) && request.options.has(Options.rapidCommit);
}

function isDiscover({ options }: DhcpMessage): boolean {
  return options.get(Options.messageType) === MessageType.DHCPDISCOVER;
}

/**
 * A reply to a BOOTP client: no option of DHCP's own, and no longer than the 300 bytes that a BOOTP message has
 * (RFC 1534 §2, RFC 951); what of the settings does not fit is left out.
 */
export function buildBootpReply(address: Ipv4Address, contents: ReplyContents): DhcpMessage | Silence {
  const { request } = contents;
  const options = new ReplyOptions(request.options, MIN_MESSAGE_BYTES);
  addSettings(options, contents);
  return reply(contents, options, { ciaddr: request.ciaddr, yiaddr: address });
}

/**
 * DHCPACK for a client that has its address from elsewhere: settings, and no lease (RFC 2131 §4.3.5).
 *
 * @param source where the datagram came from: some clients leave ciaddr empty.
 */
export function buildInformReply(contents: ReplyContents, source: Ipv4Address): DhcpMessage | Silence {
  const { request } = contents;
  const isRelayed = request.giaddr !== UNSPECIFIED;
  const ciaddr = request.ciaddr === UNSPECIFIED && !isRelayed ? source : request.ciaddr;
  if (ciaddr === UNSPECIFIED && !isRelayed)
    return silence('malformed', 'the client asks for settings only, and tells no address to send them to');
  const options = new ReplyOptions(request.options);
  options.must(Options.messageType, MessageType.DHCPACK);
  options.must(Options.dhcpServerId, contents.serverId);
  addSettings(options, contents);
  return reply(contents, options, { ciaddr, yiaddr: UNSPECIFIED });
}

/** DHCPNAK: nothing but who says so, why, and what is sent back (RFC 2131 table 3). */
export function buildNak(
  request: DhcpMessage,
  serverId: Ipv4Address,
  because: string,
): DhcpMessage | Silence {
  const options = new ReplyOptions(request.options);
  options.must(Options.messageType, MessageType.DHCPNAK);
  options.must(Options.dhcpServerId, serverId);
  options.may(Options.dhcpMessage, because.slice(0, MAX_MESSAGE_LETTERS));
  options.echo(Options.clientId);
  options.echo(Options.relayAgent);
  const built = options.build();
  if (!(built instanceof DhcpOptions)) return built;
  // The client's address is wrong, so the relay can reach it by broadcast only (RFC 2131 §4.3.2).
  const broadcast = request.broadcast || request.giaddr !== UNSPECIFIED;
  return { ...replyTo(request, { ...NO_FIELDS, options: built }), broadcast };
}

/**
 * The options besides type and times, in the order ROMs are known to read. Netmask and router are sent unasked,
 * since the Raspberry Pi 3 forgets to ask and EDK2 declines a lease without netmask; so are boot data, in the
 * header as well as in 66 and 67, since each loader reads only one of the two places.
 */
function addSettings(
  options: ReplyOptions,
  { request, subnet, bootServer, step, hostname }: ReplyContents,
): void {
  const { named, domainName, extra } = subnetSettings(subnet);
  for (const setting of named) options.setting(setting);
  if (hostname !== undefined) options.asked(Options.hostname, hostname);
  if (domainName) options.setting(domainName);
  // A BOOTP client finds both in the header, and has little room for options.
  if (step.give === 'boot file' && request.options.has(Options.messageType)) {
    const end = readsPastItsEnd(request) ? '\0' : '';
    if (step.answersHttpBoot === true) options.must(Options.classId, SERVER_CLASS.HTTP);
    options.must(Options.serverName, `${bootServer}${end}`);
    options.must(Options.bootfileName, `${step.file}${end}`);
    if (request.options.has(Options.etherboot)) options.may(Options.etherboot, NO_PROXY_TO_WAIT_FOR);
  }
  if (step.give === 'Raspberry Pi boot') {
    options.must(Options.classId, SERVER_CLASS.PXE);
    options.must(Options.vendorSpecific, raspberryPiOptions());
    options.must(Options.serverName, bootServer);
  }
  options.echo(Options.uuid);
  options.echo(Options.clientId);
  for (const setting of extra) options.setting(setting);
  options.echo(Options.subnetSelection);
  options.echo(Options.relayAgent);
}

function reply(
  contents: ReplyContents,
  options: ReplyOptions,
  addresses: { readonly ciaddr: Ipv4Address; readonly yiaddr: Ipv4Address },
): DhcpMessage | Silence {
  const { request, bootServer, step } = contents;
  const built = options.build();
  if (!(built instanceof DhcpOptions)) return built;
  return replyTo(request, { ...addresses, ...bootFields(bootServer, step), options: built });
}
