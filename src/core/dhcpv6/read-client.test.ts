import { expect, test } from 'vitest';
import { parseMac } from '../../lib/addresses.ts';
import { parseIpv6 } from '../../lib/ipv6-address.ts';
import { optionOf, Options } from '../../protocols/dhcpv6/options.ts';
import {
  CARD,
  edk2Asks,
  ipxeAsks,
  LINK_LOCAL,
  packetOf,
  relayLayer,
  relayTells,
  systemAsks,
} from '../../protocols/dhcpv6/suite/packets.ts';
import { readDhcpv6Client } from './read-client.ts';

/** An address that no card makes of its own. */
const PRIVATE = parseIpv6('fe80::1234:5678:9abc:def0');

test('EDK2 for HTTP Boot', () => {
  expect(readDhcpv6Client(edk2Asks('http'), LINK_LOCAL)).toMatchObject({
    duid: '000100012c5d6f00525400123456',
    card: { mac: CARD, knownBy: 'its link-local address' },
    bootClass: 'HTTPClient',
    vendorClass: 'HTTPClient:Arch:00016:UNDI:003000',
    asksForBootFile: true,
    boot: { stage: 'firmware', architecture: 16 },
  });
});

test('iPXE, which calls itself a PXEClient too', () => {
  expect(readDhcpv6Client(ipxeAsks('INFORMATION-REQUEST'), LINK_LOCAL)).toMatchObject({
    uuids: ['12345678-9abc-def0-1122-334455667788', '78563412-bc9a-f0de-1122-334455667788'],
    bootClass: 'PXEClient',
    boot: { stage: 'ipxe', architecture: 7, bootsOverHttp: true },
  });
});

test('an operating system', () => {
  expect(readDhcpv6Client(systemAsks('SOLICIT'), LINK_LOCAL)).toMatchObject({
    asksForBootFile: false,
    bootClass: undefined,
    boot: { stage: 'operating system' },
  });
});

test('a class of another enterprise is none', () => {
  const options = [optionOf(Options.vendorClass, { enterprise: 311, classes: ['PXEClient'] })];
  expect(readDhcpv6Client(packetOf({ options }), LINK_LOCAL)).toMatchObject({
    bootClass: undefined,
    boot: { stage: 'operating system' },
  });
});

test.each([
  [
    'its relay comes first',
    [relayLayer([relayTells(parseMac('52:54:00:00:00:99'))])],
    LINK_LOCAL,
    '52:54:00:00:00:99',
    'its relay (option 79)',
  ],
  [
    'then the address that its relay got it from',
    [relayLayer()],
    parseIpv6('2001:db8::1'),
    CARD,
    'its link-local address',
  ],
  [
    'then the address it asks from',
    [],
    parseIpv6('fe80::5054:ff:fe00:7'),
    '52:54:00:00:00:07',
    'its link-local address',
  ],
  ['then the DUID', [], PRIVATE, CARD, 'its DUID'],
] as const)('the card is known by what is nearest to it: %s', (_, relays, source, mac, knownBy) => {
  expect(readDhcpv6Client(edk2Asks('pxe', { relays }), source).card).toEqual({ mac, knownBy });
});

test('nothing tells the card of an iPXE with a private address', () => {
  expect(readDhcpv6Client(ipxeAsks('SOLICIT'), PRIVATE).card).toBeUndefined();
});

test('the addresses that the client takes', () => {
  const association = { iaid: 1, t1Seconds: 0, t2Seconds: 0, addresses: [parseIpv6('fd00::155')] };
  const request = edk2Asks('pxe', { type: 'REQUEST', options: [optionOf(Options.association, association)] });
  expect(readDhcpv6Client(request, LINK_LOCAL).addresses).toEqual(['fd00::155']);
});
