import type { SeededRandom } from '../../bench/seeded-random.ts';
import { parseIpv4, parseMac } from '../../src/lib/addresses.ts';
import { encodeUdpFrame } from '../../src/os/udp-frame.ts';
import { GOLDEN_PACKETS } from '../../src/protocols/dhcp/suite/packets.ts';
import { OPTIONS_OFFSET } from '../../src/protocols/dhcp/message.ts';
import { encodePacket } from '../../src/protocols/dhcpv6/message.ts';
import { edk2Asks, ipxeAsks, relayLayer, systemAsks } from '../../src/protocols/dhcpv6/suite/packets.ts';
import { frameOf, PREFIX, routerFrame } from '../../src/protocols/neighbor-discovery/suite/router-frames.ts';

/** What a hostile network could send, made from random numbers: real packets that were changed, and made ones. */

const MAX_NOISE_BYTES = 700;
const MAX_OPTION_BYTES = 300;
/** `sname` and `file`, which option 52 turns into options. */
const SNAME_OFFSET = 44;
const COOKIE_BYTES = 4;

/** Changes, cuts and lengthens a packet at random. */
export function mutated(bytes: Uint8Array, random: SeededRandom): Uint8Array {
  const changed = bytes.slice();
  for (let left = random.below(8); left > 0; left -= 1) {
    const at = random.below(changed.length);
    // Values at the edges of what fits do more harm than others.
    changed[at] = random.pick([0, 1, 0x7f, 0x80, 0xff, random.below(256)]);
  }
  switch (random.below(6)) {
    case 0:
      return changed.subarray(0, random.below(changed.length + 1));
    case 1:
      return Buffer.concat([changed, random.bytes(random.below(64))]);
    default:
      return changed;
  }
}

export function dhcpBytes(random: SeededRandom): Uint8Array {
  const kind = random.below(10);
  const golden = random.pick(GOLDEN_PACKETS)?.bytes ?? new Uint8Array(0);
  if (kind === 0) return random.bytes(random.below(MAX_NOISE_BYTES));
  if (kind < 5) return mutated(golden, random);
  const packet = Buffer.concat([golden.subarray(0, OPTIONS_OFFSET), optionBytes(random)]);
  if (kind === 9) {
    packet.set(random.bytes(OPTIONS_OFFSET - COOKIE_BYTES - SNAME_OFFSET), SNAME_OFFSET);
    packet.set([52, 1, 1 + random.below(3)].slice(0, packet.length - OPTIONS_OFFSET), OPTIONS_OFFSET);
  }
  return kind === 8 ? mutated(packet, random) : packet;
}

const DHCPV6_PACKETS = [
  edk2Asks('pxe'),
  edk2Asks('http', { relays: [relayLayer(), relayLayer()] }),
  ipxeAsks('INFORMATION-REQUEST'),
  systemAsks('SOLICIT'),
].map(encodePacket);

/** Messages of DHCPv6: noise, changed ones, and made ones whose options have mostly true lengths. */
export function dhcpv6Bytes(random: SeededRandom): Uint8Array {
  if (random.chance(0.1)) return random.bytes(random.below(MAX_NOISE_BYTES));
  const packet = random.pick(DHCPV6_PACKETS) ?? new Uint8Array(0);
  if (random.chance(0.5)) return mutated(packet, random);
  const options: Uint8Array[] = [];
  for (let left = random.below(10); left > 0; left -= 1) {
    const value = random.chance(0.5)
      ? random.bytes(random.below(40))
      : Buffer.from(text(random)).subarray(0, 255);
    const length = random.chance(0.95) ? value.length : random.below(256);
    options.push(Uint8Array.of(0, random.below(140), 0, length), value);
  }
  return Buffer.concat([Uint8Array.of(random.below(14), 1, 2, 3), ...options]);
}

/** Options, or sub-options: a code, a length that is mostly true, and noise or text. */
export function optionBytes(random: SeededRandom): Uint8Array {
  const bytes: number[] = [];
  for (let left = random.below(12); left > 0 && bytes.length < MAX_OPTION_BYTES; left -= 1) {
    const value = random.chance(0.5) ? random.bytes(random.below(40)) : Buffer.from(text(random));
    const length = random.chance(0.95) ? value.length : random.below(256);
    bytes.push(random.below(256), length & 0xff, ...value.subarray(0, 255));
  }
  if (random.chance(0.8)) bytes.push(255);
  return Uint8Array.from(bytes);
}

/** Words that mean something somewhere, so that what stands behind a comparison is reached. */
const WORDS = [
  ['PXEClient', 'HTTPClient', ':Arch:00007', ':UNDI:003016', 'iPXE', 'U-Boot.', 'd-i', 'MSFT 5.0'],
  ['octet', 'netascii', 'mail', 'OCTET', 'blksize', 'BLKSIZE', 'windowsize', 'tsize', 'timeout', 'rollover'],
  ['0', '1', '8', '512', '1428', '65464', '65465', '4294967295', '99999999999999999999', '-1', '1e3', ' '],
  ['/', '\\', '.', '..', '../', '/../', '%2e%2e', '%2f', '%00', '%', '%zz', '%c3%a4', '%ff', '?', '#', '+'],
  [
    'pxelinux.0',
    'pxelinux.cfg/',
    '01-52-54-00-12-34-56',
    'C0A87A64',
    'http://host',
    'boot',
    'a',
    'ä',
    '\u{1f4be}',
  ],
  ['bytes', '=', '-', ',', 'bytes=0-', 'bytes=-5', '"', 'W/', '*', 'Sat, 03 Feb 2024 04:05:06 GMT'],
  ['\n', '\r', '\t', '\u007f', '\ufffd', '${', '`', "'"],
].flat();
const MAX_WORDS = 6;
const LONG_TEXT = 5000;

export function text(random: SeededRandom): string {
  if (random.chance(0.002)) return (random.pick(WORDS) ?? '').repeat(random.below(LONG_TEXT));
  return Array.from({ length: random.below(MAX_WORDS + 1) }, () => random.pick(WORDS) ?? '').join('');
}

export function tftpBytes(random: SeededRandom): Uint8Array {
  if (random.chance(0.1)) return random.bytes(random.below(MAX_NOISE_BYTES));
  const opcode = random.chance(0.6) ? 1 : random.below(9);
  const parts = Array.from({ length: random.below(random.chance(0.02) ? 100 : 9) }, () => text(random));
  const tail = random.chance(0.8) ? '\0' : '';
  const packet = Buffer.concat([Buffer.from([0, opcode]), Buffer.from(`${parts.join('\0')}${tail}`)]);
  return random.chance(0.2) ? mutated(packet, random) : packet;
}

/** One character a byte, as Node gives a request's target and headers. */
export function headerText(random: SeededRandom): string {
  return Buffer.from(text(random)).toString('latin1');
}

const FRAME = encodeUdpFrame({
  destinationMac: parseMac('52:54:00:00:00:01'),
  sourceMac: parseMac('52:54:00:00:00:02'),
  sourceAddress: parseIpv4('192.168.122.1'),
  destinationAddress: parseIpv4('192.168.122.100'),
  sourcePort: 67,
  destinationPort: 68,
  identification: 1,
  payload: Uint8Array.of(1, 2, 3, 4, 5),
});

export function frameBytes(random: SeededRandom): Uint8Array {
  return random.chance(0.2) ? random.bytes(random.below(120)) : mutated(FRAME, random);
}

/** Router messages: noise, changed ones whose checksum is mostly wrong, and made ones whose checksum is right. */
export function routerBytes(random: SeededRandom): Uint8Array {
  if (random.chance(0.1)) return random.bytes(random.below(120));
  if (random.chance(0.3)) return mutated(routerFrame({ options: PREFIX }), random);
  const type = random.pick(['85', '86', '86', '87']);
  const noise = random.chance(0.5) ? PREFIX : Buffer.from(random.bytes(random.below(64))).toString('hex');
  const source = random.pick(['fe80::1', 'fe80::1', '::', '2001:db8::1']);
  return frameOf({ source, body: `${type}000000${type === '85' ? '' : '4000070800000000'}00000000${noise}` });
}
