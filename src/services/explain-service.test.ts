import { describe, expect, test } from 'vitest';
import type { TimelineEvent } from '../core/events/timeline-event.ts';
import type { Lease } from '../core/network/lease.ts';
import type { Subnet } from '../core/network/subnet.ts';
import { parseIpv4, parseIpv4Network, parseMac } from '../lib/addresses.ts';
import { lastArchitecture, subnetOf } from './explain-service.ts';

const MAC = parseMac('52:54:00:12:34:56');

function subnet(name: string, network: string, reserved?: string): Subnet {
  return {
    name,
    network: parseIpv4Network(network),
    mode: 'full',
    ranges: [],
    reservations: reserved === undefined ? [] : [{ mac: MAC, address: parseIpv4(reserved) }],
    routers: [],
    dnsServers: [],
    defaultLeaseSeconds: 600,
    maxLeaseSeconds: 600,
    options: [],
  };
}

const LAB = subnet('lab', '10.1.0.0/24');
const ROOM = subnet('room', '10.2.0.0/24', '10.2.0.9');
const LEASE: Lease = {
  address: parseIpv4('10.1.0.5'),
  subnet: 'lab',
  clientKey: 'key',
  mac: MAC,
  state: 'held',
  startedAtMs: 0,
  expiresAtMs: 1,
};

describe('the subnet a machine would ask in is', () => {
  for (const [title, subnets, lease, expected] of [
    ['that of its lease, before one that keeps an address for it', [LAB, ROOM], LEASE, 'lab'],
    ['the one that keeps an address for it', [LAB, ROOM], undefined, 'room'],
    ['the only one there is', [LAB], undefined, 'lab'],
    ['not known where there are several', [LAB, subnet('hall', '10.3.0.0/24')], undefined, undefined],
    ['not known where that of its lease is gone', [ROOM], LEASE, undefined],
    ['none where there is none', [], undefined, undefined],
  ] as const) {
    test(title, () => {
      expect(subnetOf(subnets, lease, [MAC])?.name).toBe(expected);
    });
  }
});

test('the firmware that asked last is the one that counts', () => {
  const event = (id: number, data?: TimelineEvent['data']): TimelineEvent => ({
    id,
    atMs: id,
    kind: 'dhcp.offered',
    text: '',
    ...(data ? { data } : {}),
  });
  expect(lastArchitecture([])).toBeUndefined();
  expect(lastArchitecture([event(1, { architecture: 'x' }), event(2)])).toBeUndefined();
  expect(
    lastArchitecture([event(1, { architecture: 7 }), event(2, { architecture: 0 }), event(3, { mode: 'x' })]),
  ).toBe(0);
});
