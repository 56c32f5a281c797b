import { expect, test } from 'vitest';
import { parseIpv4 } from '../../lib/addresses.ts';
import { Options } from '../../protocols/dhcp/options.ts';
import { goldenMessage, requestOf } from '../../protocols/dhcp/suite/packets.ts';
import { classifyRequest } from './classify-request.ts';

const server = parseIpv4('192.168.122.1');
const relay = parseIpv4('10.9.0.1');
const wanted = parseIpv4('192.168.122.100');
const held = parseIpv4('192.168.122.101');

for (const [what, request, expected] of [
  [
    'takes the offer of EDK2',
    goldenMessage('edk2-request'),
    { state: 'SELECTING', serverId: '10.0.2.2', wanted: '10.0.2.15' },
  ],
  [
    'takes the offer of iPXE',
    goldenMessage('ipxe-rom-request'),
    { state: 'SELECTING', serverId: '10.0.2.2', wanted: '10.0.2.15' },
  ],
  [
    'is SELECTING with option 54, though a ROM fills ciaddr as well',
    requestOf('DHCPREQUEST', { ciaddr: held, options: (b) => b.set(Options.dhcpServerId, server) }),
    { state: 'SELECTING', serverId: server, wanted: held },
  ],
  [
    'is SELECTING without an address, where a ROM leaves it out',
    requestOf('DHCPREQUEST', { options: (b) => b.set(Options.dhcpServerId, server) }),
    { state: 'SELECTING', serverId: server },
  ],
  [
    'comes back for its address',
    requestOf('DHCPREQUEST', { options: (b) => b.set(Options.addressRequest, wanted) }),
    { state: 'INIT-REBOOT', wanted },
  ],
  ['renews', requestOf('DHCPREQUEST', { ciaddr: held }), { state: 'RENEWING', wanted: held }],
  [
    'renews, though it sends option 50 as well',
    requestOf('DHCPREQUEST', { ciaddr: held, options: (b) => b.set(Options.addressRequest, wanted) }),
    { state: 'RENEWING', wanted: held },
  ],
  [
    'rebinds by way of a relay',
    requestOf('DHCPREQUEST', { ciaddr: held, giaddr: relay }),
    { state: 'REBINDING', wanted: held },
  ],
  [
    'renews by unicast, which the relay took up and says so (RFC 5010)',
    requestOf('DHCPREQUEST', {
      ciaddr: held,
      giaddr: relay,
      options: (b) => b.set(Options.relayAgent, Uint8Array.of(10, 1, 0x80)),
    }),
    { state: 'RENEWING', wanted: held },
  ],
  [
    'says nothing at all',
    requestOf('DHCPREQUEST'),
    {
      silent: 'malformed',
      because: 'the request names neither a server (option 54) nor an address (option 50, ciaddr)',
    },
  ],
] as const) {
  test(`classifyRequest: a client ${what}`, () => expect(classifyRequest(request)).toEqual(expected));
}
