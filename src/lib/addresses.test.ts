import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  broadcastOf,
  formatIpv4Network,
  ipv6FromBytes,
  ipv4FromBytes,
  ipv4FromNumber,
  ipv4ToBytes,
  ipv4ToNumber,
  macFromBytes,
  macToBytes,
  netmaskOf,
  networkContains,
  networksOverlap,
  parseIpv4,
  parseIpv4Network,
  parseMac,
  parseUuid,
  swapUuidByteOrder,
  uuidFromWireBytes,
} from './addresses.ts';

test.each(['256.0.0.1', '1.2.3', '1.2.3.4.5', '01.2.3.4', '1.2.3.4 ', '', '1.2.3.-4', '0x1.2.3.4'])(
  'parseIpv4 refuses "%s" and says what it wants',
  (text) => expect(() => parseIpv4(text)).toThrow(/is not an IPv4 address: four numbers from 0 to 255/),
);

test('an IPv4 address is the same as text, number and bytes', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (bits) => {
      const address = ipv4FromNumber(bits);
      expect(ipv4ToNumber(parseIpv4(address))).toBe(bits);
      expect(ipv4FromBytes(ipv4ToBytes(address))).toBe(address);
    }),
  );
});

test.each([
  ['192.168.122.0/24', '255.255.255.0', '192.168.122.255'],
  ['10.0.0.0/8', '255.0.0.0', '10.255.255.255'],
  ['0.0.0.0/0', '0.0.0.0', '255.255.255.255'],
  ['10.1.2.3/32', '255.255.255.255', '10.1.2.3'],
  ['172.16.4.128/25', '255.255.255.128', '172.16.4.255'],
])('network %s has netmask %s and broadcast address %s', (text, netmask, broadcast) => {
  const network = parseIpv4Network(text);
  expect(formatIpv4Network(network)).toBe(text);
  expect(netmaskOf(network)).toBe(netmask);
  expect(broadcastOf(network)).toBe(broadcast);
});

test('a network with host bits is refused with the network that was meant', () => {
  expect(() => parseIpv4Network('192.168.122.7/24')).toThrow('the network of that size is 192.168.122.0/24');
});

test.each(['192.168.122.0', '192.168.122.0/33', '192.168.122.0/24/1', '192.168.122.0/-1', '/24'])(
  'parseIpv4Network refuses "%s"',
  (text) => {
    expect(() => parseIpv4Network(text)).toThrow(SyntaxError);
  },
);

test.each([
  ['10.0.0.0/8', '10.9.0.0/16', true],
  ['10.9.0.0/16', '10.0.0.0/8', true],
  ['10.0.0.0/24', '10.0.1.0/24', false],
])('networks %s and %s overlap: %s', (one, other, overlap) => {
  expect(networksOverlap(parseIpv4Network(one), parseIpv4Network(other))).toBe(overlap);
});

test('a network contains its own addresses only', () => {
  const network = parseIpv4Network('192.168.122.0/24');
  expect(networkContains(network, parseIpv4('192.168.122.255'))).toBe(true);
  expect(networkContains(network, parseIpv4('192.168.123.0'))).toBe(false);
});

test.each(['52:54:00:AB:CD:EF', '52-54-00-ab-cd-ef', '5254.00ab.cdef', '525400ABCDEF'])(
  'parseMac takes the form %s',
  (text) => {
    expect(parseMac(text)).toBe('52:54:00:ab:cd:ef');
    expect(macFromBytes(macToBytes(parseMac(text)))).toBe('52:54:00:ab:cd:ef');
  },
);

test.each(['52:54:00:ab:cd', '52:54-00:ab:cd:ef', '5254:00ab:cdef', 'zz:54:00:ab:cd:ef', ''])(
  'parseMac refuses "%s"',
  (text) => {
    expect(() => parseMac(text)).toThrow(/is not a MAC address/);
  },
);

for (const [groups, text] of [
  ['fe80 0000 0000 0000 5054 00ff fe12 3456', 'fe80::5054:ff:fe12:3456'],
  ['0000 0000 0000 0000 0000 0000 0000 0000', '::'],
  ['0000 0000 0000 0000 0000 0000 0000 0001', '::1'],
  ['ff02 0000 0000 0000 0000 0000 0000 0000', 'ff02::'],
  // RFC 5952 §4.2.2, §4.2.3: never one group alone, the longest run, the first of two.
  ['2001 0db8 0000 0001 0001 0001 0001 0001', '2001:db8:0:1:1:1:1:1'],
  ['2001 0000 0000 0001 0000 0000 0000 0001', '2001:0:0:1::1'],
  ['2001 0db8 0000 0000 0001 0000 0000 0001', '2001:db8::1:0:0:1'],
  ['0010 0000 0000 000a 00f0 0000 0000 0b00', '10::a:f0:0:0:b00'],
] as const) {
  test(`ipv6FromBytes writes ${text}`, () =>
    expect(ipv6FromBytes(Buffer.from(groups.replaceAll(' ', ''), 'hex'))).toBe(text));
}

test('the UUID of option 97 has its first three fields turned round (measured with QEMU -uuid)', () => {
  const wire = Uint8Array.from(Buffer.from('78563412bc9af0de1122334455667788', 'hex'));
  const uuid = uuidFromWireBytes(wire);
  expect(uuid).toBe('12345678-9abc-def0-1122-334455667788');
  expect(swapUuidByteOrder(uuid)).toBe('78563412-bc9a-f0de-1122-334455667788');
});

test('parseUuid makes one form of many', () => {
  expect(parseUuid('12345678-9ABC-DEF0-1122-334455667788')).toBe('12345678-9abc-def0-1122-334455667788');
  expect(() => parseUuid('12345678')).toThrow('8-4-4-4-12 hex digits');
});
