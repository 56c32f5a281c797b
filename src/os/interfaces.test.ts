import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { describe, expect, test } from 'vitest';
import { networkOf, parseIpv4 } from '../lib/addresses.ts';
import { type InterfaceTraits, kindOfInterface } from './interface-kind.ts';
import { listInterfaces, type NetworkInterface } from './interfaces.ts';
import { compareInterfaces } from './watch-interfaces.ts';

describe('listInterfaces', () => {
  for (const [way, list] of [
    ['with the C library', () => listInterfaces()],
    ['with Node alone', () => listInterfaces({ unavailable: true, because: 'this test wants it so' })],
  ] as const) {
    test(`shows the addresses that Node knows, ${way}`, () => {
      const known = Object.entries(networkInterfaces()).flatMap(([name, rows]) =>
        (rows ?? []).filter(({ family }) => family === 'IPv4').map(({ address }) => `${name} ${address}`),
      );
      const shown = list().flatMap(({ name, addresses }) =>
        addresses.map(({ address }) => `${name} ${address}`),
      );
      expect(known.length).toBeGreaterThan(0);
      expect(shown).toEqual(expect.arrayContaining(known));
    });

    test(`knows the loopback interface, ${way}`, () => {
      const address = parseIpv4('127.0.0.1');
      expect(list().find(({ name }) => name === 'lo')).toEqual({
        name: 'lo',
        index: 1,
        mtu: Number(readFileSync('/sys/class/net/lo/mtu', 'utf8')),
        kind: 'loopback',
        up: true,
        carrier: true,
        addresses: expect.arrayContaining([{ address, network: networkOf(address, 8) }]),
      });
    });
  }
});

describe('kindOfInterface', () => {
  const cases: readonly [Partial<InterfaceTraits> & { name: string }, string][] = [
    [{ name: 'lo', hardwareType: 772 }, 'loopback'],
    [{ name: 'enp0s31f6', hardwareType: 1 }, 'ethernet'],
    [{ name: 'eth0' }, 'ethernet'],
    [{ name: 'wlp2s0', hardwareType: 1, isWireless: true }, 'wireless'],
    [{ name: 'wlan0', hardwareType: 1, deviceType: 'wlan' }, 'wireless'],
    [{ name: 'br0', hardwareType: 1, deviceType: 'bridge' }, 'bridge'],
    [{ name: 'docker0', hardwareType: 1, deviceType: 'bridge' }, 'container'],
    [{ name: 'br-0123456789ab', hardwareType: 1, deviceType: 'bridge' }, 'container'],
    [{ name: 'br-lan', hardwareType: 1, deviceType: 'bridge' }, 'bridge'],
    [{ name: 'virbr0', hardwareType: 1, deviceType: 'bridge' }, 'container'],
    [{ name: 'vmnet8', hardwareType: 1 }, 'container'],
    [{ name: 'veth1a2b3c', hardwareType: 1 }, 'container'],
    [{ name: 'eth0.100', hardwareType: 1, deviceType: 'vlan' }, 'vlan'],
    [{ name: 'bond0', hardwareType: 1, deviceType: 'bond' }, 'bond'],
    [{ name: 'tap0', hardwareType: 1, tunFlags: 0x1002 }, 'tap'],
    [{ name: 'tun0', hardwareType: 65534, tunFlags: 0x1001 }, 'tunnel'],
    [{ name: 'wg0', hardwareType: 65534, deviceType: 'wireguard' }, 'tunnel'],
    [{ name: 'ppp0', hardwareType: 512 }, 'tunnel'],
    [{ name: 'ib0', hardwareType: 32 }, 'other'],
  ];
  for (const [traits, kind] of cases) {
    test(`${traits.name} is ${kind}`, () =>
      expect(kindOfInterface({ isWireless: false, ...traits })).toBe(kind));
  }
});

describe('compareInterfaces', () => {
  const eth0: NetworkInterface = {
    name: 'eth0',
    index: 2,
    kind: 'ethernet',
    up: true,
    carrier: true,
    addresses: [],
  };
  const eth1: NetworkInterface = { ...eth0, name: 'eth1', index: 3 };
  const unplugged = { ...eth0, carrier: false };
  const madeAnew = { ...eth1, index: 7 };
  for (const [what, before, now, came, went, changed] of [
    ['nothing', [eth0, eth1], [eth0, { ...eth1 }], [], [], []],
    ['a new interface', [eth0], [eth0, eth1], [eth1], [], []],
    ['one less', [eth0, eth1], [eth0], [], [eth1], []],
    ['a cable that was pulled', [eth0, eth1], [unplugged, eth1], [], [], [unplugged]],
    ['one that was made anew under its name', [eth0, eth1], [eth0, madeAnew], [madeAnew], [eth1], []],
  ] as const) {
    test(what, () => expect(compareInterfaces(before, now)).toEqual({ came, went, changed, now }));
  }
});
