import { describe, expect, test } from 'vitest';
import { parseIpv6 } from '../../lib/ipv6-address.ts';
import { bootFileUrl } from './boot-url.ts';
import { otherDhcpv6ServerLines } from './other-server-lines.ts';
import { serverAddressFor } from './server-address.ts';

const LINK_LOCAL = parseIpv6('fe80::1');
const GLOBAL = parseIpv6('fd00::1');
const own = { linkLocal: LINK_LOCAL, global: [GLOBAL, parseIpv6('2001:db8::1')] };
const pxe = { bootClass: 'PXEClient', boot: { stage: 'firmware' } } as const;
const http = { bootClass: 'HTTPClient', boot: { stage: 'firmware' } } as const;

test.each([
  ['snponly.efi', 'tftp://[fd00::1]/snponly.efi'],
  ['images/debian 12/shim.efi', 'tftp://[fd00::1]/images/debian%2012/shim.efi'],
  ['/boot/a.efi', 'tftp://[fd00::1]/boot/a.efi'],
  ['http://[fd00::1]:8080/boot/a.efi', 'http://[fd00::1]:8080/boot/a.efi'],
  ['https://boot.example/a.iso', 'https://boot.example/a.iso'],
])('%s is said as %s', (file, url) => expect(bootFileUrl(file, GLOBAL)).toBe(url));

describe('the address of this server in it', () => {
  const choose = (
    client: typeof pxe | typeof http,
    answer: 'ADVERTISE' | 'REPLY',
    isRelayed = false,
    addresses: Parameters<typeof serverAddressFor>[0] = own,
  ) => serverAddressFor(addresses, { client, answer, isRelayed });

  test.each([
    [
      'the offer for PXE: the one that is reached before the client has its own',
      pxe,
      'ADVERTISE',
      LINK_LOCAL,
    ],
    ['the reply for PXE', pxe, 'REPLY', GLOBAL],
    ['the offer for HTTP Boot', http, 'ADVERTISE', GLOBAL],
  ] as const)('%s', (_, client, answer, expected) => expect(choose(client, answer)).toBe(expected));

  test('is the only one there is', () => {
    expect(choose(http, 'ADVERTISE', false, { linkLocal: LINK_LOCAL, global: [] })).toBe(LINK_LOCAL);
    expect(choose(pxe, 'ADVERTISE', false, { global: [GLOBAL] })).toBe(GLOBAL);
  });

  test('reaches beyond the link for a client behind a relay, or there is none', () => {
    expect(choose(pxe, 'ADVERTISE', true)).toBe(GLOBAL);
    expect(choose(pxe, 'ADVERTISE', true, { linkLocal: LINK_LOCAL, global: [] })).toEqual({
      silent: 'noAddress',
      because: expect.stringContaining('behind a relay'),
    });
    expect(choose(pxe, 'REPLY', false, { global: [] })).toMatchObject({ silent: 'noAddress' });
  });
});

test('each other make of server has its lines, with the URL in them', () => {
  const lines = otherDhcpv6ServerLines('http://[fd00::1]:8080/boot/boot.ipxe');
  expect(lines).toContain(
    'dnsmasq: dhcp-option=tag:ipxe6,option6:bootfile-url,http://[fd00::1]:8080/boot/boot.ipxe',
  );
  expect(new Set(lines.map((line) => line.split(':')[0]))).toEqual(new Set(['dnsmasq', 'Kea', 'ISC dhcpd']));
});
