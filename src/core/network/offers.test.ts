import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ipv4FromNumber, parseIpv4 } from '../../lib/addresses.ts';
import { MAX_OFFERS, OFFER_LIFE_MS, OfferTable } from './offers.ts';

const NOON = 1_790_000_000_000;
const first = parseIpv4('192.168.122.100');
const second = parseIpv4('192.168.122.101');
const offer = (clientKey: string, address = first, subnet = 'lab'): Parameters<OfferTable['hold']>[0] => ({
  subnet,
  clientKey,
  address,
});

describe('OfferTable', () => {
  test('keeps an address from others for a minute', () => {
    const table = new OfferTable();
    expect(table.hold(offer('a'), NOON)).toBe(true);
    expect(table.hold(offer('b'), NOON + OFFER_LIFE_MS - 1)).toBe(false);
    expect(table.holderOf(first, NOON + OFFER_LIFE_MS - 1)).toBe('a');
    expect(table.holderOf(first, NOON + OFFER_LIFE_MS)).toBeUndefined();
    expect(table.offeredTo('lab', 'a', NOON + OFFER_LIFE_MS)).toBeUndefined();
    expect(table.hold(offer('b'), NOON + OFFER_LIFE_MS)).toBe(true);
    expect(table.size).toBe(1);
  });

  test('holds on for a client that asks again', () => {
    const table = new OfferTable();
    table.hold(offer('a'), NOON);
    expect(table.hold(offer('a'), NOON + OFFER_LIFE_MS - 1)).toBe(true);
    expect(table.holderOf(first, NOON + OFFER_LIFE_MS)).toBe('a');
    expect(table.size).toBe(1);
  });

  test('holds one address a client and subnet, the last', () => {
    const table = new OfferTable();
    table.hold(offer('a', first), NOON);
    table.hold(offer('a', second), NOON);
    table.hold(offer('a', parseIpv4('10.0.0.1'), 'other'), NOON);
    expect(table.holderOf(first, NOON)).toBeUndefined();
    expect(table.offeredTo('lab', 'a', NOON)).toBe(second);
    expect(table.offeredTo('other', 'a', NOON)).toBe('10.0.0.1');
  });

  test('forgets what was withdrawn, and nothing else', () => {
    const table = new OfferTable();
    table.hold(offer('a', first), NOON);
    table.hold(offer('b', second), NOON);
    table.withdraw('lab', 'a');
    table.withdraw('lab', 'nobody');
    expect(table.holderOf(first, NOON)).toBeUndefined();
    expect(table.holderOf(second, NOON)).toBe('b');
  });

  test('is of bounded size: the oldest goes', () => {
    const table = new OfferTable();
    for (let index = 0; index <= MAX_OFFERS; index += 1)
      table.hold(offer(`client ${index}`, ipv4FromNumber(0x0a00_0000 + index)), NOON);
    expect(table.size).toBe(MAX_OFFERS);
    expect(table.holderOf(parseIpv4('10.0.0.0'), NOON)).toBeUndefined();
    expect(table.holderOf(parseIpv4('10.0.0.1'), NOON)).toBe('client 1');
  });

  test('never holds one address for two clients, whatever happens in which order', () => {
    const step = fc.record({
      client: fc.constantFrom('a', 'b', 'c', 'd'),
      address: fc.nat({ max: 3 }).map((index) => ipv4FromNumber(0x0a00_0000 + index)),
      subnet: fc.constantFrom('lab', 'other'),
      withdraw: fc.boolean(),
      afterMs: fc.integer({ min: -1000, max: OFFER_LIFE_MS }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const table = new OfferTable(3);
        let nowMs = NOON;
        for (const { client, address, subnet, withdraw, afterMs } of steps) {
          nowMs += afterMs;
          const before = table.holderOf(address, nowMs);
          if (withdraw) table.withdraw(subnet, client);
          else if (table.hold({ subnet, clientKey: client, address }, nowMs)) {
            expect([undefined, client]).toContain(before);
            expect(table.holderOf(address, nowMs)).toBe(client);
            expect(table.offeredTo(subnet, client, nowMs)).toBe(address);
          } else {
            expect(table.holderOf(address, nowMs)).toBe(before);
          }
          expect(table.size).toBeLessThanOrEqual(3);
        }
      }),
    );
  });
});
