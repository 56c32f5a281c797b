import { describe, expect, test } from 'vitest';
import { type Ipv4Address, parseIpv4, parseIpv4Network, parseMac } from '../../lib/addresses.ts';
import type { Lease } from '../network/lease.ts';
import { OfferTable } from '../network/offers.ts';
import type { Subnet } from '../network/subnet.ts';
import type { LeaseQuestion } from './choose-lease.ts';
import { decideRequest, type RequestToUs } from './decide-request.ts';

const NOON = 1_790_000_000_000;
const HOUR = 3_600_000;
const MAC = parseMac('52:54:00:12:34:56');
const OTHER = parseMac('52:54:00:65:43:21');
const at = (last: number): Ipv4Address => parseIpv4(`192.168.122.${last}`);
const elsewhere = parseIpv4('10.0.0.7');

const LAB: Subnet = {
  name: 'lab',
  network: parseIpv4Network('192.168.122.0/24'),
  mode: 'full',
  ranges: [{ first: at(100), last: at(200) }],
  reservations: [],
  routers: [],
  dnsServers: [],
  defaultLeaseSeconds: 21_600,
  maxLeaseSeconds: 43_200,
  options: [],
};
const RESERVED: Subnet = { ...LAB, reservations: [{ mac: MAC, address: at(10) }] };

function lease(last: number, change: Partial<Lease> = {}): Lease {
  return {
    address: at(last),
    subnet: 'lab',
    clientKey: `mac:${MAC}`,
    mac: MAC,
    state: 'held',
    startedAtMs: NOON - HOUR,
    expiresAtMs: NOON + HOUR,
    ...change,
  };
}
const theirs = { clientKey: `mac:${OTHER}`, mac: OTHER };

interface Known {
  readonly subnet?: Subnet;
  readonly own?: Lease;
  readonly others?: readonly Lease[];
  readonly offered?: Ipv4Address;
}

function question({ subnet = LAB, own, others = [], offered }: Known): LeaseQuestion {
  const offers = new OfferTable();
  if (offered) offers.hold({ subnet: 'lab', clientKey: `mac:${MAC}`, address: offered }, NOON);
  const leases = [...others, ...(own ? [own] : [])];
  return {
    subnet,
    clientKey: `mac:${MAC}`,
    mac: MAC,
    ownAddresses: [at(1)],
    offers,
    nowMs: NOON,
    ...(own === undefined ? {} : { own }),
    records: new Map(leases.map((held) => [held.address, held])),
  };
}

const selecting = (wanted?: Ipv4Address): RequestToUs => ({
  state: 'SELECTING',
  ...(wanted === undefined ? {} : { wanted }),
});
const rebooting = (wanted: Ipv4Address): RequestToUs => ({ state: 'INIT-REBOOT', wanted });
const renewing = (wanted: Ipv4Address): RequestToUs => ({ state: 'RENEWING', wanted });
const rebinding = (wanted: Ipv4Address): RequestToUs => ({ state: 'REBINDING', wanted });

const ACK = (last: number): unknown => ({
  answer: 'DHCPACK',
  address: at(last),
  because: expect.any(String),
});
const NAK = (because: string): unknown => ({ answer: 'DHCPNAK', because });
const SILENT = { silent: 'stranger', because: expect.stringContaining('not authoritative') };

const released = lease(100, { state: 'released' });
const runOut = lease(100, { expiresAtMs: NOON - 1 });
const nobodys = { subnet: LAB };

for (const [state, cases] of [
  [
    'SELECTING',
    [
      ['the offered address', selecting(at(100)), { offered: at(100) }, ACK(100), ACK(100)],
      [
        'a free address, though the offer was lost with a restart',
        selecting(at(105)),
        nobodys,
        ACK(105),
        ACK(105),
      ],
      ['no address, where one was offered', selecting(), { offered: at(100) }, ACK(100), ACK(100)],
      [
        'no address, where none was offered',
        selecting(),
        nobodys,
        {
          silent: 'notItsOwn',
          because: 'the client takes an offer without saying which, and none is held for it',
        },
        { silent: 'notItsOwn', because: expect.any(String) },
      ],
      [
        'an address another took meanwhile',
        selecting(at(100)),
        { others: [lease(100, theirs)] },
        NAK(`192.168.122.100 is leased to ${OTHER}`),
        NAK(`192.168.122.100 is leased to ${OTHER}`),
      ],
      [
        'an address of another network',
        selecting(elsewhere),
        nobodys,
        NAK('10.0.0.7 is not in 192.168.122.0/24'),
        NAK('10.0.0.7 is not in 192.168.122.0/24'),
      ],
      [
        'the address offered before a reservation was made',
        selecting(at(100)),
        { subnet: RESERVED, offered: at(100) },
        ACK(100),
        ACK(100),
      ],
    ],
  ],
  [
    'INIT-REBOOT',
    [
      ['its own address', rebooting(at(100)), { own: lease(100) }, ACK(100), ACK(100)],
      ['its own address that has run out', rebooting(at(100)), { own: runOut }, ACK(100), ACK(100)],
      ['its own address that it gave back', rebooting(at(100)), { own: released }, ACK(100), ACK(100)],
      ['its reserved address, never leased yet', rebooting(at(10)), { subnet: RESERVED }, ACK(10), ACK(10)],
      [
        'another address than the reserved one',
        rebooting(at(100)),
        { subnet: RESERVED, own: lease(100) },
        NAK(`192.168.122.100 is not the address that is reserved for ${MAC}, which is 192.168.122.10`),
        NAK(`192.168.122.100 is not the address that is reserved for ${MAC}, which is 192.168.122.10`),
      ],
      [
        'its old address while another holds the reserved one',
        rebooting(at(100)),
        { subnet: RESERVED, own: lease(100), others: [lease(10, theirs)] },
        ACK(100),
        ACK(100),
      ],
      [
        'an address of another network, with a lease here',
        rebooting(elsewhere),
        { own: lease(100) },
        NAK('10.0.0.7 is not in 192.168.122.0/24'),
        NAK('10.0.0.7 is not in 192.168.122.0/24'),
      ],
      [
        'an address of another network, unknown here',
        rebooting(elsewhere),
        nobodys,
        { silent: 'stranger', because: expect.stringContaining('10.0.0.7, which is of another network') },
        NAK('10.0.0.7 is not in 192.168.122.0/24'),
      ],
      ['a free address here, unknown', rebooting(at(105)), nobodys, SILENT, ACK(105)],
      [
        "another's address, unknown",
        rebooting(at(100)),
        { others: [lease(100, theirs)] },
        SILENT,
        NAK(`192.168.122.100 is leased to ${OTHER}`),
      ],
    ],
  ],
  [
    'RENEWING',
    [
      ['its lease', renewing(at(100)), { own: lease(100) }, ACK(100), ACK(100)],
      [
        'its lease that has run out and is still free',
        renewing(at(100)),
        { own: runOut },
        ACK(100),
        ACK(100),
      ],
      [
        'its lease, though another address is reserved now',
        renewing(at(100)),
        { subnet: RESERVED, own: lease(100) },
        ACK(100),
        ACK(100),
      ],
      [
        "another's address",
        renewing(at(100)),
        { others: [lease(100, theirs)] },
        NAK(`192.168.122.100 is leased to ${OTHER}`),
        NAK(`192.168.122.100 is leased to ${OTHER}`),
      ],
      [
        'its lease in a range that is gone',
        renewing(at(50)),
        { own: lease(50) },
        NAK('192.168.122.50 is in no range of subnet lab'),
        NAK('192.168.122.50 is in no range of subnet lab'),
      ],
      ['an address nobody knows of', renewing(at(105)), nobodys, SILENT, ACK(105)],
      [
        'an address of a range that is not ours to give',
        renewing(at(50)),
        nobodys,
        SILENT,
        NAK('192.168.122.50 is in no range of subnet lab'),
      ],
    ],
  ],
  [
    'REBINDING',
    [
      ['its lease', rebinding(at(100)), { own: lease(100) }, ACK(100), ACK(100)],
      ['an address nobody knows of', rebinding(at(105)), nobodys, SILENT, ACK(105)],
    ],
  ],
] as const) {
  describe(`a client in ${state} asks for`, () => {
    for (const [what, request, known, beside, authoritative] of cases) {
      test(`${what}, beside other servers`, () =>
        expect(decideRequest(request, question(known), false)).toEqual(beside));
      test(`${what}, with this server as the authority`, () =>
        expect(decideRequest(request, question(known), true)).toEqual(authoritative));
    }
  });
}
