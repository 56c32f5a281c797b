import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseIpv4, parseIpv4Network, UNSPECIFIED } from '../../lib/addresses.ts';
import { decodeMessage, type DhcpMessage, encodeMessage } from '../../protocols/dhcp/message.ts';
import { type DhcpOptionsBuilder, MessageType, Options } from '../../protocols/dhcp/options.ts';
import {
  GOLDEN_PACKETS,
  goldenMessage,
  printMessage,
  requestOf,
} from '../../protocols/dhcp/suite/packets.ts';
import { whereToSend } from '../../protocols/dhcp/where-to-send.ts';
import { parseOptionText } from '../network/option-text.ts';
import type { Subnet } from '../network/subnet.ts';
import { buildInformReply, buildLeaseReply, buildNak, type ReplyContents } from './build-reply.ts';
import type { Silence } from './silence.ts';

const SERVER = parseIpv4('192.168.122.1');
const CLASSIC: Subnet = {
  name: 'lab',
  network: parseIpv4Network('192.168.122.0/24'),
  mode: 'full',
  ranges: [{ first: parseIpv4('192.168.122.100'), last: parseIpv4('192.168.122.200') }],
  reservations: [],
  routers: [SERVER],
  dnsServers: [SERVER, parseIpv4('8.8.8.8')],
  domainName: 'lab.example',
  defaultLeaseSeconds: 21_600,
  maxLeaseSeconds: 43_200,
  options: [parseOptionText('ntp-servers', '192.168.122.1')],
};
const LEASE = {
  address: parseIpv4('192.168.122.100'),
  times: { leaseSeconds: 21_600, renewalSeconds: 10_700, rebindingSeconds: 18_900 },
};
const BOOT = {
  give: 'boot file',
  file: 'pxelinux.0',
  rule: 'firmware table',
  because: 'x86 BIOS',
} as const;
const NO_BOOT = { give: 'nothing', rule: 'operating system', because: 'an operating system asks' } as const;

function contents(request: DhcpMessage, change: Partial<ReplyContents> = {}): ReplyContents {
  return {
    request,
    subnet: CLASSIC,
    serverId: SERVER,
    bootServer: SERVER,
    step: BOOT,
    hostname: 'web-1',
    ...change,
  };
}

function built(reply: DhcpMessage | Silence): DhcpMessage {
  if ('silent' in reply) throw new Error(reply.because);
  return reply;
}

const offerTo = (request: DhcpMessage, change: Partial<ReplyContents> = {}): DhcpMessage =>
  built(buildLeaseReply('DHCPOFFER', LEASE, contents(request, change)));
const ackTo = (request: DhcpMessage, change: Partial<ReplyContents> = {}): DhcpMessage =>
  built(buildLeaseReply('DHCPACK', LEASE, contents(request, change)));

const discover = (set: (builder: DhcpOptionsBuilder) => DhcpOptionsBuilder): DhcpMessage =>
  requestOf('DHCPDISCOVER', { options: set });

describe('the replies to real clients are as their goldens say', () => {
  for (const [name, reply] of [
    ['offer-to-ipxe-rom', offerTo(goldenMessage('ipxe-rom-discover'))],
    ['ack-to-ipxe-rom', ackTo(goldenMessage('ipxe-rom-request'))],
    ['offer-to-edk2', offerTo(goldenMessage('edk2-discover'))],
    ['ack-to-edk2', ackTo(goldenMessage('edk2-request'))],
    ['ack-to-udhcpc', ackTo(goldenMessage('udhcpc-request'), { step: NO_BOOT })],
    ['ack-to-dhclient', ackTo(goldenMessage('dhclient-request'), { step: NO_BOOT })],
    [
      'nak-to-dhclient',
      built(buildNak(goldenMessage('dhclient-request'), SERVER, '10.0.0.7 is not in 192.168.122.0/24')),
    ],
  ] as const) {
    test(name, async () => {
      await expect(printMessage(decodeMessage(encodeMessage(reply)))).toMatchFileSnapshot(
        `golden/${name}.txt`,
      );
    });
  }
});

describe('a reply to boot firmware', () => {
  const reply = offerTo(goldenMessage('edk2-discover'));

  test('has boot data in the header and in options 66 and 67, equal', () => {
    expect(reply).toMatchObject({ siaddr: SERVER, sname: SERVER, file: 'pxelinux.0' });
    expect(reply.options.get(Options.serverName)).toBe(SERVER);
    expect(reply.options.get(Options.bootfileName)).toBe('pxelinux.0');
  });

  test('has both though the client asked for neither, as EDK2 over HTTP', () => {
    const asked = discover((b) => b.set(Options.parameterList, [1, 235]).set(Options.classId, 'HTTPClient'));
    expect(offerTo(asked).options.codes).toEqual(expect.arrayContaining([1, 3, 66, 67]));
  });

  test('ends both with NUL for PXE ROMs, and for nobody else', () => {
    const last = (request: DhcpMessage): number | undefined => offerTo(request).options.raw(67)?.at(-1);
    expect(last(discover((b) => b.set(Options.classId, 'PXEClient:Arch:00000:UNDI:002001')))).toBe(0);
    expect(last(discover((b) => b.set(Options.classId, 'HTTPClient:Arch:00016:UNDI:003000')))).toBe(0x30);
    expect(last(discover((b) => b.set(Options.classId, 'U-Boot.armv8')))).toBe(0x30);
  });

  test('has neither option 60 nor 43, which would send it to port 4011', () => {
    expect(reply.options.raw(60)).toBeUndefined();
    expect(reply.options.raw(43)).toBeUndefined();
  });

  test('puts a name that is too long for the header in option 67 alone', () => {
    const file = `http://192.168.122.1/${'d/'.repeat(60)}x.efi`;
    const long = offerTo(goldenMessage('edk2-discover'), { step: { ...BOOT, file } });
    expect(long.file).toBe('');
    expect(long.options.get(Options.bootfileName)).toBe(file);
  });

  test('names the boot server of the subnet, not this one', () => {
    const bootServer = parseIpv4('192.168.122.9');
    const { siaddr, sname, options } = offerTo(goldenMessage('edk2-discover'), { bootServer });
    expect([siaddr, sname, options.get(Options.serverName)]).toEqual([bootServer, bootServer, bootServer]);
    expect(options.get(Options.dhcpServerId)).toBe(SERVER);
  });

  test('is the same in OFFER and ACK, but for the type', () => {
    const offer = offerTo(goldenMessage('ipxe-rom-discover'));
    const ack = ackTo(goldenMessage('ipxe-rom-request'));
    const settings = ({ options, ...header }: DhcpMessage): unknown => [
      header,
      [...options.entries()].filter(([code]) => code !== Options.messageType.code),
    ];
    expect(settings(ack)).toEqual(settings(offer));
  });
});

test('a reply to an operating system has no boot file, since the Debian installer takes it for an answer file', () => {
  const reply = ackTo(goldenMessage('udhcpc-request'), { step: NO_BOOT });
  expect(reply).toMatchObject({ file: '', sname: '' });
  expect(reply.options.raw(66)).toBeUndefined();
  expect(reply.options.raw(67)).toBeUndefined();
  expect(reply.options.get(Options.hostname)).toBe('web-1');
});

describe('the header follows RFC 2131 table 3', () => {
  const giaddr = parseIpv4('10.9.0.1');
  const held = parseIpv4('192.168.122.100');
  const fromRelay = requestOf('DHCPREQUEST', { hops: 3, secs: 9, giaddr, ciaddr: held });
  for (const [what, reply, header] of [
    [
      'an OFFER',
      offerTo(requestOf('DHCPDISCOVER', { ciaddr: held, broadcast: true })),
      { broadcast: true, ciaddr: UNSPECIFIED, yiaddr: LEASE.address },
    ],
    [
      'an ACK to a renewal',
      ackTo(fromRelay),
      { hops: 0, secs: 0, giaddr, ciaddr: held, yiaddr: LEASE.address },
    ],
    [
      'an ACK to a selection, though ciaddr is filled',
      ackTo(requestOf('DHCPREQUEST', { ciaddr: held, options: (b) => b.set(Options.dhcpServerId, SERVER) })),
      { ciaddr: UNSPECIFIED, yiaddr: LEASE.address },
    ],
    [
      'a NAK by way of a relay, which must broadcast it',
      built(buildNak(fromRelay, SERVER, 'no')),
      { broadcast: true, giaddr, ciaddr: UNSPECIFIED, yiaddr: UNSPECIFIED, siaddr: UNSPECIFIED },
    ],
  ] as const) {
    test(what, () => expect(reply).toMatchObject({ op: 'BOOTREPLY', xid: 0x12345678, ...header }));
  }

  test('a NAK has no settings, and says why', () => {
    const nak = built(buildNak(goldenMessage('dhclient-request'), SERVER, 'x'.repeat(500)));
    expect(nak.options.codes).toEqual([53, 54, 56]);
    expect(nak.options.get(Options.dhcpMessage)).toHaveLength(200);
  });
});

describe('what the client sent comes back byte for byte', () => {
  const relayed = Uint8Array.of(1, 2, 9, 9, 151, 3, 1, 2, 3);
  const request = requestOf('DHCPDISCOVER', {
    giaddr: parseIpv4('192.168.122.2'),
    options: (b) =>
      b
        .setRaw(82, relayed)
        .setRaw(97, new Uint8Array(17).fill(7))
        .setRaw(61, Uint8Array.of(0xff, 1, 2))
        .set(Options.subnetSelection, parseIpv4('192.168.122.0')),
  });

  test('in an OFFER, option 82 at the end', () => {
    const { options } = offerTo(request);
    expect(options.raw(82)).toEqual(relayed);
    expect(options.raw(97)).toEqual(new Uint8Array(17).fill(7));
    expect(options.raw(61)).toEqual(Uint8Array.of(0xff, 1, 2));
    expect(options.get(Options.subnetSelection)).toBe('192.168.122.0');
    expect(options.codes.at(-1)).toBe(82);
  });

  test('and nothing comes back that was not sent', () => {
    const { codes } = offerTo(requestOf('DHCPDISCOVER')).options;
    expect(codes.filter((code) => [61, 82, 97, 118].includes(code))).toEqual([]);
  });
});

describe('optional settings', () => {
  test('are sent where the client asks for them', () => {
    const asked = discover((b) => b.set(Options.parameterList, [15, 42]));
    expect(offerTo(asked, { step: NO_BOOT }).options.codes).toEqual([53, 54, 51, 58, 59, 1, 3, 15, 42]);
  });

  test('are all sent where it asks for nothing in particular', () => {
    const { codes } = offerTo(requestOf('DHCPDISCOVER'), { step: NO_BOOT }).options;
    expect(codes).toEqual([53, 54, 51, 58, 59, 1, 28, 3, 6, 12, 15, 42]);
  });

  test('of pxelinux are sent unasked, since the ROM asks before pxelinux is there', () => {
    const subnet = { ...CLASSIC, options: [parseOptionText('path-prefix', '/lab/')] };
    const { options } = offerTo(goldenMessage('ipxe-rom-discover'), { subnet });
    expect(options.get(Options.pathPrefix)).toBe('/lab/');
  });

  test('never stand in for what Muster sends itself', () => {
    const subnet = { ...CLASSIC, options: [{ code: 54, text: '10.0.0.1', hex: '0a000001' }] };
    expect(offerTo(requestOf('DHCPDISCOVER'), { subnet }).options.get(Options.dhcpServerId)).toBe(SERVER);
  });

  test('have no T1 and T2 where the lease never ends', () => {
    const endless = { ...LEASE, times: { leaseSeconds: 0xffff_ffff } };
    const reply = built(buildLeaseReply('DHCPOFFER', endless, contents(requestOf('DHCPDISCOVER'))));
    expect(reply.options.get(Options.addressTime)).toBe(0xffff_ffff);
    expect(reply.options.codes).not.toContain(58);
  });
});

describe('the size', () => {
  const big = Array.from({ length: 6 }, (_, index) =>
    parseOptionText(String(224 + index), `0x${'ab'.repeat(200)}`),
  );
  const subnet = { ...CLASSIC, options: big };

  for (const [what, says, most] of [
    ['is what every client takes, where the client does not say', undefined, 548],
    ['is no less where the client says less', 100, 548],
    ['is what the client says', 1000, 972],
    ['is what EDK2 really takes, whatever it says', 0xff00, 1472],
  ] as const) {
    test(what, () => {
      const request = discover((b) => (says === undefined ? b : b.set(Options.maxMessageSize, says)));
      const bytes = encodeMessage(offerTo(request, { subnet }));
      expect(bytes.length).toBeLessThanOrEqual(most);
      expect(bytes.length).toBeGreaterThan(most - 204);
      expect(decodeMessage(bytes).options.codes).toEqual(
        expect.arrayContaining([53, 54, 51, 1, 3, 66, 67, 224]),
      );
    });
  }

  test('keeps option 82 and leaves settings out', () => {
    const request = discover((b) => b.setRaw(82, new Uint8Array(200).fill(1)));
    const { options } = offerTo({ ...request, giaddr: parseIpv4('192.168.122.2') }, { subnet });
    expect(options.raw(82)).toHaveLength(200);
    expect(options.codes).not.toContain(224);
  });

  test('has a limit where nothing can be left out: then there is no reply', () => {
    const request = discover((b) => b.setRaw(61, new Uint8Array(2000)));
    expect(buildLeaseReply('DHCPOFFER', LEASE, contents(request))).toMatchObject({
      silent: 'tooLarge',
      because: expect.stringMatching(/^the reply would have \d+ bytes, and the client takes 548$/),
    });
  });
});

describe('an ACK to DHCPINFORM', () => {
  const source = parseIpv4('192.168.122.77');

  test('has settings and no lease, and goes to the client', () => {
    const reply = built(buildInformReply(contents(requestOf('DHCPINFORM', { ciaddr: source })), source));
    expect(reply).toMatchObject({ ciaddr: source, yiaddr: UNSPECIFIED });
    expect(reply.options.get(Options.messageType)).toBe(MessageType.DHCPACK);
    for (const code of [51, 58, 59]) expect(reply.options.codes).not.toContain(code);
    expect(whereToSend(reply, 67)).toEqual({ to: 'client address', address: source, port: 68 });
  });

  test('goes where the datagram came from, where the client leaves its address out', () => {
    expect(built(buildInformReply(contents(requestOf('DHCPINFORM')), source)).ciaddr).toBe(source);
  });

  test('goes back by the relay', () => {
    const giaddr = parseIpv4('10.9.0.1');
    const reply = built(buildInformReply(contents(requestOf('DHCPINFORM', { giaddr })), giaddr));
    expect(reply.ciaddr).toBe(UNSPECIFIED);
    expect(whereToSend(reply, 67)).toEqual({ to: 'relay', address: giaddr, port: 67 });
  });

  test('goes nowhere without an address', () => {
    expect(buildInformReply(contents(requestOf('DHCPINFORM')), UNSPECIFIED)).toMatchObject({
      silent: 'malformed',
    });
  });
});

test('whatever a client sends, its reply can be written, ends with END and is not too long', () => {
  const packet = fc.constantFrom(...GOLDEN_PACKETS.map(({ bytes }) => bytes));
  const patches = fc.array(fc.tuple(fc.nat({ max: 299 }), fc.nat({ max: 255 })), { maxLength: 20 });
  fc.assert(
    fc.property(packet, patches, (bytes, changes) => {
      const changed = bytes.slice();
      for (const [offset, value] of changes) changed[offset] = value;
      let request: DhcpMessage;
      try {
        request = decodeMessage(changed);
      } catch {
        return true;
      }
      for (const reply of [
        buildLeaseReply('DHCPOFFER', LEASE, contents(request)),
        buildLeaseReply('DHCPACK', LEASE, contents(request, { step: NO_BOOT })),
        buildNak(request, SERVER, 'no'),
        buildInformReply(contents(request), SERVER),
      ]) {
        if ('silent' in reply) continue;
        const wire = encodeMessage(reply);
        if (wire.length > 1472 || decodeMessage(wire).xid !== request.xid) return false;
        whereToSend(reply, 67);
      }
      return true;
    }),
    { numRuns: 2000 },
  );
});
