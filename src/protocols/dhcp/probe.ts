import {
  type Ipv4Address,
  LIMITED_BROADCAST,
  type MacAddress,
  macFromBytes,
  UNSPECIFIED,
} from '../../lib/addresses.ts';
import { ByteReader } from '../../lib/byte-reader.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import { type Libc, loadLibc, type NoLibc } from '../../os/libc.ts';
import { openPacketSocket } from '../../os/packet-socket.ts';
import { systemErrorCode } from '../../os/system-call-error.ts';
import { ETHERNET_BROADCAST } from '../../os/udp-frame.ts';
import { openDeviceSocket, openPlainSocket, type UdpSocket } from '../../os/udp-socket.ts';
import { decodeMessage, type DhcpMessage, encodeMessage, HTYPE_ETHERNET } from './message.ts';
import { DhcpOptionsBuilder, MessageType, Options } from './options.ts';
import { CLIENT_PORT, SERVER_PORT } from './where-to-send.ts';

/** Another DHCP server, as it showed itself in one DHCPOFFER. */
export interface FoundServer {
  /** Option 54, or where the offer came from when it has none. */
  readonly serverId: Ipv4Address;
  /** `0.0.0.0` from a proxyDHCP, which offers boot data alone. */
  readonly offeredAddress: Ipv4Address;
  /** `siaddr`, where it is set. */
  readonly nextServer?: Ipv4Address;
  /** The `file` field, or option 67. */
  readonly bootFile?: string;
}

export type Probe =
  | { readonly probed: true; readonly servers: readonly FoundServer[] }
  | { readonly probed: false; readonly because: string };

export interface ProbeOptions {
  readonly interfaceName: string;
  readonly interfaceIndex: number;
  readonly localAddress: Ipv4Address;
  /** The interface's own. */
  readonly mac?: MacAddress;
  readonly waitMs?: number;
  /** So many random bytes. */
  readonly random: (bytes: number) => Uint8Array;
  readonly libc?: Libc | NoLibc;
}

const DEFAULT_WAIT_MS = 2_000;
/** The question is put once more after this part of the time, since the first one may get lost. */
const ASK_AGAIN_AFTER = 0.4;
/** More servers than this on one segment are not told apart any more. */
const MOST_SERVERS = 64;

/**
 * Asks who else answers DHCPDISCOVER on the segment of an interface, as a machine that does not exist. It never asks
 * for what it is offered, so the other server forgets it. With a server of ours on the same interface, that one
 * knows the question for its own host's and keeps silent.
 */
export async function probeForServers(options: ProbeOptions): Promise<Probe> {
  const { libc = loadLibc() } = options;
  if (!('unavailable' in libc)) return probe(options, libc);
  const own = plainProbes.then(() => probe(options, libc));
  plainProbes = own.catch(() => undefined);
  return own;
}

/** Without the C library a probe has port 68 of every interface, so the next one waits for it. */
let plainProbes: Promise<unknown> = Promise.resolve();

async function probe(options: ProbeOptions, libc: Libc | NoLibc): Promise<Probe> {
  const { waitMs = DEFAULT_WAIT_MS, localAddress } = options;
  const discover = buildDiscover(options.random);
  const found = new Map<Ipv4Address, FoundServer>();
  const closers: (() => unknown)[] = [];
  try {
    const receiver = await openReceiver(options, libc);
    closers.push(() => receiver.close());
    receiver.onDatagram((bytes, from) => {
      const offer = readOffer(bytes, discover);
      if (offer === undefined || from.address === localAddress || found.size >= MOST_SERVERS) return;
      const server = describeServer(offer, from.address);
      found.set(server.serverId, server);
    });
    const ask = await openAsker(options, libc, closers);
    await ask(encodeMessage(discover));
    await wait(waitMs * ASK_AGAIN_AFTER);
    await ask(encodeMessage(discover));
    await wait(waitMs * (1 - ASK_AGAIN_AFTER));
    return { probed: true, servers: [...found.values()] };
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return { probed: false, because: (error as Error).message };
  } finally {
    await Promise.all(closers.map((close) => close()));
  }
}

function openReceiver({ interfaceName }: ProbeOptions, libc: Libc | NoLibc): Promise<UdpSocket> {
  const wish = { address: UNSPECIFIED, port: CLIENT_PORT, share: 'alone' } as const;
  return 'unavailable' in libc ? openPlainSocket(wish) : openDeviceSocket({ ...wish, libc, interfaceName });
}

/** From 0.0.0.0, as RFC 2131 §4.1 wants it of a client without an address; without that right, from our address. */
async function openAsker(
  { interfaceIndex, mac, localAddress }: ProbeOptions,
  libc: Libc | NoLibc,
  closers: (() => unknown)[],
): Promise<(bytes: Uint8Array) => unknown> {
  try {
    if (!('unavailable' in libc) && mac !== undefined) {
      const packets = openPacketSocket({ libc, interfaceIndex, mac, firstIdentification: 0 });
      closers.push(() => packets.close());
      return (payload) =>
        packets.send({
          destinationMac: ETHERNET_BROADCAST,
          sourceAddress: UNSPECIFIED,
          destinationAddress: LIMITED_BROADCAST,
          sourcePort: CLIENT_PORT,
          destinationPort: SERVER_PORT,
          payload,
        });
    }
  } catch (error) {
    if (systemErrorCode(error) !== 'EPERM') throw error;
  }
  const asker = await openPlainSocket({ address: localAddress, port: CLIENT_PORT, share: 'beside' });
  closers.push(() => asker.close());
  return (bytes) => asker.send(bytes, { address: LIMITED_BROADCAST, port: SERVER_PORT });
}

/** What a server needs to know to answer a machine with a full offer. */
const ASKED_FOR = [Options.subnetMask, Options.router, Options.serverName, Options.bootfileName];

function buildDiscover(random: (bytes: number) => Uint8Array): DhcpMessage {
  const chaddr = Uint8Array.from(random(6));
  // A locally administered address of one machine: bit 1 of the first octet set, bit 0 not (IEEE 802).
  chaddr[0] = ((chaddr[0] ?? 0) & 0xfc) | 0x02;
  return {
    op: 'BOOTREQUEST',
    htype: HTYPE_ETHERNET,
    hlen: chaddr.length,
    hops: 0,
    xid: new ByteReader(random(4)).uint32(),
    secs: 0,
    broadcast: true,
    ciaddr: UNSPECIFIED,
    yiaddr: UNSPECIFIED,
    siaddr: UNSPECIFIED,
    giaddr: UNSPECIFIED,
    chaddr,
    sname: '',
    file: '',
    options: new DhcpOptionsBuilder()
      .set(Options.messageType, MessageType.DHCPDISCOVER)
      .set(
        Options.parameterList,
        ASKED_FOR.map(({ code }) => code),
      )
      .build(),
  };
}

/** The message, if it is a DHCPOFFER for this question. */
function readOffer(bytes: Uint8Array, discover: DhcpMessage): DhcpMessage | undefined {
  try {
    const message = decodeMessage(bytes);
    const isOffer = message.options.get(Options.messageType) === MessageType.DHCPOFFER;
    const isOurs = message.xid === discover.xid && sameHardware(message, discover);
    return message.op === 'BOOTREPLY' && isOffer && isOurs ? message : undefined;
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

function sameHardware(one: DhcpMessage, other: DhcpMessage): boolean {
  return one.hlen === other.hlen && macFromBytes(one.chaddr) === macFromBytes(other.chaddr);
}

function describeServer(offer: DhcpMessage, source: Ipv4Address): FoundServer {
  const bootFile = offer.file || offer.options.get(Options.bootfileName);
  return {
    serverId: offer.options.get(Options.dhcpServerId) ?? source,
    offeredAddress: offer.yiaddr,
    ...(offer.siaddr === UNSPECIFIED ? {} : { nextServer: offer.siaddr }),
    ...(bootFile ? { bootFile } : {}),
  };
}

function wait(forMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, forMs));
}
