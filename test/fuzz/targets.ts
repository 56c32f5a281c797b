/** Everything that takes bytes or text from a network, each fed with generated ones and held to what it promises. */
import type { SeededRandom } from '../../bench/seeded-random.ts';
import { readClient, sightOf } from '../../src/core/dhcp/read-client.ts';
import { readDhcpv6Client } from '../../src/core/dhcpv6/read-client.ts';
import { readClaims } from '../../src/core/machines/claims-query.ts';
import { parseIpv6 } from '../../src/lib/ipv6-address.ts';
import { MAX_MACHINE_TEXT_LENGTH } from '../../src/lib/machine-texts.ts';
import { decodeUdpFrame } from '../../src/os/udp-frame.ts';
import { decodeMessage, type DhcpMessage, encodeMessage } from '../../src/protocols/dhcp/message.ts';
import { Options } from '../../src/protocols/dhcp/options.ts';
import {
  decodeBootClass,
  decodeMachineUuid,
  decodeNetworkInterfaceType,
  decodePxeSubOptions,
  readBootItem,
} from '../../src/protocols/dhcp/pxe.ts';
import { relayAgentInformation } from '../../src/protocols/dhcp/relay-agent.ts';
import {
  decodePacket as decodeDhcpv6,
  encodePacket as encodeDhcpv6,
} from '../../src/protocols/dhcpv6/message.ts';
import { checkConditions, makeEtag, rangeCounts } from '../../src/protocols/http/conditions.ts';
import { chooseRange } from '../../src/protocols/http/range.ts';
import { parseRequestPath } from '../../src/protocols/http/request-path.ts';
import { MAX_QUERY_FIELDS, parseQuery } from '../../src/protocols/http/request-query.ts';
import { decodeRouterMessage } from '../../src/protocols/neighbor-discovery/router-message.ts';
import { safeFileName } from '../../src/protocols/tftp/file-name.ts';
import { DEFAULT_OPTION_LIMITS, negotiate } from '../../src/protocols/tftp/options.ts';
import { decodePacket, encodePacket } from '../../src/protocols/tftp/packet.ts';
import {
  dhcpBytes,
  dhcpv6Bytes,
  frameBytes,
  headerText,
  optionBytes,
  routerBytes,
  text,
  tftpBytes,
} from './generated-bytes.ts';
import { feedFtpCommand, feedNfsCall, feedRequestHead } from './file-doors.ts';
import { must } from './must.ts';
import { feedSyslogMessage, feedSyslogStream } from './syslog-targets.ts';
import { runTransfer } from './transfer-session.ts';
import { runUpload } from './upload-session.ts';

/** Feeds one packet. Throws DecodeError, SyntaxError or RangeError for what is refused; anything else is a fault. */
export type FuzzTarget = (random: SeededRandom) => void | Promise<void>;

export const TARGETS = {
  'DHCP message': feedDhcpMessage,
  'DHCP options for PXE': feedPxe,
  'DHCPv6 message': feedDhcpv6,
  'TFTP packet': feedTftpPacket,
  'TFTP file name': feedFileName,
  'TFTP transfer': runTransfer,
  'TFTP upload': runUpload,
  'HTTP path': feedPath,
  'HTTP query': feedQuery,
  'HTTP range and conditions': feedRange,
  'HTTP request head': feedRequestHead,
  'FTP command': feedFtpCommand,
  'NFS call': feedNfsCall,
  'Syslog message': feedSyslogMessage,
  'Syslog stream': feedSyslogStream,
  'UDP frame': (random) => void decodeUdpFrame(frameBytes(random)),
  'Router message': (random) => void decodeRouterMessage(routerBytes(random)),
} as const satisfies Record<string, FuzzTarget>;

function feedDhcpMessage(random: SeededRandom): void {
  const message = decodeMessage(dhcpBytes(random));
  for (const row of Object.values(Options)) message.options.get<unknown>(row);
  const client = readClient(message);
  if (!('silent' in client)) sightOf(client, message);
  relayAgentInformation(message);
  const again = decodeMessage(encodeMessage(message));
  const [one, other] = [message, again].map(plainly);
  must(one === other, 'what was decoded is the same when it was encoded and decoded again');
}

const LINK_LOCAL = parseIpv6('fe80::5054:ff:fe12:3456');

function feedDhcpv6(random: SeededRandom): void {
  const packet = decodeDhcpv6(dhcpv6Bytes(random));
  readDhcpv6Client(packet, LINK_LOCAL);
  const once = encodeDhcpv6(packet);
  const twice = encodeDhcpv6(decodeDhcpv6(once));
  must(
    Buffer.compare(once, twice) === 0,
    'what was decoded is the same when it was encoded and decoded again',
  );
}

/** Comparable, whether its bytes came in a Buffer or not. */
function plainly({ options, chaddr, ...header }: DhcpMessage): string {
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
  return JSON.stringify([
    header,
    hex(chaddr),
    Array.from(options.entries(), ([code, value]) => [code, hex(value)]),
  ]);
}

function feedPxe(random: SeededRandom): void {
  decodeBootClass(text(random));
  decodeMachineUuid(random.bytes(random.below(20)));
  if (random.chance(0.1)) decodeNetworkInterfaceType(random.bytes(random.below(5)));
  const item = readBootItem(optionBytes(random));
  must(item === undefined || item.length === 4, 'a boot item has four bytes');
  decodePxeSubOptions(optionBytes(random));
}

function feedTftpPacket(random: SeededRandom): void {
  const packet = decodePacket(tftpBytes(random));
  if (packet.op === 'RRQ' || packet.op === 'WRQ') {
    const mode = random.chance(0.5) ? 'octet' : 'netascii';
    const { shape } = negotiate(packet.options, { mode, totalBytes: random.below(2 ** 31) });
    const { mtu, maxWindowBlocks } = DEFAULT_OPTION_LIMITS;
    must(shape.blockBytes >= 8 && shape.blockBytes < mtu, 'a block fits in a packet');
    must(shape.windowBlocks >= 1 && shape.windowBlocks <= maxWindowBlocks, 'a window has a limit');
    feedName(packet.fileName, random);
  }
  decodePacket(encodePacket(packet));
}

function feedFileName(random: SeededRandom): void {
  feedName(text(random), random);
}

function feedName(name: string, random: SeededRandom): void {
  const answer = safeFileName(name, random.chance(0.5) ? '/srv/tftp' : undefined);
  if (!answer.safe) throw new SyntaxError(answer.because);
  const parts = answer.path.split('/');
  must(!parts.some((part) => part === '' || part === '.' || part === '..'), 'a path stays below its root');
  must(!/[\p{Cc}\\]/u.test(answer.path), 'a path holds no control character and no backslash');
}

function feedPath(random: SeededRandom): void {
  const { parts } = parseRequestPath(`${random.chance(0.9) ? '/' : ''}${headerText(random)}`);
  must(
    !parts.some((part) => part === '' || part === '.' || part === '..' || /[/\0]/.test(part)),
    'parts are names',
  );
}

function feedQuery(random: SeededRandom): void {
  const field = random.pick(['uuid', 'serial', 'asset', headerText(random)]);
  const fields = parseQuery(`/boot/boot.ipxe?${field}=${headerText(random)}&${headerText(random)}`);
  must(fields.size <= MAX_QUERY_FIELDS, 'fields have a limit');
  const { uuids = [], serial, assetTag } = readClaims(fields) ?? {};
  const texts = [serial, assetTag].filter((said) => said !== undefined);
  if (texts.length + uuids.length === 0) throw new SyntaxError('nothing is said that can be read');
  must(
    texts.every((said) => /^[ -~]+$/.test(said) && said.length <= MAX_MACHINE_TEXT_LENGTH),
    'what is said is a short line of ASCII',
  );
}

function feedRange(random: SeededRandom): void {
  const size = random.pick([0, 1, random.below(2 ** 31)]);
  const header = random.chance(0.5) ? `bytes=${random.below(100)}-${random.below(200)}` : headerText(random);
  const choice = chooseRange(header, size);
  if (choice.send === 'part')
    must(choice.first <= choice.last && choice.last < size, 'a range lies in the file');
  const modifiedMs = random.below(2 ** 31) * 1000;
  const validators = {
    etag: makeEtag(size, modifiedMs),
    modifiedMs,
    lastModified: new Date(modifiedMs).toUTCString(),
  };
  const maybe = (): string | undefined => (random.chance(0.5) ? headerText(random) : undefined);
  rangeCounts(maybe(), validators);
  const [ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince] = [maybe(), maybe(), maybe(), maybe()];
  checkConditions({ ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince }, validators);
  if (choice.send === 'nothing') throw new RangeError(choice.because);
}
