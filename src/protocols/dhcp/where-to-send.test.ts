import { expect, test } from 'vitest';
import { parseIpv4, UNSPECIFIED } from '../../lib/addresses.ts';
import type { DhcpMessage } from './message.ts';
import { DhcpOptionsBuilder, MessageType, Options } from './options.ts';
import { ethernetAddress, whereToSend } from './where-to-send.ts';

const withType = (type: number): DhcpMessage['options'] =>
  new DhcpOptionsBuilder().set(Options.messageType, type).build();

const relay = parseIpv4('10.9.0.1');
const held = parseIpv4('192.168.122.101');

const OFFER: DhcpMessage = {
  op: 'BOOTREPLY',
  htype: 1,
  hlen: 6,
  hops: 0,
  xid: 1,
  secs: 0,
  broadcast: false,
  ciaddr: UNSPECIFIED,
  yiaddr: parseIpv4('192.168.122.100'),
  siaddr: UNSPECIFIED,
  giaddr: UNSPECIFIED,
  chaddr: Uint8Array.of(0x52, 0x54, 0, 0x12, 0x34, 0x56),
  sname: '',
  file: '',
  options: withType(MessageType.DHCPOFFER),
};
const NAK = { yiaddr: UNSPECIFIED, options: withType(MessageType.DHCPNAK) };
const hardware = { to: 'hardware', mac: '52:54:00:12:34:56', address: '192.168.122.100' };

for (const [rule, change, expected] of [
  [
    'to the relay whenever there is one',
    { giaddr: relay, ciaddr: held, broadcast: true },
    { to: 'relay', address: relay, port: 67 },
  ],
  [
    'to the port the relay sends from, where it says so (RFC 8357)',
    {
      giaddr: relay,
      options: new DhcpOptionsBuilder().set(Options.relayAgent, Uint8Array.of(1, 1, 7, 19, 0)).build(),
    },
    { to: 'relay', address: relay, port: 1067 },
  ],
  ['a NAK to the relay too', { ...NAK, giaddr: relay }, { to: 'relay', address: relay, port: 67 }],
  ['a NAK to everyone, even to a client with an address', { ...NAK, ciaddr: held }, { to: 'broadcast' }],
  [
    'to the address the client has',
    { ciaddr: held, broadcast: true },
    { to: 'client address', address: held, port: 68 },
  ],
  ['to everyone where the client says it hears nothing else', { broadcast: true }, { to: 'broadcast' }],
  ['else straight to the hardware address', {}, hardware],
  ['to everyone where there is no address to give', { yiaddr: UNSPECIFIED }, { to: 'broadcast' }],
  [
    'to everyone over InfiniBand (RFC 4390)',
    { htype: 32, hlen: 0, chaddr: new Uint8Array(0) },
    { to: 'broadcast' },
  ],
  [
    'to everyone where chaddr is a group address',
    { chaddr: new Uint8Array(6).fill(255) },
    { to: 'broadcast' },
  ],
  ['to everyone where chaddr is all zero', { chaddr: new Uint8Array(6) }, { to: 'broadcast' }],
] as const) {
  test(`whereToSend: ${rule}`, () => expect(whereToSend({ ...OFFER, ...change }, 1067)).toEqual(expected));
}

test('ethernetAddress gives only what is the address of a network card', () => {
  expect(ethernetAddress(OFFER)).toBe('52:54:00:12:34:56');
  expect(ethernetAddress({ htype: 32, chaddr: OFFER.chaddr })).toBeUndefined();
  expect(ethernetAddress({ htype: 1, chaddr: new Uint8Array(16).fill(6) })).toBeUndefined();
  expect(ethernetAddress({ htype: 1, chaddr: new Uint8Array(6).fill(255) })).toBeUndefined();
});
