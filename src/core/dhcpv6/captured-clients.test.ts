import { expect, test } from 'vitest';
import { parseIpv6 } from '../../lib/ipv6-address.ts';
import { goldenPacket } from '../../protocols/dhcpv6/suite/packets.ts';
import { Options } from '../../protocols/dhcpv6/options.ts';
import { decideAnswer, type Dhcpv6Door } from './decide-answer.ts';
import { readDhcpv6Client } from './read-client.ts';

/** Of the machine that was captured, with the card 52:54:00:4d:55:01. */
const SOURCE = parseIpv6('fe80::5054:ff:fe4d:5501');
const MUSTER = Uint8Array.from(Buffer.from('00043265cff177108a86aa466490f6db4f7d', 'hex'));

const silent = (kind: string) => expect.objectContaining({ silent: kind });

test.each([
  ['ovmf-ip-solicit', 'server', 'operating system', silent('noFirmware')],
  ['ovmf-pxe-solicit', 'server', 'firmware', 'ADVERTISE'],
  ['ovmf-pxe-request', 'server', 'firmware', silent('otherServer')],
  ['ovmf-pxe-request-4011', 'boot server', 'firmware', 'REPLY'],
  ['ipxe-solicit', 'server', 'ipxe', silent('notAsked')],
  ['ipxe-request', 'server', 'ipxe', silent('otherServer')],
] as const)('%s at the %s comes from %s', (name, door: Dhcpv6Door, stage, expected) => {
  const packet = goldenPacket(name);
  const client = readDhcpv6Client(packet, SOURCE);
  expect(client.boot.stage).toBe(stage);
  expect(client.card?.mac).toBe('52:54:00:4d:55:01');
  expect(decideAnswer({ message: packet.message, client, door, ownId: MUSTER })).toEqual(expected);
});

test('the addresses that they take from the other server are read', () => {
  const addressesOf = (name: string) => readDhcpv6Client(goldenPacket(name), SOURCE).addresses;
  expect(addressesOf('ovmf-pxe-request')).toEqual(['fd00:4d55::1d1']);
  expect(addressesOf('ipxe-request')).toEqual(['fd00:4d55::167']);
  expect(addressesOf('ovmf-pxe-request-4011')).toEqual([]);
});

test('iPXE on a machine without a UUID has one of zeros, which names nobody', () => {
  const packet = goldenPacket('ipxe-solicit');
  expect(Buffer.from(packet.message.options.get(Options.clientId)!).toString('hex')).toBe(
    `0004${'00'.repeat(16)}`,
  );
  expect(readDhcpv6Client(packet, SOURCE).uuids).toEqual([]);
});
