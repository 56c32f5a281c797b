import type { NewTimelineEvent } from '../../core/events/timeline-event.ts';
import type { Image } from '../../core/images/image.ts';
import type { Install } from '../../core/install/install.ts';
import type { Profile } from '../../core/install/profile.ts';
import type { Machine } from '../../core/machines/machine.ts';
import type { Lease } from '../../core/network/lease.ts';
import type { Subnet } from '../../core/network/subnet.ts';
import type { Stores } from '../../core/stores.ts';
import { parseIpv4, parseIpv4Network, parseMac, parseUuid } from '../../lib/addresses.ts';

/** Noon in the tests, in milliseconds since 1970-01-01 UTC: too large for 32 bits, as real times are. */
export const NOON = 1_790_000_000_000;
export const HOUR = 3_600_000;

/** Letters that end up as something else where text is not handed over as a value. */
export const AWKWARD = `'; drop table machines; -- "quoted" \\ \${x} %s ä 漢 🖥 \n\t\u0001 null`;

export const MAC = parseMac('52:54:00:12:34:56');
export const OTHER_MAC = parseMac('52:54:00:65:43:21');
export const UUID = parseUuid('4c4c4544-0042-3510-8056-b7c04f4e3232');

export function machine(change: Partial<Machine> = {}): Machine {
  return {
    id: 'm-000000000001',
    name: 'web-1',
    macs: [MAC],
    labels: {},
    variables: {},
    createdAtMs: NOON,
    ...change,
  };
}

export function subnet(change: Partial<Subnet> = {}): Subnet {
  return {
    name: 'lab',
    network: parseIpv4Network('192.168.122.0/24'),
    mode: 'full',
    ranges: [],
    reservations: [],
    routers: [],
    dnsServers: [],
    defaultLeaseSeconds: 21_600,
    maxLeaseSeconds: 43_200,
    options: [],
    ...change,
  };
}

export function lease(address: string, change: Partial<Lease> = {}): Lease {
  return {
    address: parseIpv4(address),
    subnet: 'lab',
    clientKey: 'client-a',
    state: 'held',
    startedAtMs: NOON,
    expiresAtMs: NOON + HOUR,
    ...change,
  };
}

export function image(change: Partial<Image> = {}): Image {
  return {
    name: 'debian-12',
    folder: '/srv/images/debian-12',
    family: 'debian',
    title: 'Debian 12',
    release: '12',
    architecture: 'x86_64',
    initrds: [],
    answerKind: 'preseed',
    addedAtMs: NOON,
    ...change,
  };
}

export function profile(change: Partial<Profile> = {}): Profile {
  return { name: 'web', image: 'debian-12', arguments: '', variables: {}, ...change };
}

export function install(change: Partial<Install> = {}): Install {
  const id = change.id ?? 'i-000000000001';
  return {
    id,
    machineId: 'm-000000000001',
    profile: 'web',
    token: `token of ${id}`,
    state: 'requested',
    requestedAtMs: NOON,
    changedAtMs: NOON,
    attempt: 1,
    attempts: 1,
    ...change,
  };
}

export function event(change: Partial<NewTimelineEvent> = {}): NewTimelineEvent {
  return { atMs: NOON, kind: 'install.requested', text: 'Install armed', ...change };
}

/** An event that no database takes, to see what becomes of all that is written with it. */
export function impossibleEvent(): NewTimelineEvent {
  return event({ atMs: Number.NaN });
}

/** The machine, the image and the profile that `install()` names. */
export async function putInstallable(stores: Stores): Promise<void> {
  await stores.machines.put(machine());
  await stores.images.add(image());
  await stores.profiles.put(profile());
}

/** The subnet that `lease()` names. */
export async function putSubnet(stores: Stores): Promise<void> {
  await stores.subnets.put(subnet(), () => undefined);
}
