import { expect, test } from 'vitest';
import { TimelineEvent as WireEvent } from '../contract/event-schemas.ts';
import { Machine as WireMachine } from '../contract/machine-schemas.ts';
import { Lease as WireLease } from '../contract/subnet-schemas.ts';
import type { TimelineEvent } from '../core/events/timeline-event.ts';
import type { Machine } from '../core/machines/machine.ts';
import type { Lease } from '../core/network/lease.ts';
import { parseIpv4, parseMac, parseUuid } from '../lib/addresses.ts';
import { leaseToContract } from './network-to-contract.ts';
import { eventToContract, machineToContract } from './to-contract.ts';

const MAC = parseMac('52:54:00:00:00:01');
const UUID = parseUuid('4c4c4544-0042-3510-8053-b4c04f333832');
const NOON = Date.UTC(2026, 0, 1, 12);

const MACHINE: Required<Machine> = {
  id: 'm-000000000001',
  name: 'node-1',
  macs: [MAC],
  uuid: UUID,
  serial: 'SN1',
  assetTag: 'A1',
  port: { circuitId: 'ge-0/0/1' },
  labels: { rack: 'r1' },
  variables: { disk: '/dev/sda' },
  loader: 'grub',
  source: 'nfs',
  memoryMegabytes: 2048,
  memoryCheck: 'off',
  createdAtMs: NOON,
};
const EVENT: Required<TimelineEvent> = {
  id: 7,
  atMs: NOON,
  kind: 'dhcp.offered',
  text: 'Offered 192.0.2.9',
  because: 'it is free',
  machineId: MACHINE.id,
  mac: MAC,
  installId: 'i-000000000001',
  data: { address: '192.0.2.9', subnet: undefined },
};
const LEASE: Required<Lease> = {
  address: parseIpv4('192.0.2.9'),
  subnet: 'lab',
  clientKey: `mac:${MAC}`,
  mac: MAC,
  uuid: UUID,
  hostname: 'node-1',
  vendorClass: 'PXEClient',
  state: 'held',
  startedAtMs: NOON,
  expiresAtMs: NOON + 1000,
};

test('each field that the contract has of a machine, an event and a lease is told', () => {
  // Its power is no part of the machine's own record.
  const { power: _power, ...ofMachine } = WireMachine.shape;
  const machine = WireMachine.parse(machineToContract(MACHINE));
  expect(Object.keys(machine).toSorted()).toEqual(Object.keys(ofMachine).toSorted());
  const event = WireEvent.parse(eventToContract(EVENT, new Map([[MACHINE.id, MACHINE.name]])));
  expect(Object.keys(event).toSorted()).toEqual(Object.keys(WireEvent.shape).toSorted());
  expect(event).toMatchObject({
    at: '2026-01-01T12:00:00.000Z',
    machine: 'node-1',
    data: { address: '192.0.2.9' },
  });
  const lease = WireLease.parse(leaseToContract(LEASE, new Map([[MAC, MACHINE.name]]), NOON));
  expect(Object.keys(lease).toSorted()).toEqual(Object.keys(WireLease.shape).toSorted());
});

test('what is not known has no field, also where the record has one without a value', () => {
  const { id, name, macs, labels, variables, createdAtMs } = MACHINE;
  expect(Object.keys(machineToContract({ id, name, macs, labels, variables, createdAtMs }))).toEqual([
    'id',
    'name',
    'macs',
    'labels',
    'variables',
    'createdAt',
  ]);
  const { atMs, kind, text } = EVENT;
  const event: TimelineEvent = {
    id: 7,
    atMs,
    kind,
    text,
    because: undefined,
    machineId: undefined,
    data: undefined,
  };
  expect(Object.keys(eventToContract(event, new Map()))).toEqual(['id', 'at', 'kind', 'text']);
});
