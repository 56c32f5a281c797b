import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMac } from '../../lib/addresses.ts';
import { decodeMessage, type DhcpMessage } from '../../protocols/dhcp/message.ts';
import { type DhcpOptionsBuilder, Options } from '../../protocols/dhcp/options.ts';
import { GOLDEN_PACKETS, goldenMessage, requestOf, SAMPLE_MAC } from '../../protocols/dhcp/suite/packets.ts';
import { type DhcpClient, readClient } from './read-client.ts';

type SetOptions = (builder: DhcpOptionsBuilder) => DhcpOptionsBuilder;

function clientOf(message: DhcpMessage): DhcpClient {
  const client = readClient(message);
  if ('silent' in client) throw new Error(client.because);
  return client;
}

const discover = (options: SetOptions): DhcpMessage => requestOf('DHCPDISCOVER', { options });

describe('readClient knows the clients of the golden packets', () => {
  for (const [name, expected] of [
    [
      'ipxe-rom-discover',
      {
        clientKey: 'mac:52:54:00:12:34:56',
        uuid: '12345678-9abc-def0-1122-334455667788',
        userClasses: ['iPXE'],
        boot: { stage: 'ipxe', architecture: 0 },
      },
    ],
    [
      'edk2-discover',
      {
        clientKey: 'mac:52:54:00:12:34:57',
        uuid: '12345678-9abc-def0-1122-334455667788',
        vendorClass: 'PXEClient:Arch:00007:UNDI:003000',
        boot: { stage: 'firmware', architecture: 7 },
      },
    ],
    ['edk2-http-discover', { boot: { stage: 'firmware', architecture: 16 } }],
    [
      'udhcpc-discover',
      {
        clientKey: 'mac:52:54:00:aa:bb:01',
        hostname: 'lab7',
        vendorClass: 'd-i',
        boot: { stage: 'operating system' },
      },
    ],
    ['dhclient-discover', { clientKey: 'mac:52:54:00:aa:bb:01', boot: { stage: 'operating system' } }],
  ] as const) {
    test(name, () => expect(clientOf(goldenMessage(name))).toMatchObject(expected));
  }
});

describe('which program asks', () => {
  for (const [what, set, stage] of [
    ['a ROM that only says PXEClient', (b) => b.set(Options.classId, 'PXEClient'), 'firmware'],
    ['a ROM that only lists architectures', (b) => b.set(Options.clientSystem, [0]), 'firmware'],
    [
      'firmware that boots over HTTP',
      (b) => b.set(Options.classId, 'HTTPClient:Arch:00016:UNDI:003000'),
      'firmware',
    ],
    ['U-Boot', (b) => b.set(Options.classId, 'U-Boot.armv8'), 'firmware'],
    ['iPXE by its user class', (b) => b.set(Options.userClass, ['iPXE']), 'ipxe'],
    ['gPXE', (b) => b.setRaw(77, new TextEncoder().encode('gPXE')), 'ipxe'],
    [
      'FlexBoot, an iPXE without the user class',
      (b) => b.set(Options.classId, 'PXEClient:Arch:00000:UNDI:002001').setRaw(175, Uint8Array.of(1)),
      'ipxe',
    ],
    ['the Debian installer', (b) => b.set(Options.classId, 'd-i'), 'operating system'],
    ['anaconda', (b) => b.set(Options.classId, 'anaconda-Linux 5.14.0 x86_64'), 'operating system'],
    ['Windows PE', (b) => b.set(Options.classId, 'MSFT 5.0'), 'operating system'],
    [
      'an installer that tells its architecture',
      (b) => b.set(Options.classId, 'anaconda-Linux').set(Options.clientSystem, [7]),
      'operating system',
    ],
    ['the kernel', (b) => b.set(Options.classId, 'Linux ipconfig'), 'operating system'],
    ['a printer', (b) => b.set(Options.classId, 'Hewlett-Packard JetDirect'), 'operating system'],
    ['a client that says nothing', (b) => b, 'operating system'],
  ] as const satisfies readonly (readonly [string, SetOptions, string])[]) {
    test(`${what} is ${stage}`, () => expect(clientOf(discover(set)).boot.stage).toBe(stage));
  }
});

describe('the architecture is', () => {
  for (const [what, set, architecture] of [
    ['the first listed that can be booted', (b) => b.set(Options.clientSystem, [2, 0]), 0],
    ['else the first listed', (b) => b.set(Options.clientSystem, [9, 7]), 9],
    ['else what option 60 says', (b) => b.set(Options.classId, 'PXEClient:Arch:00011:UNDI:003000'), 11],
    ['else unknown', (b) => b.set(Options.classId, 'PXEClient'), undefined],
    ['unknown where the list has an odd length', (b) => b.setRaw(93, Uint8Array.of(0, 7, 0)), undefined],
  ] as const satisfies readonly (readonly [string, SetOptions, number | undefined])[]) {
    test(what, () => {
      const client = clientOf(discover(set));
      expect(client.architecture).toBe(architecture);
      expect(client.boot.architecture).toBe(architecture);
    });
  }
});

describe('the same machine is the same client', () => {
  const duid = Uint8Array.of(0xff, 1, 2, 3, 4, 0, 1, 2, 3);
  for (const [what, message, clientKey, mac] of [
    [
      'by its card, whatever client identifier it shows',
      discover((b) => b.set(Options.clientId, duid)),
      `mac:${SAMPLE_MAC}`,
      SAMPLE_MAC,
    ],
    [
      'by the card in option 61, where firmware has a GUID in chaddr',
      requestOf('DHCPDISCOVER', {
        hlen: 16,
        chaddr: new Uint8Array(16).fill(0xab),
        options: (b) => b.setRaw(61, Uint8Array.of(1, 0x52, 0x54, 0, 0x12, 0x34, 0x56)),
      }),
      `mac:${SAMPLE_MAC}`,
      SAMPLE_MAC,
    ],
    [
      'by option 61 over InfiniBand (RFC 4390)',
      requestOf('DHCPDISCOVER', {
        htype: 32,
        hlen: 0,
        chaddr: new Uint8Array(0),
        options: (b) => b.set(Options.clientId, duid),
      }),
      'id:ff0102030400010203',
      undefined,
    ],
    [
      'by other hardware with its type',
      requestOf('DHCPDISCOVER', { htype: 6, hlen: 6, chaddr: Uint8Array.of(1, 2, 3, 4, 5, 6) }),
      'hw:6:010203040506',
      undefined,
    ],
    [
      'by no group address, which is nobody',
      requestOf('DHCPDISCOVER', {
        mac: parseMac('ff:ff:ff:ff:ff:ff'),
        options: (b) => b.set(Options.clientId, duid),
      }),
      'id:ff0102030400010203',
      undefined,
    ],
  ] as const) {
    test(what, () => {
      const client = clientOf(message);
      expect(client.clientKey).toBe(clientKey);
      expect(client.mac).toBe(mac);
    });
  }

  test('and who tells nothing of itself is met with silence', () => {
    expect(readClient(requestOf('DHCPDISCOVER', { chaddr: new Uint8Array(6) }))).toMatchObject({
      silent: 'malformed',
      because: expect.stringContaining('neither a hardware address nor a client identifier'),
    });
  });
});

describe('what a client says of itself is kept plain and short', () => {
  for (const [text, hostname] of [
    ['Web-1', 'web-1'],
    ['web-1.lab.example', 'web-1.lab.example'],
    ['web 1', undefined],
    ['<script>', undefined],
    ['-x', undefined],
    ['', undefined],
    ['x'.repeat(254), undefined],
  ] as const) {
    test(`host name "${text.slice(0, 20)}"`, () =>
      expect(clientOf(discover((b) => b.set(Options.hostname, text))).hostname).toBe(hostname));
  }

  test('the vendor class has no control characters and no more than 255 letters', () => {
    const client = clientOf(discover((b) => b.set(Options.classId, `a\u001B[31m\n${'x'.repeat(500)}`)));
    expect(client.vendorClass).toMatch(/^a \[31m x+$/);
    expect(client.vendorClass).toHaveLength(255);
  });

  test('user classes are few', () => {
    const classes = Array.from({ length: 40 }, (_, index) => `class ${index}`);
    expect(clientOf(discover((b) => b.set(Options.userClass, classes))).userClasses).toHaveLength(8);
  });

  test('a UUID that thousands of boards share is none', () => {
    expect(clientOf(discover((b) => b.setRaw(97, new Uint8Array(17)))).uuid).toBeUndefined();
  });
});

test('readClient takes whatever decodes', () => {
  const packet = fc.constantFrom(...GOLDEN_PACKETS.map(({ bytes }) => bytes));
  const patches = fc.array(fc.tuple(fc.nat({ max: 299 }), fc.nat({ max: 255 })), { maxLength: 20 });
  fc.assert(
    fc.property(packet, patches, (bytes, changes) => {
      const changed = bytes.slice();
      for (const [offset, value] of changes) changed[offset] = value;
      let message: DhcpMessage;
      try {
        message = decodeMessage(changed);
      } catch {
        return;
      }
      const client = readClient(message);
      if (!('silent' in client)) expect(client.clientKey.length).toBeLessThan(600);
    }),
    { numRuns: 2000 },
  );
});
