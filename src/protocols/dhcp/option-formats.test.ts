import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ipv4FromNumber, networkOf, parseIpv4, parseIpv4Network } from '../../lib/addresses.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import { domainList } from './domain-list-format.ts';
import * as formats from './option-formats.ts';

const bytesOf = (...octets: readonly number[]): Uint8Array => Uint8Array.from(octets);
const router = parseIpv4('192.168.1.1');

describe('each format reads what RFC 2132 and its sequels print', () => {
  for (const [what, format, raw, value] of [
    ['an address', formats.address, [10, 0, 0, 1], '10.0.0.1'],
    ['addresses', formats.addressList, [10, 0, 0, 1, 10, 0, 0, 2], ['10.0.0.1', '10.0.0.2']],
    ['pairs', formats.addressPairs, [10, 0, 0, 0, 192, 168, 1, 1], [['10.0.0.0', '192.168.1.1']]],
    ['a number of two bytes', formats.uint16, [0x05, 0xc0], 1472],
    ['seconds for ever', formats.seconds, [255, 255, 255, 255], 0xffff_ffff],
    ['an offset west of Greenwich', formats.int32, [0xff, 0xff, 0xb9, 0xb0], -18_000],
    ['true', formats.boolean, [1], true],
    ['a request list', formats.uint8List, [1, 3, 235], [1, 3, 235]],
    ['architectures', formats.uint16List, [0, 7, 0, 16], [7, 16]],
    ['text', formats.text, [0x61, 0x62], 'ab'],
    [
      'the example of RFC 3397',
      domainList,
      [3, 0x65, 0x6e, 0x67, 5, 0x61, 0x70, 0x70, 0x6c, 0x65, 3, 0x63, 0x6f, 0x6d, 0],
      ['eng.apple.com'],
    ],
    [
      'the examples of RFC 3442, and the default route',
      formats.routes,
      [8, 10, 192, 168, 1, 1, 24, 10, 0, 0, 192, 168, 1, 1, 0, 192, 168, 1, 1],
      [
        { network: parseIpv4Network('10.0.0.0/8'), router },
        { network: parseIpv4Network('10.0.0.0/24'), router },
        { network: parseIpv4Network('0.0.0.0/0'), router },
      ],
    ],
    ['user classes of RFC 3004', formats.userClasses, [2, 0x61, 0x62, 1, 0x63], ['ab', 'c']],
    ['nothing', formats.nothing, [], true],
  ] as const) {
    test(what, () => {
      const any = untyped(format);
      expect(any.decode(bytesOf(...raw))).toEqual(value);
      expect([...any.encode(value)]).toEqual(raw);
    });
  }
});

/** The formats of a table of cases, whose values are of different types. */
function untyped(format: unknown): formats.OptionFormat<unknown> {
  return format as formats.OptionFormat<unknown>;
}

describe('what real clients send is read', () => {
  test('text with a NUL, and with 0xFF behind it', () => {
    expect(formats.text.decode(bytesOf(0x61, 0))).toBe('a');
    expect(formats.text.decode(bytesOf(0x61, 0xff))).toBe('a');
    expect(formats.text.decode(bytesOf(0x61, 0, 0x62))).toBe('a');
    expect(formats.text.decode(bytesOf(0, 0))).toBe('');
  });

  test('the bare user class of iPXE, which has no length', () => {
    expect(formats.userClasses.decode(new TextEncoder().encode('iPXE'))).toEqual(['iPXE']);
  });

  test('a bare user class that begins as if it had a length', () => {
    expect(formats.userClasses.decode(bytesOf(1, 0x61, 9, 0x62))).toEqual(['\u0001a\tb']);
    expect(formats.userClasses.decode(bytesOf(0))).toEqual(['']);
  });

  test('a number that comes twice, of which the first counts', () => {
    expect(formats.uint16.decode(bytesOf(0, 7, 0, 9))).toBe(7);
  });

  test('names of a search list that point back', () => {
    const raw = bytesOf(1, 0x61, 1, 0x7a, 0, 1, 0x62, 0xc0, 2);
    expect(domainList.decode(raw)).toEqual(['a.z', 'b.z']);
  });
});

describe('what is not of the format is a DecodeError', () => {
  for (const [what, format, raw] of [
    ['an address of three bytes', formats.address, [10, 0, 0]],
    ['no address at all', formats.addressList, []],
    ['five bytes of addresses', formats.addressList, [10, 0, 0, 1, 10]],
    ['one byte of a number of two', formats.uint16, [7]],
    ['a name without an end', domainList, [1, 0x61]],
    ['a name that points to itself', domainList, [0xc0, 0]],
    ['a name that points forward', domainList, [0xc0, 2, 0]],
    ['names that go in circles', domainList, [1, 0x61, 0xc0, 0]],
    ['a label of 64 bytes', domainList, [64, ...new Uint8Array(64).fill(0x61), 0]],
    ['more names than anyone needs', domainList, [...new Uint8Array(65)]],
    ['a prefix of 33 bits', formats.routes, [33, 10, 0, 0, 0, 0, 192, 168, 1, 1]],
    ['a route without a router', formats.routes, [8, 10, 192, 168]],
  ] as const) {
    test(what, () => expect(() => untyped(format).decode(bytesOf(...raw))).toThrow(DecodeError));
  }
});

describe('what cannot be written is a RangeError', () => {
  test('an empty user class', () => expect(() => formats.userClasses.encode([''])).toThrow(RangeError));
  test('a domain name with an empty part', () =>
    expect(() => domainList.encode(['a..b'])).toThrow(/Each part/));
  test('a domain name without letters', () => expect(() => domainList.encode([''])).toThrow(/1 to 253/));
});

const anyAddress = fc.nat({ max: 0xffff_ffff }).map(ipv4FromNumber);
const anyRoute = fc
  .tuple(anyAddress, fc.nat({ max: 32 }), anyAddress)
  .map(([address, prefixLength, router]) => ({ network: networkOf(address, prefixLength), router }));

for (const [what, format, values] of [
  ['addresses', formats.addressList, fc.array(anyAddress, { minLength: 1 })],
  ['routes', formats.routes, fc.array(anyRoute, { minLength: 1 })],
  ['offsets', formats.int32, fc.integer()],
  [
    'domain names',
    domainList,
    fc.array(
      fc.domain().filter((name) => name.length < 200),
      { maxLength: 8 },
    ),
  ],
  [
    'user classes',
    formats.userClasses,
    fc.array(fc.stringMatching(/^[a-zA-Z0-9:.-]{1,40}$/), { minLength: 1, maxLength: 5 }),
  ],
] as const) {
  test(`decode is the inverse of encode for ${what}`, () => {
    const any = untyped(format);
    fc.assert(
      fc.property(values as fc.Arbitrary<unknown>, (value) => {
        expect(any.decode(any.encode(value))).toEqual(value);
      }),
    );
  });
}
