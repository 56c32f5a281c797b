import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Ipv4Address,
  ipv4FromNumber,
  ipv4ToNumber,
  parseIpv4,
  parseIpv4Network,
  parseMac,
} from '../../lib/addresses.ts';
import { bindsAddress, type Lease } from '../network/lease.ts';
import { LeaseTable } from '../network/lease-table.ts';
import { OfferTable } from '../network/offers.ts';
import type { Subnet } from '../network/subnet.ts';
import { chooseLease, choosePreferred, type LeaseQuestion, objectionToAddress } from './choose-lease.ts';

const NOON = 1_790_000_000_000;
const HOUR = 3_600_000;
const MAC = parseMac('52:54:00:12:34:56');
const OTHER = parseMac('52:54:00:65:43:21');

const at = (last: number): Ipv4Address => parseIpv4(`192.168.122.${last}`);

const LAB: Subnet = {
  name: 'lab',
  network: parseIpv4Network('192.168.122.0/24'),
  mode: 'full',
  ranges: [
    { first: at(100), last: at(102) },
    { first: at(200), last: at(201) },
  ],
  reservations: [],
  routers: [],
  dnsServers: [],
  defaultLeaseSeconds: 21_600,
  maxLeaseSeconds: 43_200,
  options: [],
};

function lease(last: number, change: Partial<Lease> = {}): Lease {
  return {
    address: at(last),
    subnet: 'lab',
    clientKey: `mac:${OTHER}`,
    mac: OTHER,
    state: 'held',
    startedAtMs: NOON - HOUR,
    expiresAtMs: NOON + HOUR,
    ...change,
  };
}

function records(...leases: readonly Lease[]): LeaseTable {
  const table = new LeaseTable();
  for (const each of leases) table.put(each);
  return table;
}

interface Question extends LeaseQuestion {
  readonly records: LeaseTable;
}

/** With the next free address of the same table. */
function choose(asked: Question): ReturnType<typeof chooseLease> {
  const { records: table, subnet, nowMs } = asked;
  return chooseLease(asked, (isOpen) => table.nextFree(subnet, { nowMs, isOpen }));
}

function question(change: Partial<Question> = {}): Question {
  return {
    subnet: LAB,
    clientKey: `mac:${MAC}`,
    mac: MAC,
    ownAddresses: [at(1)],
    records: new LeaseTable(),
    offers: new OfferTable(),
    nowMs: NOON,
    ...change,
  };
}

function offering(...pairs: readonly (readonly [clientKey: string, last: number])[]): OfferTable {
  const table = new OfferTable();
  for (const [clientKey, last] of pairs) table.hold({ subnet: 'lab', clientKey, address: at(last) }, NOON);
  return table;
}

const mine = { clientKey: `mac:${MAC}`, mac: MAC };
const reserved: Subnet = { ...LAB, reservations: [{ mac: MAC, address: at(10) }] };
const reservedForOther: Subnet = { ...LAB, reservations: [{ mac: OTHER, address: at(100) }] };
const ended = { state: 'released', expiresAtMs: NOON - 1 } as const;

describe('chooseLease takes, in this order,', () => {
  const all = {
    own: lease(101, mine),
    records: records(lease(101, mine)),
    offers: offering([`mac:${MAC}`, 102]),
    wanted: at(200),
  };
  for (const [what, change, last, because] of [
    [
      'the reservation, also outside of all ranges',
      { ...all, subnet: reserved },
      10,
      `it is reserved for ${MAC}`,
    ],
    ['what the client holds', all, 101, 'the client holds it'],
    [
      'what it had before',
      { ...all, own: lease(101, { ...mine, ...ended }), records: records(lease(101, { ...mine, ...ended })) },
      101,
      'the client had it before',
    ],
    [
      'what it was offered',
      { offers: offering([`mac:${MAC}`, 102]), wanted: at(200) },
      102,
      'it was offered to this client a moment ago',
    ],
    ['what it asks for', { wanted: at(200) }, 200, 'the client asks for it, and it is free'],
    ['the first that nobody ever had', {}, 100, 'it is the first of the ranges that nobody ever had'],
    [
      'the same in the next range',
      { records: records(lease(100), lease(101), lease(102)) },
      200,
      'it is the first of the ranges that nobody ever had',
    ],
    [
      'when none is new any more, the one that ran out longest ago',
      {
        records: records(
          lease(100),
          lease(101, { ...ended, expiresAtMs: NOON - 500 }),
          lease(102, { expiresAtMs: NOON - 50 }),
          lease(200, { expiresAtMs: NOON - 20 }),
          lease(201),
        ),
      },
      102,
      `every address of the ranges was given out before; this one is taken from ${OTHER}, whose lease ended longest ago`,
    ],
    [
      'when none ran out either, the one that was given back longest ago',
      {
        records: records(
          lease(100),
          lease(101, ended),
          lease(102, { ...ended, expiresAtMs: NOON - 500 }),
          lease(200),
          lease(201),
        ),
      },
      101,
      `every address of the ranges was given out before; this one is taken from ${OTHER}, who gave it back longest ago`,
    ],
  ] as const) {
    test(what, () => {
      expect(choose(question(change))).toEqual({ address: at(last), because });
    });
  }
});

describe('chooseLease passes over', () => {
  for (const [what, change, last] of [
    ['a reservation whose address another holds', { subnet: reserved, records: records(lease(10)) }, 100],
    [
      'a previous address that another has now',
      { own: lease(101, { ...mine, ...ended }), records: records(lease(101)) },
      100,
    ],
    ['an address reserved for another', { subnet: reservedForOther }, 101],
    ['an address offered to another', { offers: offering(['mac:x', 100], ['mac:y', 101]) }, 102],
    ['an address that was declined', { records: records(lease(100, { state: 'declined' })) }, 101],
    [
      'a declined address of its own',
      { own: lease(100, mine), records: records(lease(100, { ...mine, state: 'declined' })) },
      101,
    ],
    ["the server's own addresses", { ownAddresses: [at(100), at(101)] }, 102],
    [
      'routers, DNS servers and the boot server',
      { subnet: { ...LAB, routers: [at(100)], dnsServers: [at(101)], nextServer: at(102) } },
      200,
    ],
    ['an address asked for that is elsewhere', { wanted: parseIpv4('10.0.0.7') }, 100],
    ['an address asked for that is in no range', { wanted: at(50) }, 100],
    [
      'a current lease that no range has any more',
      { own: lease(50, mine), records: records(lease(50, mine)) },
      100,
    ],
    [
      'the network and broadcast address of a careless range',
      {
        subnet: {
          ...LAB,
          ranges: [
            { first: at(0), last: at(0) },
            { first: at(255), last: at(255) },
            { first: at(7), last: at(7) },
          ],
        },
      },
      7,
    ],
  ] as const) {
    test(what, () => expect(choose(question(change))).toMatchObject({ address: at(last) }));
  }
});

describe('chooseLease is silent, and says why', () => {
  test('where all are taken', () => {
    const full = records(...[100, 101, 102, 200, 201].map((last) => lease(last)));
    expect(choose(question({ records: full }))).toEqual({
      silent: 'noAddress',
      because:
        'every address in the ranges of subnet lab is taken: widen a range, or shorten the lease times',
    });
  });

  test('where there is no range', () => {
    expect(choose(question({ subnet: { ...LAB, ranges: [] } }))).toEqual({
      silent: 'noAddress',
      because: `subnet lab has no range, and no address is reserved for ${MAC}: muster subnet set adds either`,
    });
  });
});

test('choosePreferred has nothing for a client without any claim', () => {
  expect(choosePreferred(question())).toBeUndefined();
});

test('objectionToAddress ends a sentence', () => {
  expect(objectionToAddress(at(100), question({ records: records(lease(100)) }))).toBe(
    `is leased to ${OTHER}`,
  );
  expect(objectionToAddress(at(50), question())).toBe('is in no range of subnet lab');
  expect(objectionToAddress(at(100), question())).toBeUndefined();
});

/** What a client can do, and what time does. */
const step = fc.record({
  client: fc.nat({ max: 9 }),
  does: fc.constantFrom('ask', 'ask', 'ask', 'take', 'take', 'release', 'decline'),
  wanted: fc.option(fc.nat({ max: 255 }), { nil: undefined }),
  afterMs: fc.integer({ min: 0, max: HOUR / 4 }),
});

test('no two clients ever have one address, whatever they do in which order', () => {
  const subnet: Subnet = {
    ...LAB,
    ranges: [{ first: at(98), last: at(104) }],
    routers: [at(99)],
    reservations: [
      { mac: macOf(0), address: at(100) },
      { mac: macOf(1), address: at(20) },
    ],
  };
  let granted = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), (steps) => {
      const leases = new LeaseTable();
      const offers = new OfferTable();
      const wrong: string[] = [];
      let nowMs = NOON;
      for (const { client, does, wanted, afterMs } of steps) {
        nowMs += afterMs;
        const clientKey = `mac:${macOf(client)}`;
        const own = leases.ofClient('lab', clientKey);
        const asked = question({
          subnet,
          clientKey,
          mac: macOf(client),
          records: leases,
          offers,
          nowMs,
          ...(own === undefined ? {} : { own }),
          ...(wanted === undefined ? {} : { wanted: at(wanted) }),
        });
        if (does === 'release' && own) leases.put({ ...own, state: 'released' });
        if (does === 'decline' && own) leases.put({ ...own, state: 'declined', expiresAtMs: nowMs + HOUR });
        if (does !== 'ask' && does !== 'take') continue;
        const chosen = choose(asked);
        if ('silent' in chosen) continue;
        granted += 1;
        const { address } = chosen;
        wrong.push(...objectionsToChoice(address, clientKey, leases, nowMs, subnet));
        if (!offers.hold({ subnet: 'lab', clientKey, address }, nowMs))
          wrong.push(`${address} is offered to another`);
        if (does === 'ask') continue;
        if (own && own.address !== address) leases.put({ ...own, state: 'released' });
        offers.withdraw('lab', clientKey);
        leases.put({
          ...lease(0),
          clientKey,
          address,
          startedAtMs: nowMs,
          expiresAtMs: nowMs + HOUR,
        });
      }
      expect(wrong).toEqual([]);
    }),
    { numRuns: 1000 },
  );
  expect(granted).toBeGreaterThan(1000);
});

function macOf(client: number): ReturnType<typeof parseMac> {
  return parseMac(`52:54:00:00:00:0${client}`);
}

/** Sentences rather than assertions, of which there would be a hundred thousand. */
function objectionsToChoice(
  address: Ipv4Address,
  clientKey: string,
  leases: LeaseTable,
  nowMs: number,
  subnet: Subnet,
): readonly string[] {
  const holder = leases.get(address);
  const isBound = holder && bindsAddress(holder, nowMs);
  const isHeld = isBound && holder.clientKey === clientKey && holder.state === 'held';
  const owner = subnet.reservations.find((reservation) => reservation.address === address);
  const isOwner = owner && `mac:${owner.mac}` === clientKey;
  const isInRange = ipv4ToNumber(address) >= ipv4ToNumber(at(98));
  return [
    isBound && !isHeld ? `${address} is ${holder.state} by ${holder.clientKey}` : undefined,
    subnet.routers.includes(address) ? `${address} is the router's` : undefined,
    owner && !isOwner ? `${address} is reserved for ${owner.mac}` : undefined,
    !owner && !isInRange ? `${address} is in no range` : undefined,
    ipv4FromNumber(ipv4ToNumber(address)) === address ? undefined : `${address} is no address`,
  ].filter((sentence) => sentence !== undefined);
}
