import { expect, test } from 'vitest';
import { listIpv6Addresses } from './ipv6-addresses.ts';

const TABLE = `00000000000000000000000000000001 01 80 10 80       lo
fe8000000000000050540000ff000001 02 40 20 80      br0
fd000000000000000000000000000001 02 40 00 80      br0
20010db8000000000000000000000001 02 40 00 00      br0
20010db800000000aaaabbbbccccdddd 02 40 00 01      br0
20010db8000000000000000000000002 02 40 00 20      br0
fe80000000000000505400fffe000003 03 40 20 c0     eth1
fd000000000000000000000000000003 03 40 00 88     eth1
`;

test('the addresses of an interface are told apart by how far they reach, without those that cannot be served', () => {
  expect([...listIpv6Addresses(TABLE)]).toEqual([
    [2, { linkLocal: 'fe80::5054:0:ff00:1', global: ['fd00::1', '2001:db8::1'] }],
  ]);
});

test('a kernel without IPv6 has none', () => {
  expect([...listIpv6Addresses('')]).toEqual([]);
});

test('this computer has its loopback address in the table, which is of no interface to machines', () => {
  for (const { linkLocal, global } of listIpv6Addresses().values())
    expect([linkLocal, ...global]).not.toContain('::1');
});
