import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMac } from '../../lib/addresses.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import { decodeRouterMessage, encodeEmptyAdvertisement, encodeSolicitation } from './router-message.ts';
import { frameOf, PREFIX, routerFrame, solicitationFrame } from './suite/router-frames.ts';

const MAC = parseMac('52:54:00:4d:55:01');
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('the empty advertisement', () => {
  test('is from an address of its own to all nodes, with hop limit 255 and nothing but zeros', () => {
    expect(hexOf(encodeEmptyAdvertisement(MAC))).toBe(
      '333300000001' +
        '5254004d5501' +
        '86dd' +
        // Version 6, 16 bytes of ICMPv6, hop limit 255.
        '6000000000103aff' +
        'fe800000000000005254004d554d5501' +
        'ff020000000000000000000000000001' +
        `8600${checksum([0xfe80, 0, 0, 0, 0x5254, 0x004d, 0x554d, 0x5501, 0xff02, 0, 0, 0, 0, 0, 0, 1, 16, 58, 0x8600])}` +
        '00'.repeat(12),
    );
  });

  test('is that of no router when Muster hears it itself', () => {
    expect(decodeRouterMessage(encodeEmptyAdvertisement(MAC))).toEqual({
      type: 'router advertisement',
      source: 'fe80::5254:4d:554d:5501',
      lifetimeSeconds: 0,
      hasPrefix: false,
    });
  });

  test('does not come from the address that the interface gives itself', () => {
    expect(hexOf(encodeEmptyAdvertisement(MAC))).not.toContain('505400fffe4d5501');
  });
});

test('the solicitation is to all routers, from nobody yet', () => {
  expect(hexOf(encodeSolicitation(MAC))).toBe(
    '333300000002' +
      '5254004d5501' +
      '86dd' +
      '6000000000083aff' +
      '00'.repeat(16) +
      'ff020000000000000000000000000002' +
      `8500${checksum([0xff02, 0, 0, 0, 0, 0, 0, 2, 8, 58, 0x8500])}` +
      '00'.repeat(4),
  );
  expect(decodeRouterMessage(encodeSolicitation(MAC))).toEqual({ type: 'router solicitation', source: '::' });
});

describe('decodeRouterMessage', () => {
  test('takes the solicitation of a Linux kernel, with its link-layer address', () => {
    expect(decodeRouterMessage(solicitationFrame())).toEqual({
      type: 'router solicitation',
      source: 'fe80::5054:ff:fe00:1',
    });
  });

  for (const [what, change, expected] of [
    ['a default router', {}, { lifetimeSeconds: 1800, hasPrefix: false }],
    ['one with a prefix', { options: PREFIX }, { lifetimeSeconds: 1800, hasPrefix: true }],
    [
      'one that gives a prefix only',
      { lifetimeSeconds: 0, options: PREFIX },
      { lifetimeSeconds: 0, hasPrefix: true },
    ],
    [
      'one that takes its prefix away',
      { lifetimeSeconds: 0, options: PREFIX.replace('00015180', '00000000') },
      { lifetimeSeconds: 0, hasPrefix: false },
    ],
    [
      'one with options that are not known here',
      { options: `05010000000005dc${PREFIX}` },
      { lifetimeSeconds: 1800, hasPrefix: true },
    ],
  ] as const) {
    test(`takes ${what}`, () =>
      expect(decodeRouterMessage(routerFrame(change))).toEqual({
        type: 'router advertisement',
        source: 'fe80::1',
        ...expected,
      }));
  }

  test('takes a frame with padding behind the packet', () => {
    const padded = Buffer.concat([encodeEmptyAdvertisement(MAC), new Uint8Array(30)]);
    expect(decodeRouterMessage(padded)).toEqual(decodeRouterMessage(encodeEmptyAdvertisement(MAC)));
  });

  for (const [what, frame, because] of [
    ['another kind of frame', Buffer.from(routerFrame()).fill(8, 12, 13), /does not carry IPv6/],
    ['another version of IP', Buffer.from(routerFrame()).fill(0x40, 14, 15), /not IPv6/],
    ['another protocol', Buffer.from(routerFrame()).fill(17, 20, 21), /does not carry ICMPv6/],
    ['a hop limit of 254', Buffer.from(routerFrame()).fill(254, 21, 22), /another link/],
    ['a changed byte', Buffer.from(routerFrame()).fill(1, 59, 60), /checksum is wrong/],
    ['an echo request', frameOf({ source: 'fe80::1', body: '8000000000010001' }), /Message 128/],
    ['a code', frameOf({ source: 'fe80::1', body: '8501000000000000' }), /code of the message/],
    ['a router with a global address', routerFrame({ source: '2001:db8::1' }), /not of the link/],
    ['a router without an address', routerFrame({ source: '::' }), /not of the link/],
    ['an option of length 0', routerFrame({ options: '0500000000000000' }), /length 0/],
    ['an option that ends too late', routerFrame({ options: '0302000000000000' }), /14 bytes were expected/],
    [
      'a link-layer address of nobody',
      frameOf({ source: '::', body: '85000000000000000101525400000001' }),
      /tells its link-layer address/,
    ],
    ['an advertisement without lifetime', frameOf({ source: 'fe80::1', body: '8600000040' }), /expected/],
    ['a packet that is longer than its frame', routerFrame().subarray(0, 60), /bytes were expected/],
    ['nothing', new Uint8Array(0), /bytes were expected/],
  ] as const) {
    test(`refuses ${what}`, () => {
      expect(() => decodeRouterMessage(frame)).toThrow(DecodeError);
      expect(() => decodeRouterMessage(frame)).toThrow(because);
    });
  }

  test('refuses whatever else comes with a DecodeError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(100), (noise, at) => {
        const frame = Buffer.from(routerFrame({ options: PREFIX }));
        frame.set(noise.subarray(0, frame.length - at), at);
        try {
          decodeRouterMessage(frame);
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
        }
      }),
    );
  });
});

/** By the other way of RFC 1071 §2: the sum of everything with the checksum in it is 0xffff. */
function checksum(words: readonly number[]): string {
  const sum = words.reduce((total, word) => total + word, 0);
  const folded = (sum & 0xffff) + (sum >>> 16);
  return (0xffff - folded).toString(16).padStart(4, '0');
}
