import { describe, expect, test } from 'vitest';
import { networkOf, parseIpv4 } from '../../lib/addresses.ts';
import { chooseInterfaces, type InterfaceCandidate } from './choose-interfaces.ts';

const at = (text: string): InterfaceCandidate['addresses'][number] => {
  const address = parseIpv4(text);
  return { address, network: networkOf(address, 24) };
};

const ETH0: InterfaceCandidate = {
  name: 'eth0',
  kind: 'ethernet',
  up: true,
  carrier: true,
  addresses: [at('192.168.1.10')],
};
const LO: InterfaceCandidate = { ...ETH0, name: 'lo', kind: 'loopback', addresses: [at('127.0.0.1')] };

type Change = Partial<InterfaceCandidate>;

describe('chooseInterfaces, left to itself', () => {
  for (const [what, change, because] of [
    ['an Ethernet card', {}, 'it is Ethernet, has a carrier and 192.168.1.10 in 192.168.1.0/24'],
    ['a bridge', { kind: 'bridge' }, 'it is a bridge, has a carrier and 192.168.1.10 in 192.168.1.0/24'],
    ['a VLAN', { kind: 'vlan' }, 'it is a VLAN, has a carrier and 192.168.1.10 in 192.168.1.0/24'],
    ['a bond', { kind: 'bond' }, 'it is a bond, has a carrier and 192.168.1.10 in 192.168.1.0/24'],
    ['a tap', { kind: 'tap' }, 'it is a tap, has a carrier and 192.168.1.10 in 192.168.1.0/24'],
    [
      'a card with a link-local address before its real one',
      { addresses: [at('169.254.3.4'), at('10.0.0.1'), at('10.0.1.1')] },
      'it is Ethernet, has a carrier and 10.0.0.1 in 10.0.0.0/24',
    ],
  ] as readonly (readonly [string, Change, string])[]) {
    test(`serves ${what}`, () => {
      const { serve, leave } = chooseInterfaces([{ ...ETH0, ...change }]);
      expect(serve.map((one) => one.because)).toEqual([because]);
      expect(leave).toEqual([]);
    });
  }

  for (const [what, change, because] of [
    ['the loopback interface', { kind: 'loopback' }, 'it is the loopback interface'],
    [
      'a network of containers',
      { kind: 'container' },
      'it belongs to containers or virtual machines of this host',
    ],
    ['wireless', { kind: 'wireless' }, 'it is wireless, and machines do not boot over that'],
    ['a tunnel', { kind: 'tunnel' }, 'it is a tunnel'],
    ['what is not Ethernet', { kind: 'other' }, 'it is not Ethernet'],
    ['a port of a bridge', { master: 'br0' }, 'it is a port of br0, which gets what arrives here'],
    ['what is down', { up: false, carrier: false }, 'it is down'],
    [
      'what has no carrier',
      { carrier: false },
      'it has no carrier: no cable, or nothing switched on at its other end',
    ],
    ['what has no address', { addresses: [] }, 'it has no IPv4 address: `ip address add A.B.C.D/N dev eth0`'],
    [
      'what has only a link-local address',
      { addresses: [at('169.254.3.4')] },
      'it has no IPv4 address but a link-local one: `ip address add A.B.C.D/N dev eth0`',
    ],
  ] as readonly (readonly [string, Change, string])[]) {
    test(`leaves ${what}`, () => {
      expect(chooseInterfaces([{ ...ETH0, ...change }])).toEqual({
        serve: [],
        leave: [{ name: 'eth0', because }],
      });
    });
  }

  test('serves every one that can be served, in their order', () => {
    const eth1 = { ...ETH0, name: 'eth1', addresses: [at('10.1.0.1')] };
    const { serve, leave } = chooseInterfaces([LO, ETH0, eth1]);
    expect(serve.map((one) => [one.interface, one.address, one.network])).toEqual([
      [ETH0, '192.168.1.10', networkOf(parseIpv4('192.168.1.0'), 24)],
      [eth1, '10.1.0.1', networkOf(parseIpv4('10.1.0.0'), 24)],
    ]);
    expect(leave.map((one) => one.name)).toEqual(['lo']);
  });
});

describe('chooseInterfaces, with wishes', () => {
  for (const [what, change] of [
    ['whatever its kind', { kind: 'wireless' }],
    ['also without carrier: the machine at the other end may be off', { carrier: false }],
  ] as readonly (readonly [string, Change])[]) {
    test(`serves the named one ${what}`, () => {
      const { serve } = chooseInterfaces([LO, { ...ETH0, ...change }], ['eth0']);
      expect(serve.map((one) => one.because)).toEqual([
        'it was asked for, and has 192.168.1.10 in 192.168.1.0/24',
      ]);
    });
  }

  for (const [what, change, because] of [
    ['is down', { up: false }, 'it is down: `ip link set eth0 up`'],
    ['is a port of a bridge', { master: 'br0' }, 'it is a port of br0, which gets what arrives here'],
    ['has no address', { addresses: [] }, 'it has no IPv4 address: `ip address add A.B.C.D/N dev eth0`'],
  ] as readonly (readonly [string, Change, string])[]) {
    test(`says why not when the named one ${what}`, () => {
      expect(chooseInterfaces([{ ...ETH0, ...change }], ['eth0']).leave).toEqual([{ name: 'eth0', because }]);
    });
  }

  test('says when the named one is not there, and leaves the others', () => {
    expect(chooseInterfaces([LO, ETH0], ['eth7']).leave).toEqual([
      { name: 'lo', because: 'others were asked for' },
      { name: 'eth0', because: 'others were asked for' },
      { name: 'eth7', because: 'there is no interface of this name; there are eth0' },
    ]);
  });
});
