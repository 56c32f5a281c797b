import { expect, test } from 'vitest';
import type { Dhcpv6Packet } from '../../protocols/dhcpv6/message.ts';
import { uuidDuid } from '../../protocols/dhcpv6/duid.ts';
import { optionOf, Options } from '../../protocols/dhcpv6/options.ts';
import {
  edk2Asks,
  ipxeAsks,
  LINK_LOCAL,
  packetOf,
  systemAsks,
} from '../../protocols/dhcpv6/suite/packets.ts';
import { decideAnswer, type Dhcpv6Door } from './decide-answer.ts';
import { readDhcpv6Client } from './read-client.ts';

const OWN = uuidDuid(new Uint8Array(16).fill(1));
const OTHER = uuidDuid(new Uint8Array(16).fill(2));
const ours = optionOf(Options.serverId, OWN);
const theirs = optionOf(Options.serverId, OTHER);
const wantsAddress = optionOf(Options.association, { iaid: 1, t1Seconds: 0, t2Seconds: 0, addresses: [] });
const firmware = optionOf(Options.clientArchitecture, [7]);
const asks = optionOf(Options.optionRequest, [59]);
const id = optionOf(Options.clientId, OTHER);

const decide = (request: Dhcpv6Packet, door: Dhcpv6Door = 'server') =>
  decideAnswer({
    message: request.message,
    client: readDhcpv6Client(request, LINK_LOCAL),
    door,
    ownId: OWN,
  });

test.each([
  ['SOLICIT of PXE firmware', edk2Asks('pxe', { options: [wantsAddress] }), 'server', 'ADVERTISE'],
  ['SOLICIT of HTTP Boot', edk2Asks('http', { options: [wantsAddress] }), 'server', 'ADVERTISE'],
  [
    'REQUEST of PXE firmware at port 4011',
    edk2Asks('pxe', { type: 'REQUEST', options: [ours] }),
    'boot server',
    'REPLY',
  ],
  ['REQUEST that names Muster', edk2Asks('pxe', { type: 'REQUEST', options: [ours] }), 'server', 'REPLY'],
  ['INFORMATION-REQUEST of iPXE', ipxeAsks('INFORMATION-REQUEST'), 'server', 'REPLY'],
  [
    'INFORMATION-REQUEST without a DUID',
    packetOf({ type: 'INFORMATION-REQUEST', options: [firmware, asks] }),
    'server',
    'REPLY',
  ],
] as const)('%s is answered', (_, request, door, answer) => expect(decide(request, door)).toBe(answer));

test.each([
  ['malformed', 'ADVERTISE is what servers say', packetOf({ type: 'ADVERTISE' })],
  ['malformed', 'SOLICIT is for every server', edk2Asks('pxe', { options: [ours] })],
  ['malformed', 'does not say whose it is', packetOf({ options: [firmware, asks] })],
  ['malformed', 'does not say which server', edk2Asks('pxe', { type: 'REQUEST' })],
  [
    'malformed',
    'asks for an address',
    edk2Asks('pxe', { type: 'INFORMATION-REQUEST', options: [wantsAddress] }),
  ],
  [
    'otherServer',
    'speaks to another server (REQUEST)',
    edk2Asks('pxe', { type: 'REQUEST', options: [theirs] }),
  ],
  ['otherServer', 'speaks to another server', ipxeAsks('INFORMATION-REQUEST', [theirs])],
  ['otherServer', 'is about an address', edk2Asks('pxe', { type: 'CONFIRM' })],
  ['otherServer', 'is about an address', edk2Asks('pxe', { type: 'RENEW', options: [ours] })],
  ['noFirmware', 'no boot firmware asks', systemAsks('SOLICIT')],
  ['noFirmware', 'no boot firmware asks', systemAsks('INFORMATION-REQUEST')],
  ['notAsked', 'does not ask for a boot file', packetOf({ options: [id, firmware] })],
  ['notAsked', 'iPXE wants an address', ipxeAsks('SOLICIT', [wantsAddress])],
  ['notAsked', 'says no class', packetOf({ options: [id, firmware, asks] })],
] as const)('silence, %s: %s', (silent, because, request) => {
  expect(decide(request)).toEqual({ silent, because: expect.stringContaining(because) });
});

test('a SOLICIT does not belong at port 4011', () => {
  expect(decide(edk2Asks('pxe'), 'boot server')).toMatchObject({ silent: 'malformed' });
});
