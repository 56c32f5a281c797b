import { describe, expect, test } from 'vitest';
import { loadingOrder, moduleAliases, moduleDependencies } from './kernel-module.ts';

describe('moduleDependencies', () => {
  for (const [what, text, expected] of [
    [
      'several, with dashes made underscores',
      'x\0depends=virtio-ring,virtio\0name=a\0',
      ['virtio_ring', 'virtio'],
    ],
    ['none', '\0depends=\0', []],
    ['a module without the field', '\0license=GPL\0', []],
    ['not a field that only ends so', '\0softdepends=foo\0', []],
  ] as const) {
    test(`reads ${what}`, () => expect(moduleDependencies(Buffer.from(text, 'latin1'))).toEqual(expected));
  }
});

test('moduleAliases: each name that the kernel may ask for', () => {
  const bytes = Buffer.from('\0license=GPL\0alias=fs-nfs4\0alias=nfs4\0xalias=no\0depends=\0', 'latin1');
  expect(moduleAliases(bytes)).toEqual(['fs-nfs4', 'nfs4']);
});

describe('loadingOrder', () => {
  const table: Readonly<Record<string, readonly string[]>> = {
    virtio_net: ['net_failover', 'virtio'],
    net_failover: ['failover'],
    failover: [],
    virtio: [],
    ring_a: ['ring_b'],
    ring_b: ['ring_a'],
  };
  const order = (...names: readonly string[]) => loadingOrder(names, (name) => table[name]);

  test('puts what a module needs before it, each once', () => {
    expect(order('virtio_net', 'virtio')).toEqual(['failover', 'net_failover', 'virtio', 'virtio_net']);
  });
  test('leaves out what the kernel has built in', () =>
    expect(order('ext2', 'failover')).toEqual(['failover']));
  test('does not hang on a ring', () => expect(order('ring_a')).toEqual(['ring_b', 'ring_a']));
});
