import { expect, test } from 'vitest';
import type { Subnet } from '../core/network/subnet.ts';
import { parseIpv4, parseIpv4Network } from '../lib/addresses.ts';
import { ipv6SegmentOf } from './ipv6-segment.ts';

const served = { network: parseIpv4Network('192.168.122.0/24') };
const subnet = (mode: Subnet['mode']): Subnet => ({
  name: 'lab',
  network: served.network,
  mode,
  ranges: [],
  reservations: [],
  routers: [],
  dnsServers: [],
  defaultLeaseSeconds: 3600,
  maxLeaseSeconds: 3600,
  options: [],
});
const full = { mode: 'full' } as const;
const other = { mode: 'proxy', server: parseIpv4('192.168.122.9') } as const;
const settings = { 'ipv6.boot': 'auto', 'dhcp.port': 67 } as const;

test.each([
  ['full', full],
  ['proxy', full],
  ['auto', full],
  ['auto', other],
] as const)(
  'with a subnet in mode %s, clients are told over IPv4, and firmware over IPv6',
  (mode, verdict) => {
    expect(ipv6SegmentOf(served, [subnet(mode)], settings, verdict)).toMatchObject({
      serves: true,
      bootsOverIpv4: true,
      subnet: { name: 'lab' },
    });
  },
);

test.each([
  ['the subnet is off', [subnet('off')], settings],
  ['there is no subnet', [], settings],
  ['DHCP is off', [subnet('full')], { ...settings, 'dhcp.port': 'off' }],
] as const)('where %s, nothing is done unless it is asked for', (_, subnets, set) => {
  expect(ipv6SegmentOf(served, subnets, set, full)).toMatchObject({
    serves: false,
    because: expect.stringContaining('--set ipv6.boot=on'),
  });
  expect(ipv6SegmentOf(served, subnets, { ...set, 'ipv6.boot': 'on' }, full)).toMatchObject({
    serves: true,
    bootsOverIpv4: false,
  });
});

test('nothing is done where it is off, or on an interface that is served no more', () => {
  expect(ipv6SegmentOf(served, [subnet('full')], { ...settings, 'ipv6.boot': 'off' }, full)).toMatchObject({
    serves: false,
    because: 'boots over IPv6 are off (ipv6.boot)',
  });
  expect(ipv6SegmentOf(undefined, [subnet('full')], settings, full)).toMatchObject({ serves: false });
});
