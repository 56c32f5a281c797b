import { readlinkSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  chooseScratchPlace,
  isInsidePrivateNetwork,
  labMachineMac,
  setUpPrivateNetwork,
} from './private-network.ts';

describe('the private network', () => {
  test('is known by another network namespace than the one outside', () => {
    const here = readlinkSync('/proc/self/ns/net');
    expect(isInsidePrivateNetwork({})).toBe(false);
    expect(isInsidePrivateNetwork({ MUSTERLAB_OUTSIDE: here })).toBe(false);
    expect(isInsidePrivateNetwork({ MUSTERLAB_OUTSIDE: 'net:[1]' })).toBe(true);
  });
  test('is never made on a real network', async () => {
    await expect(setUpPrivateNetwork()).rejects.toThrow('only made inside namespaces of its own');
  });
  test('puts its scratch files where they hide nothing that is in use', () => {
    const first = chooseScratchPlace([]);
    expect(first).toBeDefined();
    expect(chooseScratchPlace([`${first}/checkout`])).not.toBe(first);
    expect(chooseScratchPlace([first!])).not.toBe(first);
    expect(chooseScratchPlace([`${first}-other/checkout`])).toBe(first);
  });
  test('has machines with MAC addresses of their own', () => {
    expect(labMachineMac(1)).toBe('52:54:00:4d:55:01');
    expect(labMachineMac(10)).toBe('52:54:00:4d:55:0a');
  });
});
