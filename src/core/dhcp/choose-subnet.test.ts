import { describe, expect, test } from 'vitest';
import { parseIpv4, parseIpv4Network } from '../../lib/addresses.ts';
import { type DhcpOptionsBuilder, Options } from '../../protocols/dhcp/options.ts';
import { requestOf } from '../../protocols/dhcp/suite/packets.ts';
import type { Subnet } from '../network/subnet.ts';
import { chooseSubnet, chooseSubnetOfAddress } from './choose-subnet.ts';

const subnet = (name: string, network: string, mode: Subnet['mode'] = 'full'): Subnet => ({
  name,
  network: parseIpv4Network(network),
  mode,
  ranges: [],
  reservations: [],
  routers: [],
  dnsServers: [],
  defaultLeaseSeconds: 21_600,
  maxLeaseSeconds: 43_200,
  options: [],
});

const SUBNETS = [
  subnet('lab', '192.168.122.0/24'),
  subnet('floor', '10.1.0.0/16'),
  subnet('hall', '10.2.0.0/16'),
  subnet('cellar', '10.3.0.0/16'),
  subnet('shut', '10.9.0.0/16', 'off'),
];
const INGRESS = {
  interfaceName: 'eth0',
  localAddress: parseIpv4('192.168.122.1'),
  localNetwork: parseIpv4Network('192.168.122.0/24'),
};
const elsewhere = {
  ...INGRESS,
  localAddress: parseIpv4('172.16.0.1'),
  localNetwork: parseIpv4Network('172.16.0.0/24'),
};

const link = (address: string) => (builder: DhcpOptionsBuilder) =>
  builder.set(Options.relayAgent, Uint8Array.of(5, 4, ...parseIpv4(address).split('.').map(Number)));
const selection = (address: string) => (builder: DhcpOptionsBuilder) =>
  builder.set(Options.subnetSelection, parseIpv4(address));

describe('chooseSubnet goes by the surest sign of the link', () => {
  for (const [sign, request, name] of [
    [
      'link selection before all',
      requestOf('DHCPREQUEST', {
        giaddr: parseIpv4('10.2.0.1'),
        ciaddr: parseIpv4('10.3.0.7'),
        options: (builder) => selection('10.2.0.0')(link('10.1.0.0')(builder)),
      }),
      'floor',
    ],
    [
      'then subnet selection',
      requestOf('DHCPDISCOVER', { giaddr: parseIpv4('10.3.0.1'), options: selection('10.2.0.0') }),
      'hall',
    ],
    [
      'then the relay agent',
      requestOf('DHCPREQUEST', { giaddr: parseIpv4('10.3.0.1'), ciaddr: parseIpv4('10.2.0.7') }),
      'cellar',
    ],
    ['then the address the client has', requestOf('DHCPREQUEST', { ciaddr: parseIpv4('10.2.0.7') }), 'hall'],
    ['at last the interface', requestOf('DHCPDISCOVER'), 'lab'],
    ['not an old address in a DISCOVER', requestOf('DHCPDISCOVER', { ciaddr: parseIpv4('10.2.0.7') }), 'lab'],
    [
      'not an address that no subnet has',
      requestOf('DHCPREQUEST', { ciaddr: parseIpv4('172.16.9.9') }),
      'lab',
    ],
    [
      'not a link selection that no relay made',
      requestOf('DHCPDISCOVER', { options: link('10.1.0.0') }),
      'lab',
    ],
  ] as const) {
    test(sign, () => expect(chooseSubnet(request, INGRESS, SUBNETS)).toMatchObject({ name }));
  }
});

describe('chooseSubnet is silent, and says why', () => {
  for (const [what, request, ingress, because] of [
    [
      'for a relay nobody configured',
      requestOf('DHCPDISCOVER', { giaddr: parseIpv4('10.7.0.1') }),
      INGRESS,
      'no subnet is configured for the relay agent (giaddr) 10.7.0.1: muster subnet add makes one',
    ],
    [
      'for a link selection nobody configured',
      requestOf('DHCPDISCOVER', { giaddr: parseIpv4('10.1.0.1'), options: link('10.7.0.0') }),
      INGRESS,
      'no subnet is configured for link selection 10.7.0.0: muster subnet add makes one',
    ],
    [
      'for an interface without a subnet',
      requestOf('DHCPDISCOVER'),
      elsewhere,
      'no subnet is configured for 172.16.0.0/24 on eth0: muster subnet add makes one',
    ],
    [
      'for a subnet that is off',
      requestOf('DHCPDISCOVER', { giaddr: parseIpv4('10.9.0.1') }),
      INGRESS,
      'subnet shut (10.9.0.0/16) is off',
    ],
  ] as const) {
    test(what, () =>
      expect(chooseSubnet(request, ingress, SUBNETS)).toEqual({ silent: 'noSubnet', because }),
    );
  }
});

describe('at port 4011 chooseSubnetOfAddress goes by the address of the client', () => {
  for (const [what, ciaddr, source, expected] of [
    ['that it says', '10.2.0.7', '10.3.0.7', { name: 'hall' }],
    ['that it sends from, where it says none', '0.0.0.0', '10.3.0.7', { name: 'cellar' }],
    ['on the interface, also one of no subnet', '172.16.0.9', '172.16.0.9', { name: 'here' }],
    ['of a subnet that is off', '10.9.0.7', '10.9.0.7', { because: 'subnet shut (10.9.0.0/16) is off' }],
    [
      'that is in no subnet',
      '198.51.100.7',
      '198.51.100.7',
      {
        silent: 'noSubnet',
        because: 'no subnet is configured for the client address 198.51.100.7: muster subnet add makes one',
      },
    ],
  ] as const) {
    test(what, () => {
      const request = requestOf('DHCPREQUEST', { ciaddr: parseIpv4(ciaddr) });
      // The interface is in a smaller subnet than its own network.
      const subnets = [...SUBNETS, subnet('here', '172.16.0.0/29')];
      const ingress = { ...elsewhere, sourceAddress: parseIpv4(source) };
      expect(chooseSubnetOfAddress(request, ingress, subnets)).toMatchObject(expected);
    });
  }
});
