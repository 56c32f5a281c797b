import { describe, expect, test } from 'vitest';
import { parseIpv4, parseIpv4Network, parseMac, UNSPECIFIED } from '../../lib/addresses.ts';
import type { AddressRange, Subnet } from './subnet.ts';
import { MAX_RANGES, MAX_RESERVATIONS, objectToSubnet } from './subnet-rules.ts';

const range = (first: string, last: string): AddressRange => ({
  first: parseIpv4(first),
  last: parseIpv4(last),
});
const mac = parseMac('52:54:00:12:34:56');
const otherMac = parseMac('52:54:00:65:43:21');

/** The classic configuration. */
const LAB: Subnet = {
  name: 'lab',
  network: parseIpv4Network('192.168.122.0/24'),
  mode: 'full',
  ranges: [range('192.168.122.100', '192.168.122.200')],
  reservations: [{ mac, address: parseIpv4('192.168.122.10'), hostname: 'web-1' }],
  routers: [parseIpv4('192.168.122.1')],
  dnsServers: [parseIpv4('8.8.8.8')],
  domainName: 'lab.example',
  defaultLeaseSeconds: 21_600,
  maxLeaseSeconds: 43_200,
  nextServer: parseIpv4('192.168.122.1'),
  bootFile: 'pxelinux.0',
  options: [{ code: 42, text: '192.168.122.1', hex: 'c0a87a01' }],
};

const reservation = (address: string, who = mac): Subnet['reservations'][number] => ({
  mac: who,
  address: parseIpv4(address),
});

const port = (address: string): NonNullable<Subnet['portReservations']>[number] => ({
  circuitId: 'eth0/7',
  address: parseIpv4(address),
});

describe('objectToSubnet has nothing against', () => {
  for (const [what, change] of [
    ['the classic configuration', {}],
    ['a subnet with nothing to give', { ranges: [], reservations: [], routers: [] }],
    ['the whole of a network', { ranges: [range('192.168.122.1', '192.168.122.254')] }],
    [
      'ranges that touch',
      { ranges: [range('192.168.122.20', '192.168.122.30'), range('192.168.122.10', '192.168.122.19')] },
    ],
    ['a range of one address', { ranges: [range('192.168.122.7', '192.168.122.7')] }],
    ['a reservation inside a range', { reservations: [reservation('192.168.122.150')] }],
    ['leases that never end', { defaultLeaseSeconds: 0xffff_ffff, maxLeaseSeconds: 0xffff_ffff }],
    [
      'a port for each of two relays',
      { portReservations: [port('192.168.122.20'), { ...port('192.168.122.21'), remoteId: 'rack2' }] },
    ],
    ['times of its own', { minLeaseSeconds: 60, renewalPercent: 25, rebindingPercent: 75.5 }],
    ['an underscore in the domain', { domainName: '_tcp.lab.example' }],
    ['a boot file of 127 bytes', { bootFile: 'f'.repeat(127) }],
  ] as const) {
    test(what, () => expect(objectToSubnet({ ...LAB, ...change }, [])).toBeUndefined());
  }

  test('its own former self, and neighbours', () => {
    const next: Subnet = { ...LAB, name: 'next', network: parseIpv4Network('192.168.123.0/24') };
    expect(objectToSubnet(LAB, [LAB, next])).toBeUndefined();
  });
});

describe('objectToSubnet names what is wrong and what to do', () => {
  for (const [what, change, text] of [
    ['a name with a space', { name: 'my lab' }, /cannot be called "my lab"/],
    ['a name without letters', { name: '' }, /1 to 63 letters/],
    ['a network of two addresses', { network: parseIpv4Network('192.168.122.0/31') }, /8 to 30 bits/],
    ['the whole internet', { network: parseIpv4Network('0.0.0.0/0') }, /8 to 30 bits/],
    [
      'a range that runs backwards',
      { ranges: [range('192.168.122.200', '192.168.122.100')] },
      /^range 192\.168\.122\.200-192\.168\.122\.100 runs backwards: put the lower address first$/,
    ],
    [
      'a range outside of the network',
      { ranges: [range('192.168.122.100', '192.168.123.20')] },
      /^range .* does not fit: 192\.168\.123\.20 is outside of 192\.168\.122\.0\/24$/,
    ],
    [
      'the network address',
      { ranges: [range('192.168.122.0', '192.168.122.9')] },
      /network itself, start one higher/,
    ],
    [
      'the broadcast address',
      { ranges: [range('192.168.122.200', '192.168.122.255')] },
      /broadcast address of the network, end one lower/,
    ],
    [
      'ranges that overlap, however they are ordered',
      { ranges: [range('192.168.122.50', '192.168.122.60'), range('192.168.122.10', '192.168.122.50')] },
      /^ranges 192\.168\.122\.10-192\.168\.122\.50 and 192\.168\.122\.50-192\.168\.122\.60 overlap/,
    ],
    [
      'a reservation elsewhere',
      { reservations: [reservation('10.0.0.7')] },
      /10\.0\.0\.7 for 52:54.*outside of/,
    ],
    [
      'a card with two reservations',
      { reservations: [reservation('192.168.122.10'), reservation('192.168.122.11')] },
      /^52:54:00:12:34:56 has two reservations in subnet lab: keep one$/,
    ],
    [
      'an address reserved twice',
      { reservations: [reservation('192.168.122.10'), reservation('192.168.122.10', otherMac)] },
      /^192\.168\.122\.10 is reserved for both 52:54:00:12:34:56 and 52:54:00:65:43:21/,
    ],
    [
      "a router's address reserved",
      { reservations: [reservation('192.168.122.1')] },
      /it is the address of a router/,
    ],
    [
      'a host name with a space',
      { reservations: [{ ...reservation('192.168.122.10'), hostname: 'web 1' }] },
      /"web 1", the host name of/,
    ],
    [
      'a router elsewhere',
      { routers: [parseIpv4('10.0.0.1')] },
      /^router 10\.0\.0\.1 is outside of 192\.168\.122\.0\/24/,
    ],
    ['a short lease', { defaultLeaseSeconds: 59 }, /59 s is too short: 60 s is the least/],
    [
      'a default below the shortest',
      { minLeaseSeconds: 3600, defaultLeaseSeconds: 1800 },
      /1800 s is too short: 3600 s is the least/,
    ],
    ['a shortest lease that is too short', { minLeaseSeconds: 5 }, /shortest lease time of 5 s is too short/],
    [
      'rebinding before renewing',
      { renewalPercent: 90 },
      /cannot renew at 90 % of their lease and rebind at 87\.5 %/,
    ],
    ['rebinding after the end', { rebindingPercent: 100 }, /rebind at 100 %/],
    [
      'a shared network with a space',
      { sharedNetwork: 'my hall' },
      /shared network cannot be called "my hall"/,
    ],
    [
      'a port with two reservations',
      { portReservations: [port('192.168.122.20'), port('192.168.122.21')] },
      /^port eth0\/7 has two reservations in subnet lab: keep one$/,
    ],
    [
      'an address reserved for a card and a port',
      { portReservations: [port('192.168.122.10')] },
      /^192\.168\.122\.10 is reserved for both 52:54:00:12:34:56 and port eth0\/7/,
    ],
    [
      'a default above the longest',
      { maxLeaseSeconds: 21_599 },
      /21600 s is longer than the longest one, 21599 s/,
    ],
    ['half a second', { defaultLeaseSeconds: 300.5 }, /whole number of seconds.*not 300\.5/],
    ['more than for ever', { maxLeaseSeconds: 0x1_0000_0000 }, /whole number of seconds/],
    ['a boot file too long', { bootFile: 'f'.repeat(128) }, /1 to 127 bytes/],
    ['a boot file with a line break', { bootFile: 'a\nb' }, /cannot be the boot file/],
    ['a domain with an empty label', { domainName: 'lab..example' }, /"lab\.\.example" is no domain name/],
    ['no next server', { nextServer: UNSPECIFIED }, /cannot be 0\.0\.0\.0/],
    [
      'an option of ours',
      { options: [{ code: 54, text: '', hex: '' }] },
      /option 54 cannot be set: it is the address of this server/,
    ],
    [
      'an option twice',
      { options: [...LAB.options, ...LAB.options] },
      /option 42 is given twice in subnet lab/,
    ],
    ['an option without bytes', { options: [{ code: 42, text: 'x', hex: 'xyz' }] }, /holds no bytes/],
    [
      'too many ranges',
      { ranges: Array.from({ length: MAX_RANGES + 1 }, () => range('192.168.122.10', '192.168.122.10')) },
      /subnet lab has 65 ranges: 64 is the most/,
    ],
    [
      'too many reservations',
      { reservations: Array.from({ length: MAX_RESERVATIONS + 1 }, () => reservation('192.168.122.10')) },
      /10001 reservations/,
    ],
  ] as const) {
    test(what, () => expect(objectToSubnet({ ...LAB, ...change }, [])).toMatch(text));
  }

  test('a network inside that of another subnet, and the other way round', () => {
    const wide: Subnet = { ...LAB, name: 'wide', network: parseIpv4Network('192.168.0.0/16') };
    expect(objectToSubnet(LAB, [wide])).toBe(
      'subnets lab (192.168.122.0/24) and wide (192.168.0.0/16) overlap: change one, or remove wide first',
    );
    expect(objectToSubnet(wide, [LAB])).toMatch(/^subnets wide .* and lab .* overlap/);
  });
});
