import { describe, expect, test } from 'vitest';
import { parseMac } from '../../lib/addresses.ts';
import { networkWords } from './network-words.ts';
import { readVariables } from './read-variables.ts';

const MACHINE = { macs: [parseMac('52:54:00:12:34:56')] };

function wordsOf(variables: Readonly<Record<string, string>>): unknown {
  const read = readVariables(variables, {});
  return read.read ? networkWords(read.values, MACHINE) : read.because;
}

describe('the network in the words of installers', () => {
  for (const [name, variables, expected] of [
    ['by DHCP, on the first card', {}, { fixed: false, mac: '52:54:00:12:34:56', device: '' }],
    [
      'a fixed address',
      { address: '10.1.2.3', prefix: '20', gateway: '10.1.0.1', dns_servers: '10.1.0.1 fd00::1' },
      {
        fixed: true,
        address: '10.1.2.3',
        prefix: 20,
        netmask: '255.255.240.0',
        gateway: '10.1.0.1',
        dns_servers: ['10.1.0.1', 'fd00::1'],
      },
    ],
    ['one address alone', { address: '10.1.2.3', prefix: '32' }, { netmask: '255.255.255.255', gateway: '' }],
    ['a card by name', { interface: 'eno1' }, { mac: '', device: 'eno1' }],
    ['a card by address', { interface: '52:54:00:AB:CD:EF' }, { mac: '52:54:00:ab:cd:ef', device: '' }],
  ] as const) {
    test(name, () => expect(wordsOf(variables)).toMatchObject(expected));
  }
});

describe('what cannot hold together is refused', () => {
  for (const [name, variables, because] of [
    [
      'a router elsewhere',
      { address: '10.1.2.3', gateway: '10.1.3.1' },
      'gateway is 10.1.3.1, which is not in 10.1.2.0/24',
    ],
    ['a router without an address', { gateway: '10.1.2.1' }, 'gateway is set and address is not'],
  ] as const) {
    test(name, () => expect(wordsOf(variables)).toContain(because));
  }
});

test('a machine without a MAC address has no card', () => {
  const read = readVariables({}, {});
  expect(read.read && networkWords(read.values, { macs: [] })).toMatchObject({ mac: '', device: '' });
});
