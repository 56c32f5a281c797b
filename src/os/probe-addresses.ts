import { setTimeout as sleep } from 'node:timers/promises';
import type { Ipv4Address, MacAddress } from '../lib/addresses.ts';
import { DecodeError } from '../lib/decode-error.ts';
import { decodeArpSender, encodeArpProbe, ETHERTYPE_ARP } from './arp-packet.ts';
import { closeElsewhere } from './close-elsewhere.ts';
import { decodeEchoReply, encodeEchoRequest } from './icmp-echo.ts';
import type { Libc } from './libc.ts';
import { ALL_FRAMES, framesOf } from './own-frames.ts';
import { ETHERNET_BROADCAST } from './udp-frame.ts';

/** An interface on whose link the addresses are. */
export interface ProbedLink {
  readonly interfaceIndex: number;
  readonly mac: MacAddress;
}

export interface ProbeWish {
  readonly libc: Libc;
  readonly addresses: readonly Ipv4Address[];
  /** Absent where they are behind a router: then they are asked by ICMP echo, as the routes say. */
  readonly link?: ProbedLink;
  /** 0 to 65535, to tell the answers from those of others. */
  readonly identification: number;
}

/** Each address is asked so often, since a packet may get lost (RFC 5227 §2.1.1 has three). */
const ROUNDS = 2;
/** For the answers after each round, in milliseconds; a machine on a link answers in a few. */
const ROUND_MS = 400;
/** Between two looks at what came. */
const LOOK_MS = 100;
/** Packets read at one look at most, so that a flood of ARP keeps nobody waiting. */
const MAX_PACKETS = 1024;
const BUFFER_BYTES = 2048;

/**
 * Asks whether anybody has these addresses: ARP on a link of ours, ICMP echo elsewhere.
 *
 * @returns who answers, by address: a MAC address, or `ICMP echo`.
 * @throws SystemCallError with EPERM where CAP_NET_RAW is missing.
 */
export async function probeAddresses(wish: ProbeWish): Promise<ReadonlyMap<Ipv4Address, string>> {
  const { libc, link } = wish;
  const fd = libc.socket(link ? 'packet' : 'icmp');
  try {
    if (link) hearArp(libc, fd, link);
    const asked = new Set(wish.addresses);
    const answered = new Map<Ipv4Address, string>();
    for (let round = 0; round < ROUNDS; round += 1) {
      ask(wish, fd, answered, round);
      for (let waitedMs = 0; waitedMs < ROUND_MS; waitedMs += LOOK_MS) {
        await sleep(LOOK_MS);
        for (const [address, who] of read(wish, fd)) if (asked.has(address)) answered.set(address, who);
      }
    }
    return answered;
  } finally {
    await closeElsewhere(fd);
  }
}

/** Of the link alone: the same address may be another machine's in a virtual LAN on the same cable. */
function hearArp(libc: Libc, fd: number, { interfaceIndex }: ProbedLink): void {
  libc.attachFilter(fd, [...framesOf(interfaceIndex), ALL_FRAMES]);
  libc.bindFrames(fd, interfaceIndex, ETHERTYPE_ARP);
}

function ask(
  { libc, link, addresses, identification }: ProbeWish,
  fd: number,
  answered: ReadonlyMap<Ipv4Address, string>,
  round: number,
): void {
  for (const address of addresses) {
    if (answered.has(address)) continue;
    if (link) libc.sendFrame(fd, link.interfaceIndex, ETHERNET_BROADCAST, encodeArpProbe(link.mac, address));
    else sendEcho(libc, fd, address, encodeEchoRequest(identification, round));
  }
}

/** An address that no route leads to is one nobody answers from. */
function sendEcho(libc: Libc, fd: number, address: Ipv4Address, message: Uint8Array): void {
  try {
    libc.sendIcmp(fd, address, message);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && UNREACHABLE.has(String(error.code)))) throw error;
  }
}

const UNREACHABLE: ReadonlySet<string> = new Set(['ENETUNREACH', 'EHOSTUNREACH', 'EAGAIN', 'ENOBUFS']);

function* read(
  { libc, link, identification }: ProbeWish,
  fd: number,
): Generator<readonly [Ipv4Address, string]> {
  const buffer = new Uint8Array(BUFFER_BYTES);
  for (let packets = 0; packets < MAX_PACKETS; packets += 1) {
    const packet = libc.receive(fd, buffer);
    if (packet === undefined) return;
    try {
      if (link) {
        const { mac, address } = decodeArpSender(packet);
        // A packet socket hears what it sends itself, too.
        if (mac !== link.mac) yield [address, mac];
      } else {
        const reply = decodeEchoReply(packet);
        if (reply.identification === identification) yield [reply.address, 'ICMP echo'];
      }
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
    }
  }
}
