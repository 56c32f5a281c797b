import { type Ipv4Address, UNSPECIFIED } from '../../lib/addresses.ts';
import { type DhcpMessage } from '../../protocols/dhcp/message.ts';
import { DhcpOptions, MessageType, Options } from '../../protocols/dhcp/options.ts';
import {
  decodeBootClass,
  encodePxeSubOptions,
  fetchTheFile,
  menuOfOne,
  PxeSubOption,
  readBootItem,
  SERVER_CLASS,
} from '../../protocols/dhcp/pxe.ts';
import type { DhcpBootStep } from '../boot/next-step.ts';
import type { ProxyStyle } from './proxy-style.ts';
import { bootFields, readsPastItsEnd, replyTo } from './reply-message.ts';
import { ReplyOptions } from './reply-options.ts';
import type { Silence } from './silence.ts';

/** What a proxyDHCP reply says; the address comes from another server (PXE 2.1 §2.2.2). */
export interface ProxyContents {
  readonly request: DhcpMessage;
  /**
   * This server: option 54, also where a relay wants its own address there (RFC 5107). Nobody renews a lease here, and the
   * answer of port 4011 goes past the relay: iPXE takes none whose option 54 is not that of the offer.
   */
  readonly server: Ipv4Address;
  /** Where boot files are loaded from: siaddr, sname and option 66 of what names the file. */
  readonly bootServer: Ipv4Address;
  readonly step: DhcpBootStep & { readonly give: 'boot file' };
  readonly style: ProxyStyle;
}

/** On port 67, beside the offer of the server that gives the address. It never gives one itself. */
export function buildProxyOffer(contents: ProxyContents): DhcpMessage | Silence {
  const { server, bootServer, style } = contents;
  // Who is to ask port 4011 does so at siaddr (EDK2) or at option 54.
  const reply = build(
    'DHCPOFFER',
    contents,
    style === 'direct' ? bootServer : server,
    offerOptions(contents),
  );
  // The client has no address yet, and none is told here, so nobody can be reached but all.
  return 'silent' in reply ? reply : { ...reply, broadcast: true };
}

/** On port 4011, to a client that has its address. */
export function buildBootServerAck(contents: ProxyContents): DhcpMessage | Silence {
  const reply = build('DHCPACK', contents, contents.bootServer, ackOptions(contents));
  return 'silent' in reply ? reply : { ...reply, ciaddr: contents.request.ciaddr };
}

type PxeOptions = ReadonlyMap<number, Uint8Array> | undefined;

function build(
  type: 'DHCPOFFER' | 'DHCPACK',
  { request, server, step }: ProxyContents,
  nextServer: Ipv4Address,
  pxe: PxeOptions,
): DhcpMessage | Silence {
  const options = new ReplyOptions(request.options);
  options.must(Options.messageType, MessageType[type]);
  options.must(Options.dhcpServerId, server);
  const isHttpBoot = step.answersHttpBoot === true;
  options.must(Options.classId, isHttpBoot ? SERVER_CLASS.HTTP : SERVER_CLASS.PXE);
  if (!isHttpBoot && pxe !== undefined) options.must(Options.vendorSpecific, encodePxeSubOptions(pxe));
  const end = readsPastItsEnd(request) ? '\0' : '';
  options.must(Options.serverName, `${nextServer}${end}`);
  options.must(Options.bootfileName, `${step.file}${end}`);
  options.echo(Options.uuid);
  options.echo(Options.clientId);
  options.echo(Options.subnetSelection);
  options.echo(Options.relayAgent);
  const built = options.build();
  if (!(built instanceof DhcpOptions)) return built;
  return replyTo(request, {
    ciaddr: UNSPECIFIED,
    yiaddr: UNSPECIFIED,
    ...bootFields(nextServer, step),
    options: built,
  });
}

/** Undefined where none are sent: then the client asks port 4011. */
function offerOptions({ server, style }: ProxyContents): PxeOptions {
  switch (style) {
    case 'direct':
      return fetchTheFile();
    case 'menu':
      return menuOfOne(server);
    case 'ask again':
      return undefined;
    default:
      return style satisfies never;
  }
}

/** A boot item that was asked for is told back; option 43 of clients that are not PXE means something else. */
function ackOptions({ request, style }: ProxyContents): PxeOptions {
  const { options } = request;
  const isPxe = decodeBootClass(options.get(Options.classId) ?? '')?.firmware === 'PXE';
  const item = isPxe ? readBootItem(options.raw(Options.vendorSpecific.code)) : undefined;
  if (item !== undefined) return new Map([[PxeSubOption.bootItem, item]]);
  return style === 'ask again' ? undefined : fetchTheFile();
}
