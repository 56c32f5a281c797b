import { describe, expect, test } from 'vitest';
import { macFromBytes, parseMac } from '../../lib/addresses.ts';
import { MAX_TURNED, proxyStyles, TurnedClients } from './proxy-style.ts';

const MAC = parseMac('52:54:00:00:00:01');
const UEFI = { stage: 'firmware', architecture: 7 } as const;

describe('proxyStyles', () => {
  for (const [what, client, styles] of [
    ['BIOS', { stage: 'firmware', architecture: 0 }, ['direct', 'menu']],
    ['a ROM that does not say', { stage: 'firmware' }, ['direct', 'menu']],
    ['UEFI', UEFI, ['ask again', 'direct']],
    ['UEFI HTTP Boot', { stage: 'firmware', architecture: 16 }, ['direct']],
    ['iPXE on UEFI', { stage: 'ipxe', architecture: 7 }, ['direct']],
  ] as const) {
    test(`of ${what}`, () => expect(proxyStyles(client)).toEqual(styles));
  }
});

describe('a client that is turned', () => {
  test('hears the other style, and turned once more the usual one', () => {
    const turned = new TurnedClients();
    expect(turned.styleFor(MAC, UEFI)).toBe('ask again');
    turned.turn(MAC);
    expect(turned.styleFor(MAC, UEFI)).toBe('direct');
    expect(turned.styleFor(undefined, UEFI)).toBe('ask again');
    turned.turn(MAC);
    expect(turned.styleFor(MAC, UEFI)).toBe('ask again');
  });

  test('hears the one there is where there is no other', () => {
    const turned = new TurnedClients();
    turned.turn(MAC);
    expect(turned.styleFor(MAC, { stage: 'ipxe', architecture: 7 })).toBe('direct');
  });

  test('is forgotten for later ones', () => {
    const turned = new TurnedClients();
    turned.turn(MAC);
    for (let count = 0; count < MAX_TURNED; count += 1)
      turned.turn(macFromBytes(Uint8Array.of(2, 0, 0, 0, count >> 8, count & 0xff)));
    expect(turned.styleFor(MAC, UEFI)).toBe('ask again');
  });
});
