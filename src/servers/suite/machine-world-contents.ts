import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Ipv4Address, type MacAddress, parseIpv4, parseMac, parseUuid } from '../../lib/addresses.ts';
import type { Image } from '../../core/images/image.ts';
import type { Machine } from '../../core/machines/machine.ts';
import type { Lease } from '../../core/network/lease.ts';
import type { Stores } from '../../core/stores.ts';

/** What a `MachineWorld` begins with: its files, and what its stores hold. */

export interface Folders {
  /** Of the image `debian`. */
  readonly imageFolder: string;
  /** Of the user's tree. */
  readonly tftpRoot: string;
  /** Stands for `/` where loaders are looked for. */
  readonly systemRoot: string;
}

/** What the firmware says of itself in its request. */
export interface LeaseSays {
  readonly uuid?: string;
  readonly vendorClass?: string;
}

export const SERVER = parseIpv4('192.168.122.1');
export const WEB01 = parseIpv4('192.168.122.100');
export const WEB02 = parseIpv4('192.168.122.101');
export const STRANGER = parseIpv4('192.168.122.150');

export function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** The image, an empty tree, and the loaders of a Debian. */
export function makeFiles({ imageFolder, tftpRoot, systemRoot }: Folders): void {
  write(join(imageFolder, 'install/linux'), 'kernel');
  write(join(imageFolder, 'install/initrd.gz'), 'initrd');
  mkdirSync(tftpRoot);
  write(join(systemRoot, 'etc/os-release'), 'ID=debian\n');
  write(join(systemRoot, 'usr/lib/PXELINUX/pxelinux.0'), 'pxelinux');
  for (const module of ['ldlinux.c32', 'menu.c32', 'libutil.c32'])
    write(join(systemRoot, 'usr/lib/syslinux/modules/bios', module), module);
}

/** Leases an address, as DHCP does. */
export async function holdLease(
  stores: Stores,
  nowMs: number,
  address: Ipv4Address,
  mac: MacAddress,
  { uuid, vendorClass }: LeaseSays,
): Promise<void> {
  const lease: Lease = {
    address,
    subnet: 'lab',
    clientKey: mac,
    mac,
    ...(uuid === undefined ? {} : { uuid: parseUuid(uuid) }),
    ...(vendorClass === undefined ? {} : { vendorClass }),
    state: 'held',
    startedAtMs: nowMs,
    expiresAtMs: nowMs + 3_600_000,
  };
  const claimed = await stores.leases.claim(lease, nowMs);
  if (!claimed.claimed) throw new Error(`${address} is held by another`);
}

/** A subnet, an image, a profile and two machines. */
export async function fillStores(
  stores: Stores,
  imageFolder: string,
): Promise<{ image: Image; web01: Machine }> {
  const image: Image = {
    name: 'debian',
    folder: imageFolder,
    family: 'debian',
    title: 'Debian 12 (bookworm)',
    release: '12',
    architecture: 'x86_64',
    kernel: 'install/linux',
    initrds: ['install/initrd.gz'],
    answerKind: 'preseed',
    addedAtMs: 0,
  };
  const machine = (number: number): Machine => ({
    id: `m-00000000000${number}`,
    name: `web0${number}`,
    macs: [parseMac(`52:54:00:00:00:0${number}`)],
    labels: {},
    variables: {},
    createdAtMs: 0,
  });
  const web01 = { ...machine(1), uuid: parseUuid('12345678-9abc-def0-1122-334455667788') };
  await stores.subnets.put(
    {
      name: 'lab',
      network: { address: parseIpv4('192.168.122.0'), prefixLength: 24 },
      mode: 'full',
      ranges: [{ first: WEB01, last: parseIpv4('192.168.122.200') }],
      reservations: [],
      routers: [],
      dnsServers: [],
      options: [],
      defaultLeaseSeconds: 3600,
      maxLeaseSeconds: 3600,
    },
    () => undefined,
  );
  await stores.images.add(image);
  await stores.profiles.put({ name: 'server', image: 'debian', arguments: 'quiet', variables: {} });
  await stores.machines.put(web01);
  await stores.machines.put(machine(2));
  return { image, web01 };
}
