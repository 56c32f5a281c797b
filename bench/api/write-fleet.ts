import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { NewTimelineEvent } from '../../src/core/events/timeline-event.ts';
import type { Install } from '../../src/core/install/install.ts';
import type { Machine } from '../../src/core/machines/machine.ts';
import type { Stores } from '../../src/core/stores.ts';
import { macFromBytes } from '../../src/lib/addresses.ts';
import { openSqliteStores } from '../../src/store/sqlite/open.ts';
import { BENCH_NETWORK } from '../bench-network.ts';
import { FLEET, machineName } from './api-rows.ts';

/** Of the load of DHCP, whose machines these are: the third byte of their addresses. */
export const FLEET_SEED = 0;
/** What is in the timeline already. */
const OLD_EVENTS = 100_000;
/** Machines with an install that is over; every second of them failed. */
const INSTALLED = 2_000;
/** Each is a group. */
const RACKS = 100;
const BEGAN_MS = Date.UTC(2026, 0, 1);

/** A database of Muster with 10,000 machines as they are after some weeks, written by its own store. */
export async function writeFleet(path: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const stores = await openSqliteStores(path);
  try {
    await putSubnet(stores);
    const machines = Array.from({ length: FLEET }, (_, number) => nthMachine(number));
    await stores.machines.putAll(() => ({ put: machines, events: [] }));
    await putInstalls(stores, machines);
    await putGroups(stores);
    for (let from = 0; from < OLD_EVENTS; from += FLEET)
      await stores.events.append(machines.map((machine, at) => oldEvent(machine, from + at)));
  } finally {
    await stores.close();
  }
}

function nthMachine(number: number): Machine {
  const mac = macFromBytes(
    Uint8Array.of(0x52, 0x54, FLEET_SEED, number >>> 16, (number >>> 8) & 0xff, number & 0xff),
  );
  return {
    id: `m-${number.toString(16).padStart(12, '0')}`,
    name: machineName(number),
    macs: [mac],
    serial: `SN${number}`,
    labels: { rack: `r${number % RACKS}`, role: number % 3 === 0 ? 'db' : 'web' },
    variables: { disk: '/dev/sda', domain: 'lab.example' },
    createdAtMs: BEGAN_MS + number,
  };
}

async function putInstalls(stores: Stores, machines: readonly Machine[]): Promise<void> {
  const addedAtMs = BEGAN_MS;
  await stores.images.add({
    name: 'linux',
    folder: '/srv/linux',
    family: 'rhel',
    title: 'Linux',
    release: '9',
    architecture: 'x86_64',
    kernel: 'vmlinuz',
    initrds: ['initrd.img'],
    answerKind: 'kickstart',
    addedAtMs,
  });
  await stores.profiles.put({ name: 'plain', image: 'linux', arguments: '', variables: {} });
  const armed = machines.slice(0, INSTALLED).map((machine, at) => ({
    install: overInstall(machine, at),
    event: { atMs: addedAtMs, kind: 'install.requested' as const, text: 'armed', machineId: machine.id },
  }));
  await stores.installs.createAll(armed);
}

function overInstall({ id: machineId }: Machine, at: number): Install {
  return {
    id: `i-${at.toString(16).padStart(12, '0')}`,
    machineId,
    profile: 'plain',
    token: `token-${at}`,
    state: at % 2 === 0 ? 'failed' : 'installed',
    requestedAtMs: BEGAN_MS,
    changedAtMs: BEGAN_MS,
    attempt: 1,
    attempts: 1,
  };
}

async function putGroups(stores: Stores): Promise<void> {
  for (let at = 0; at < RACKS; at += 1)
    await stores.groups.put({
      name: `rack-${at}`,
      selector: [{ is: 'equal', key: 'rack', value: `r${at}` }],
      priority: 0,
      arguments: '',
      variables: {},
    });
}

function oldEvent({ id: machineId, macs }: Machine, at: number): NewTimelineEvent {
  return {
    atMs: BEGAN_MS + at,
    kind: at % 100 === 0 ? 'install.finished' : 'dhcp.acknowledged',
    text: `What happened as number ${at}, with some words on it`,
    because: 'the benchmark says so',
    machineId,
    ...(macs[0] === undefined ? {} : { mac: macs[0] }),
  };
}

async function putSubnet(stores: Stores): Promise<void> {
  const { network, client, firstLease, lastLease } = BENCH_NETWORK;
  const put = await stores.subnets.put(
    {
      name: 'bench',
      network,
      mode: 'full',
      ranges: [{ first: firstLease, last: lastLease }],
      reservations: [],
      routers: [client],
      dnsServers: [],
      defaultLeaseSeconds: 3600,
      maxLeaseSeconds: 3600,
      options: [],
    },
    () => undefined,
  );
  if (!put.put) throw new Error('The subnet of the benchmark could not be written');
}
