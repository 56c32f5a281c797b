import { beforeEach, describe, expect, test } from 'vitest';
import type { Ipv6Address } from '../../lib/addresses.ts';
import {
  Advertiser,
  type AdvertiserTurn,
  LISTEN_FIRST_MS,
  MAX_ROUTERS,
  PREFIX_ROUTER_MS,
  ROUTER_STAYS_MS,
} from './advertiser.ts';
import type { RouterMessage } from './router-message.ts';

const ADVERTISE: AdvertiserTurn = { do: 'advertise' };
const ROUTER = 'fe80::1' as Ipv6Address;
const CAME: AdvertiserTurn = { do: 'tell', router: 'came', address: ROUTER };
const WENT: AdvertiserTurn = { do: 'tell', router: 'went', address: ROUTER };
const OPENED_MS = 5_000;
const READY_MS = OPENED_MS + LISTEN_FIRST_MS;
const SOLICITATION: RouterMessage = { type: 'router solicitation', source: '::' as Ipv6Address };

function advertisement(change: Partial<Extract<RouterMessage, { lifetimeSeconds: number }>>): RouterMessage {
  return {
    type: 'router advertisement',
    source: ROUTER,
    lifetimeSeconds: 1800,
    hasPrefix: false,
    ...change,
  };
}

let advertiser: Advertiser;
beforeEach(() => {
  advertiser = new Advertiser(OPENED_MS);
});

describe('on a segment without a router', () => {
  test('nothing is said unasked', () => {
    for (let nowMs = OPENED_MS; nowMs < OPENED_MS + 60_000; nowMs += 100)
      expect(advertiser.turn(nowMs)).toEqual([]);
  });

  test('who asks is answered at the next turn, once', () => {
    advertiser.heard(SOLICITATION, READY_MS);
    expect(advertiser.turn(READY_MS)).toEqual([ADVERTISE]);
    expect(advertiser.turn(READY_MS + 10_000)).toEqual([]);
  });

  test('who got an address and may wait for a router is answered unasked', () => {
    advertiser.wanted();
    expect(advertiser.turn(READY_MS)).toEqual([ADVERTISE]);
  });

  test('it listens for a second first, and then answers who asked meanwhile', () => {
    advertiser.heard(SOLICITATION, OPENED_MS);
    expect(advertiser.turn(READY_MS - 1)).toEqual([]);
    expect(advertiser.turn(READY_MS)).toEqual([ADVERTISE]);
  });

  test('a thousand that ask within a second are answered four times, the last one too', () => {
    const saidAtMs: number[] = [];
    for (let ms = 0; ms < 1_000; ms += 1) {
      advertiser.heard(SOLICITATION, READY_MS + ms);
      if (advertiser.turn(READY_MS + ms).length > 0) saidAtMs.push(ms);
    }
    expect(saidAtMs).toEqual([0, 250, 500, 750]);
    expect(advertiser.turn(READY_MS + 1_000)).toEqual([ADVERTISE]);
    expect(advertiser.turn(READY_MS + 2_000)).toEqual([]);
  });

  test('the empty advertisement of another Muster changes nothing', () => {
    advertiser.heard(advertisement({ lifetimeSeconds: 0 }), READY_MS);
    advertiser.heard(SOLICITATION, READY_MS);
    expect(advertiser.turn(READY_MS)).toEqual([ADVERTISE]);
  });
});

describe('a router', () => {
  const ask = (nowMs: number): readonly AdvertiserTurn[] => {
    advertiser.heard(SOLICITATION, nowMs);
    return advertiser.turn(nowMs);
  };

  test('is told once, and nobody is answered for as long as it said', () => {
    advertiser.heard(advertisement({ lifetimeSeconds: 60 }), READY_MS);
    expect(ask(READY_MS)).toEqual([CAME]);
    expect(ask(READY_MS + 59_999)).toEqual([]);
    expect(ask(READY_MS + 60_000)).toEqual([WENT, ADVERTISE]);
  });

  test('that comes while somebody waits has the first word', () => {
    advertiser.heard(SOLICITATION, READY_MS);
    advertiser.heard(advertisement({}), READY_MS);
    expect(advertiser.turn(READY_MS)).toEqual([CAME]);
    expect(advertiser.turn(READY_MS + 1_000)).toEqual([]);
  });

  test('that speaks again stays', () => {
    advertiser.heard(advertisement({ lifetimeSeconds: 60 }), READY_MS);
    expect(ask(READY_MS)).toEqual([CAME]);
    advertiser.heard(advertisement({ lifetimeSeconds: 60 }), READY_MS + 50_000);
    expect(ask(READY_MS + 109_999)).toEqual([]);
    expect(ask(READY_MS + 110_000)).toEqual([WENT, ADVERTISE]);
  });

  test('that says goodbye, with its prefixes still in it, is gone', () => {
    advertiser.heard(advertisement({ hasPrefix: true }), READY_MS);
    expect(ask(READY_MS)).toEqual([CAME]);
    const laterMs = READY_MS + ROUTER_STAYS_MS;
    advertiser.heard(advertisement({ lifetimeSeconds: 0, hasPrefix: true }), laterMs);
    expect(ask(laterMs)).toEqual([WENT, ADVERTISE]);
  });

  test('that gives prefixes only counts, for half an hour after each word', () => {
    for (const beganMs of [READY_MS, READY_MS + 1_000])
      advertiser.heard(advertisement({ lifetimeSeconds: 0, hasPrefix: true }), beganMs);
    expect(ask(READY_MS + 1_000)).toEqual([CAME]);
    expect(ask(READY_MS + 1_000 + PREFIX_ROUTER_MS - 1)).toEqual([]);
    expect(ask(READY_MS + 1_000 + PREFIX_ROUTER_MS)).toEqual([WENT, ADVERTISE]);
  });

  test('that leaves another behind is no news, until the other goes', () => {
    const other = 'fe80::2' as Ipv6Address;
    advertiser.heard(advertisement({ lifetimeSeconds: 20 }), READY_MS);
    advertiser.heard(advertisement({ source: other, lifetimeSeconds: 40 }), READY_MS);
    expect(ask(READY_MS)).toEqual([CAME]);
    expect(ask(READY_MS + 30_000)).toEqual([]);
    expect(ask(READY_MS + 40_000)).toEqual([WENT, ADVERTISE]);
  });

  test('that comes and goes all the time is told twice in ten seconds at most', () => {
    const told: AdvertiserTurn[] = [];
    for (let ms = 0; ms < 60_000; ms += 100) {
      advertiser.heard(advertisement({ lifetimeSeconds: ms % 200 === 0 ? 1 : 0 }), READY_MS + ms);
      told.push(...advertiser.turn(READY_MS + ms));
    }
    expect(told.length).toBeGreaterThan(2);
    expect(told.length).toBeLessThanOrEqual(12);
  });

  test('one of more routers than are remembered is enough to be silent', () => {
    for (let number = 0; number < 10 * MAX_ROUTERS; number += 1)
      advertiser.heard(advertisement({ source: `fe80::${number}` as Ipv6Address }), READY_MS);
    expect(ask(READY_MS)).toEqual([{ do: 'tell', router: 'came', address: 'fe80::0' }]);
    for (let number = 0; number < MAX_ROUTERS; number += 1)
      advertiser.heard(
        advertisement({ source: `fe80::${number}` as Ipv6Address, lifetimeSeconds: 0 }),
        READY_MS,
      );
    expect(ask(READY_MS + ROUTER_STAYS_MS)).toEqual([
      { do: 'tell', router: 'went', address: 'fe80::0' },
      ADVERTISE,
    ]);
  });
});
