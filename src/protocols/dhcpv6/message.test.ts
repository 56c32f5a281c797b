import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseIpv6 } from '../../lib/ipv6-address.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import { decodePacket, type Dhcpv6Packet, encodePacket, MAX_RELAYS, MessageType } from './message.ts';
import { optionOf, Options } from './options.ts';
import { edk2Asks, packetOf, relayLayer, relayTells, CARD } from './suite/packets.ts';

const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'));
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** By hand from RFC 8415 and RFC 5970, with what EDK2 puts into its SOLICIT for HTTP Boot. */
const SOLICIT = `
  01 123456
  0001 000e 0001 0001 2c5d6f00 525400123456
  0003 000c 0a0b0c0d 00000e10 00001518
  0006 0008 003b 003c 0017 0010
  003e 0003 01 03 00
  003d 0002 0010
  0010 0027 00000157 0021 ${Buffer.from('HTTPClient:Arch:00016:UNDI:003000').toString('hex')}
  0008 0002 0064`;

test('a SOLICIT of firmware is read, option by option', () => {
  const { message, relays } = decodePacket(bytesOf(SOLICIT));
  expect(relays).toEqual([]);
  expect(message).toMatchObject({ type: 'SOLICIT', transactionId: 0x123456 });
  const { options } = message;
  expect(hexOf(options.get(Options.clientId)!)).toBe('000100012c5d6f00525400123456');
  expect(options.all(Options.association)).toEqual([
    { iaid: 0x0a0b0c0d, t1Seconds: 3600, t2Seconds: 5400, addresses: [], status: undefined },
  ]);
  expect(options.get(Options.optionRequest)).toEqual([59, 60, 23, 16]);
  expect(options.get(Options.networkInterface)).toEqual({ type: 1, major: 3, minor: 0 });
  expect(options.get(Options.clientArchitecture)).toEqual([16]);
  expect(options.get(Options.vendorClass)).toEqual({
    enterprise: 343,
    classes: ['HTTPClient:Arch:00016:UNDI:003000'],
  });
  expect(options.get(Options.elapsedTime)).toBe(100);
  expect(options.get(Options.bootfileUrl)).toBeUndefined();
  expect(hexOf(encodePacket(decodePacket(bytesOf(SOLICIT))))).toBe(hexOf(bytesOf(SOLICIT)));
});

test('an answer is written as RFC 5970 and RFC 8415 have it', () => {
  const reply = packetOf({
    type: 'REPLY',
    options: [
      optionOf(Options.association, {
        iaid: 7,
        t1Seconds: 0,
        t2Seconds: 0,
        addresses: [],
        status: { code: 2, message: 'no' },
      }),
      optionOf(Options.bootfileUrl, 'tftp://[fd00::1]/a'),
      optionOf(Options.bootfileParameters, ['x', 'yz']),
    ],
  });
  expect(hexOf(encodePacket(reply))).toBe(
    hexOf(
      bytesOf(`07 123456
        0003 0014 00000007 00000000 00000000 000d 0004 0002 ${Buffer.from('no').toString('hex')}
        003b 0012 ${Buffer.from('tftp://[fd00::1]/a').toString('hex')}
        003c 0007 0001 78 0002 797a`),
    ),
  );
});

test('the addresses of an identity association are read, with what stands inside and behind them', () => {
  const packet = decodePacket(
    bytesOf(`03 000001 0003 0034 00000001 00000000 00000000
      0005 001e fd000000000000000000000000000155 00000e10 00001c20 000d 0002 0000
      000d 0002 0000`),
  );
  expect(packet.message.options.all(Options.association)[0]?.addresses).toEqual(['fd00::155']);
});

describe('what relay agents put around a message', () => {
  const relayed = edk2Asks('pxe', {
    relays: [
      relayLayer([], 1),
      relayLayer([relayTells(CARD), optionOf(Options.interfaceId, bytesOf('aabb'))]),
    ],
  });

  test('is taken off, the outermost first, and put around again', () => {
    const read = decodePacket(encodePacket(relayed));
    expect(read.way).toBe('forward');
    expect(read.relays.map(({ hopCount, linkAddress }) => [hopCount, linkAddress])).toEqual([
      [1, '2001:db8:1::1'],
      [0, '2001:db8:1::1'],
    ]);
    expect(read.relays[0]?.options.raw()).toEqual([]);
    expect(hexOf(read.relays[1]!.options.get(Options.interfaceId)!)).toBe('aabb');
    expect(read.relays[1]?.options.get(Options.clientLinkLayer)?.hardwareType).toBe(1);
    expect(read.message.options.get(Options.clientArchitecture)).toEqual([7]);
    expect(hexOf(encodePacket(read))).toBe(hexOf(encodePacket(relayed)));
  });

  test('goes as deep as RFC 8415 lets it, and no deeper', () => {
    const deep = (count: number): Uint8Array =>
      encodePacket(packetOf({ relays: Array.from({ length: count }, () => relayLayer()) }));
    expect(decodePacket(deep(MAX_RELAYS)).relays).toHaveLength(MAX_RELAYS);
    expect(() => decodePacket(deep(MAX_RELAYS + 1))).toThrow(/nested in more than 8 relay messages/);
  });

  test('goes one way only', () => {
    const inner = encodePacket({ ...packetOf({ relays: [relayLayer()] }), way: 'reply' });
    const outer = encodePacket(packetOf({ relays: [relayLayer()] }));
    const mixed = Buffer.concat([
      outer.subarray(0, 34),
      bytesOf('0009'),
      bytesOf(inner.length.toString(16).padStart(4, '0')),
      inner,
    ]);
    expect(() => decodePacket(mixed)).toThrow(/one way holds one of the other/);
  });

  test('holds a message', () => {
    expect(() => decodePacket(encodePacket(relayed).subarray(0, 34))).toThrow(/holds no message/);
  });
});

test.each([
  ['', /1 bytes were expected/],
  ['01 1234', /2 bytes were expected/],
  ['00 123456', /0 is no message type/],
  ['0e 123456', /14 is no message type/],
  ['01 123456 00', /2 bytes were expected/],
  ['01 123456 0001 0004 0001', /4 bytes were expected/],
  ['01 123456 0001 0002 0001', /CLIENTID is malformed: A DUID has 3 to 130 bytes, not 2/],
  ['01 123456 0006 0003 003b00', /ORO is malformed: 2 bytes were expected/],
  ['01 123456 0006 0002 003b 0006 0002 003c', /ORO stands there twice/],
  ['01 123456 003e 0004 01030000', /NII is malformed: The value has 1 bytes too many/],
  ['01 123456 000f 0000', /USER_CLASS is malformed: There is no user class/],
  ['01 123456 000f 0003 000969', /USER_CLASS is malformed: 9 bytes were expected/],
  ['01 123456 0010 0002 0157', /VENDOR_CLASS is malformed/],
  ['01 123456 0003 000b 0000000000000000000000', /IA_NA is malformed/],
  ['01 123456 0003 0010 000000000000000000000000 0005 0000', /IA_NA is malformed: 16 bytes were expected/],
] as const)('decodePacket refuses %s', (hex, because) => {
  expect(() => decodePacket(bytesOf(hex))).toThrow(DecodeError);
  expect(() => decodePacket(bytesOf(hex))).toThrow(because);
});

test('a list has an end, and so have the options of a message', () => {
  const request = (items: number): Uint8Array =>
    encodePacket(
      packetOf({
        options: [
          optionOf(
            Options.optionRequest,
            Array.from({ length: items }, () => 59),
          ),
        ],
      }),
    );
  expect(decodePacket(request(128)).message.options.get(Options.optionRequest)).toHaveLength(128);
  expect(() => decodePacket(request(129))).toThrow(/more than 128 items/);
  const many = Array.from({ length: 129 }, () => ({ code: 999, value: new Uint8Array() }));
  expect(() => decodePacket(encodePacket(packetOf({ options: many })))).toThrow(/more than 128 options/);
});

test('a message that no client would take is not written', () => {
  const options = [optionOf(Options.bootfileUrl, 'x'.repeat(3000))];
  expect(() => encodePacket(packetOf({ options }))).toThrow(RangeError);
});

const anyText = fc.string({ maxLength: 40 });
const anyPacket: fc.Arbitrary<Dhcpv6Packet> = fc
  .record({
    type: fc.constantFrom(...(Object.keys(MessageType) as (keyof typeof MessageType)[])),
    transactionId: fc.integer({ min: 0, max: 0xff_ffff }),
    url: anyText,
    classes: fc.array(anyText, { maxLength: 4 }),
    asked: fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 10 }),
    relays: fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: MAX_RELAYS }),
  })
  .map(({ type, transactionId, url, classes, asked, relays }) =>
    packetOf({
      type,
      transactionId,
      relays: relays.map((hops) => relayLayer([], hops)),
      options: [
        optionOf(Options.bootfileUrl, url),
        optionOf(Options.vendorClass, { enterprise: 343, classes }),
        optionOf(Options.optionRequest, asked),
      ],
    }),
  );

test('what was written is read again as the same', () => {
  fc.assert(
    fc.property(anyPacket, (packet) => {
      const bytes = encodePacket(packet);
      expect(hexOf(encodePacket(decodePacket(bytes)))).toBe(hexOf(bytes));
    }),
  );
});

/** Noise, and real messages with some bytes changed. */
test('the peer of a message is an address', () => {
  expect(decodePacket(encodePacket(packetOf({ relays: [relayLayer()] }))).relays[0]?.peerAddress).toBe(
    parseIpv6('fe80::5054:ff:fe12:3456'),
  );
});
