import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ipv4FromNumber } from '../../lib/addresses.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import {
  decodeMessage,
  type DhcpMessage,
  encodeMessage,
  messageBytes,
  MIN_MESSAGE_BYTES,
} from './message.ts';
import { DhcpOptionsBuilder, MessageType, messageTypeName, Options } from './options.ts';
import { GOLDEN_PACKETS, printMessage, requestOf } from './suite/packets.ts';

const ROUND_TRIPS = 2_000;

const DISCOVER = requestOf('DHCPDISCOVER', {
  broadcast: true,
  options: (builder) => builder.set(Options.parameterList, [1, 3, 6]),
});
/** Where END stands in DISCOVER. */
const END_OFFSET = messageBytes(DISCOVER.options) - 1;

/** With other bytes from `offset`. */
function patched(bytes: Uint8Array, offset: number, ...patch: readonly number[]): Uint8Array {
  const copy = bytes.slice();
  copy.set(patch, offset);
  return copy;
}

function expectSame(one: DhcpMessage, other: DhcpMessage): void {
  expect({ ...one, options: [...one.options.entries()] }).toEqual({
    ...other,
    options: [...other.options.entries()],
  });
}

describe('decodeMessage', () => {
  for (const { name, bytes } of GOLDEN_PACKETS) {
    test(`reads the packet ${name} as its golden says`, async () => {
      await expect(printMessage(decodeMessage(bytes))).toMatchFileSnapshot(`golden/${name}.txt`);
    });

    test(`reads ${name} again as it was, once written by encodeMessage`, () => {
      const message = decodeMessage(bytes);
      expectSame(decodeMessage(encodeMessage(message)), message);
    });
  }

  for (const [what, bytes, reason] of [
    ['an empty datagram', new Uint8Array(0), /1 bytes were expected/],
    ['a header that ends early', encodeMessage(DISCOVER).subarray(0, 200), /bytes were expected/],
    ['a header without cookie', encodeMessage(DISCOVER).subarray(0, 236), /bytes were expected/],
    ['another cookie', patched(encodeMessage(DISCOVER), 236, 0x63, 0x82, 0x53, 0x64), /magic cookie/],
    ['an operation that is none', patched(encodeMessage(DISCOVER), 0, 3), /operation is 1 .* not 3/],
    ['a hardware address of 17 bytes', patched(encodeMessage(DISCOVER), 2, 17), /17 bytes/],
    [
      'an option that is longer than the message',
      patched(encodeMessage(DISCOVER), END_OFFSET, 12, 255),
      /255 bytes were expected/,
    ],
    [
      'a code with no length behind it',
      patched(encodeMessage(DISCOVER), END_OFFSET, 12).subarray(0, END_OFFSET + 1),
      /1 bytes were expected, 0 are left/,
    ],
  ] as const) {
    test(`refuses ${what}`, () => {
      expect(() => decodeMessage(bytes)).toThrow(DecodeError);
      expect(() => decodeMessage(bytes)).toThrow(reason);
    });
  }

  test('takes options without an END, with pads between', () => {
    const noEnd = patched(encodeMessage(DISCOVER), END_OFFSET, 0, 0, 12, 1, 0x61);
    const { options } = decodeMessage(noEnd.subarray(0, END_OFFSET + 5));
    expect(options.get(Options.hostname)).toBe('a');
    expect(options.get(Options.parameterList)).toEqual([1, 3, 6]);
  });

  test('takes BOOTP of before there were options: a vendor area of zeros', () => {
    const bytes = encodeMessage(DISCOVER);
    bytes.fill(0, 236);
    const message = decodeMessage(bytes);
    expect(message.options.codes).toEqual([]);
    expect(message.chaddr).toEqual(DISCOVER.chaddr);
  });

  test('ignores what stands behind END', () => {
    const { options } = decodeMessage(patched(encodeMessage(DISCOVER), END_OFFSET + 1, 12, 255));
    expect(options.codes).toEqual([53, 55]);
  });

  test('ignores the flags that must be zero', () => {
    expect(decodeMessage(patched(encodeMessage(DISCOVER), 10, 0x7f, 0xff)).broadcast).toBe(false);
  });

  test('cuts NUL and 0xFF from the names of the header', () => {
    const bytes = patched(encodeMessage(DISCOVER), 108, ...Buffer.from('pxelinux.0'), 0xff, 0, 0x41);
    expect(decodeMessage(bytes).file).toBe('pxelinux.0');
  });

  // `slice` of a Buffer, which is what sockets give, is a view.
  test.each([
    ['an array', (bytes: Uint8Array) => Uint8Array.from(bytes)],
    ['a Buffer', (bytes: Uint8Array) => Buffer.from(bytes)],
  ])('keeps nothing of %s it read, which a socket may use again', (_, copied) => {
    const bytes = copied(encodeMessage(DISCOVER));
    const message = decodeMessage(bytes);
    bytes.fill(0xee);
    expectSame(message, DISCOVER);
  });
});

describe('encodeMessage', () => {
  test('pads to what BOOTP had at least, behind END', () => {
    const bytes = encodeMessage(DISCOVER);
    expect(bytes).toHaveLength(MIN_MESSAGE_BYTES);
    expect(bytes[END_OFFSET]).toBe(255);
    expect(bytes.subarray(END_OFFSET + 1).every((octet) => octet === 0)).toBe(true);
  });

  test('refuses text that does not fit its field with a NUL behind it', () => {
    expect(encodeMessage({ ...DISCOVER, file: 'f'.repeat(127) })).toHaveLength(MIN_MESSAGE_BYTES);
    expect(() => encodeMessage({ ...DISCOVER, file: 'f'.repeat(128) })).toThrow(/127 bytes of text/);
    expect(() => encodeMessage({ ...DISCOVER, sname: 's'.repeat(64) })).toThrow(/63 bytes of text/);
    expect(() => encodeMessage({ ...DISCOVER, file: 'a\0b' })).toThrow(/no NUL/);
  });

  test('refuses a hardware address whose length is not hlen', () => {
    expect(() => encodeMessage({ ...DISCOVER, hlen: 16 })).toThrow(/chaddr has 6 bytes, hlen says 16/);
  });

  test('is the inverse of decodeMessage', () => {
    fc.assert(
      fc.property(anyMessage, (message) => expectSame(decodeMessage(encodeMessage(message)), message)),
      { numRuns: ROUND_TRIPS },
    );
  });

  test('messageBytes says how long the options make it', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const wanted = Math.max(MIN_MESSAGE_BYTES, messageBytes(message.options));
        expect(encodeMessage(message)).toHaveLength(wanted);
      }),
      { numRuns: ROUND_TRIPS / 10 },
    );
  });
});

test('a message type has the name the RFC prints', () => {
  expect(messageTypeName(MessageType.DHCPINFORM)).toBe('DHCPINFORM');
  expect(messageTypeName(13)).toBe('message type 13');
});

const anyAddress = fc.nat({ max: 0xffff_ffff }).map(ipv4FromNumber);
const anyText = (maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...Array.from('abcxyz0189./-_ ä')), maxLength: maxLength / 2 });

const anyOptions = fc
  .uniqueArray(
    fc.tuple(
      fc.integer({ min: 1, max: 254 }).filter((code) => code !== Options.overload.code),
      fc.uint8Array({ maxLength: 600 }),
    ),
    { selector: ([code]) => code, maxLength: 8 },
  )
  .map((entries) => {
    const builder = new DhcpOptionsBuilder();
    for (const [code, value] of entries) builder.setRaw(code, value);
    return builder.build();
  });

const anyMessage: fc.Arbitrary<DhcpMessage> = fc
  .record({
    op: fc.constantFrom('BOOTREQUEST' as const, 'BOOTREPLY' as const),
    htype: fc.nat({ max: 255 }),
    hops: fc.nat({ max: 255 }),
    xid: fc.nat({ max: 0xffff_ffff }),
    secs: fc.nat({ max: 0xffff }),
    broadcast: fc.boolean(),
    ciaddr: anyAddress,
    yiaddr: anyAddress,
    siaddr: anyAddress,
    giaddr: anyAddress,
    chaddr: fc.uint8Array({ maxLength: 16 }),
    sname: anyText(63),
    file: anyText(127),
    options: anyOptions,
  })
  .map((fields) => ({ ...fields, hlen: fields.chaddr.length }));
