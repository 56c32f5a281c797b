import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseIpv4 } from '../../lib/addresses.ts';
import type { DhcpMessage } from '../../protocols/dhcp/message.ts';
import { Options } from '../../protocols/dhcp/options.ts';
import { readPxeSubOptions } from '../../protocols/dhcp/pxe.ts';
import { goldenMessage, requestOf } from '../../protocols/dhcp/suite/packets.ts';
import { buildBootServerAck, buildProxyOffer, type ProxyContents } from './build-proxy-reply.ts';
import type { Silence } from './silence.ts';

const SERVER = parseIpv4('192.168.122.1');
const TFTP_SERVER = parseIpv4('192.168.122.9');
const RELAY = parseIpv4('10.1.0.1');
const BIOS = 'PXEClient:Arch:00000:UNDI:002001';
/** Whole replies; what reads the option has its hundred thousand in `pxe.test.ts`. */
const CASES = 2_000;

const contents = (request: DhcpMessage, change: Partial<ProxyContents> = {}): ProxyContents => ({
  request,
  server: SERVER,
  bootServer: SERVER,
  step: { give: 'boot file', rule: 'firmware table', file: 'pxelinux.0', because: 'x86 BIOS' },
  style: 'direct',
  ...change,
});

function built(reply: DhcpMessage | Silence): DhcpMessage {
  if ('silent' in reply) throw new Error(reply.because);
  return reply;
}

const offerTo = (request: DhcpMessage, change: Partial<ProxyContents> = {}): DhcpMessage =>
  built(buildProxyOffer(contents(request, change)));
const ackTo = (request: DhcpMessage, change: Partial<ProxyContents> = {}): DhcpMessage =>
  built(buildBootServerAck(contents(request, change)));
const pxeOf = (reply: DhcpMessage): readonly (readonly [number, Uint8Array])[] => [
  ...(readPxeSubOptions(reply.options.raw(Options.vendorSpecific.code)) ?? []),
];
/** @param bytes of option 43. */
const asking = (bytes: readonly number[], vendorClass?: string): DhcpMessage =>
  requestOf('DHCPREQUEST', {
    options: (b) => {
      const named = vendorClass === undefined ? b : b.set(Options.classId, vendorClass);
      return named.set(Options.vendorSpecific, Uint8Array.from(bytes));
    },
  });

describe('the three styles of an offer', () => {
  const discover = requestOf('DHCPDISCOVER', { options: (b) => b.set(Options.classId, BIOS) });

  test('direct: fetch the file that is named', () =>
    expect(pxeOf(offerTo(discover))).toEqual([[6, Uint8Array.of(8)]]));

  test('ask again: nothing in option 43, so port 4011 is asked', () =>
    expect(offerTo(discover, { style: 'ask again' }).options.has(Options.vendorSpecific)).toBe(false));

  test('menu: one item, chosen at once, and the one server that has it', () => {
    const offer = offerTo(discover, { style: 'menu' });
    const words = [...new TextEncoder().encode('Muster')];
    expect(pxeOf(offer)).toEqual([
      [6, Uint8Array.of(7)],
      [8, Uint8Array.of(0x80, 0, 1, 192, 168, 122, 1)],
      [9, Uint8Array.of(0x80, 0, words.length, ...words)],
      [10, Uint8Array.of(0, ...words)],
    ]);
  });

  test('an offer that sends to port 4011 sends there to this server, and its answer names where the files are', () => {
    const other = { bootServer: TFTP_SERVER };
    expect(offerTo(discover, other)).toMatchObject({ siaddr: TFTP_SERVER, sname: TFTP_SERVER });
    for (const style of ['ask again', 'menu'] as const)
      expect(offerTo(discover, { ...other, style })).toMatchObject({ siaddr: SERVER, sname: SERVER });
    const ack = ackTo(goldenMessage('edk2-request'), { ...other, style: 'ask again' });
    expect(ack).toMatchObject({ siaddr: TFTP_SERVER, sname: TFTP_SERVER });
    expect(ack.options.get(Options.dhcpServerId)).toBe(SERVER);
  });
});

describe('through a relay agent', () => {
  const agent = Uint8Array.of(1, 4, 0x70, 0x31, 0x2f, 0x37, 11, 4, 10, 1, 0, 1);
  const relayed = requestOf('DHCPDISCOVER', {
    giaddr: RELAY,
    hops: 1,
    options: (b) =>
      b
        .set(Options.relayAgent, agent)
        .set(Options.classId, BIOS)
        .set(Options.subnetSelection, parseIpv4('10.1.0.0')),
  });

  test('option 82 comes back byte for byte and last, and option 118 too', () => {
    const { options } = offerTo(relayed);
    expect(options.get(Options.relayAgent)).toEqual(agent);
    expect([...options.entries()].at(-1)?.[0]).toBe(82);
    expect(options.get(Options.subnetSelection)).toBe('10.1.0.0');
  });

  test('option 54 stays our own where the relay wants its own, as in the answer of port 4011 that it never sees', () =>
    expect(offerTo(relayed).options.get(Options.dhcpServerId)).toBe(SERVER));
});

describe('option 43 of a client at port 4011', () => {
  const item = [71, 4, 0x80, 0, 0, 0, 255];

  test('has a boot item, which is told back', () =>
    expect(pxeOf(ackTo(asking(item, BIOS)))).toEqual([[71, Uint8Array.of(0x80, 0, 0, 0)]]));

  for (const [what, bytes, vendorClass] of [
    ['is of another vendor, in whose numbers 71 means something else', item, 'MSFT 5.0'],
    ['is of a client that does not say who it is', item, undefined],
    ['has an item of another length', [71, 5, 0x80, 0, 0, 0, 0, 255], BIOS],
    ['has an item as long as the option', [71, 253, ...Array<number>(253).fill(1)], BIOS],
    ['wants the local disk, which is no item of ours', [71, 4, 0, 0, 0, 0, 255], BIOS],
    ['wants credentials', [71, 4, 0x80, 0, 0x80, 0, 255], BIOS],
    ['is no list of sub-options', [71, 200, 1], BIOS],
  ] as const) {
    test(`${what}: it is told what it would be told without`, () =>
      expect(pxeOf(ackTo(asking(bytes, vendorClass)))).toEqual([[6, Uint8Array.of(8)]]));
  }

  test('is never told back but as a whole item', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 280 }), (bytes) => {
        const pxe = pxeOf(ackTo(asking([...bytes], BIOS)));
        expect(pxe.length).toBe(1);
        expect(pxe[0]?.[1].length).toBe(pxe[0]?.[0] === 71 ? 4 : 1);
      }),
      { numRuns: CASES },
    );
  });

  test('means nothing in a DHCPDISCOVER', () =>
    expect(pxeOf(offerTo(asking(item, BIOS)))).toEqual([[6, Uint8Array.of(8)]]));
});
