import { existsSync, readlinkSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import {
  formatIpv4Network,
  type Ipv4Address,
  type Ipv4Network,
  type MacAddress,
  parseIpv4,
  parseIpv4Network,
  parseMac,
} from '../lib/addresses.ts';
import { requireLabHost } from './host-programs.ts';
import { LabRefusal } from './lab-refusal.ts';
import { cacheFolder } from './cache-folder.ts';
import { NAMESPACES, runInOwnNamespaces } from './own-namespaces.ts';
import { mustRun, runProgram } from './run-program.ts';

/**
 * A network of our own: one command runs in network, process and mount namespaces that hold it and everything it
 * starts. When it ends, however it ends, the kernel ends every process in there and takes the interfaces and the
 * scratch files away.
 */

/** A segment inside: a virtual machine hangs on `tap`, which is a port of `bridge`. */
export interface LabSegment {
  readonly bridge: string;
  readonly tap: string;
  readonly network: Ipv4Network;
  /** What machines are given there. */
  readonly firstAddress: Ipv4Address;
  readonly lastAddress: Ipv4Address;
  /** Its way to the other segments, where there is one. */
  readonly router?: Ipv4Address;
}

/** The segment that is always there: this computer is `server` on `bridge`. */
export const LAB_NETWORK = {
  bridge: 'br0',
  tap: 'tap0',
  server: parseIpv4('192.168.122.1'),
  serverMac: parseMac('52:54:00:4d:55:fe'),
  network: parseIpv4Network('192.168.122.0/24'),
  firstAddress: parseIpv4('192.168.122.100'),
  lastAddress: parseIpv4('192.168.122.200'),
} as const satisfies LabSegment & Record<string, unknown>;

/** Holds the name of the network namespace outside; whoever finds himself in another one is inside. */
const OUTSIDE = 'MUSTERLAB_OUTSIDE';
/**
 * A tmpfs is put over one of these inside, so that nothing written there outlives the namespaces. They are in every
 * file system hierarchy (FHS 3.0 §3.11, §3.12), and what they hold is seldom needed; `/dev` is none, for Muster
 * refuses to serve images from there.
 */
const SCRATCH_PLACES = ['/media', '/mnt', '/srv'] as const;

/** Where this process runs. */
export function isInsidePrivateNetwork(environment: NodeJS.ProcessEnv = process.env): boolean {
  const outside = environment[OUTSIDE];
  return outside !== undefined && outside !== ownNamespace();
}

function ownNamespace(): string {
  return readlinkSync('/proc/self/ns/net');
}

/**
 * Runs a command inside new namespaces, on this terminal; it is process 1 there.
 *
 * @param output a descriptor that takes what it says, instead of this terminal.
 * @returns its exit status; 128 and the signal's number when a signal ended it.
 * @throws LabRefusal when this computer cannot do it.
 */
export async function runInPrivateNetwork(command: readonly string[], output?: number): Promise<number> {
  requireLabHost();
  await requireNamespaces();
  const environment = { ...process.env, [OUTSIDE]: ownNamespace() };
  return await runInOwnNamespaces(command, environment, output === undefined ? {} : { output });
}

async function requireNamespaces(): Promise<void> {
  const tried = await runProgram(['unshare', ...NAMESPACES, '--', 'true']);
  if (tried.status === 0) return;
  throw new LabRefusal(
    `The kernel does not let this process make namespaces (${tried.stderr.trim()}): in a container, start it with --privileged`,
  );
}

export interface PrivateNetwork {
  /** Lies in memory and vanishes with the namespaces. */
  readonly scratchFolder: string;
}

/**
 * Makes the interfaces and the scratch folder. Only to be called inside.
 *
 * @throws LabRefusal outside, so that no bridge is ever made on a real network.
 */
export async function setUpPrivateNetwork(): Promise<PrivateNetwork> {
  const real = Object.entries(networkInterfaces()).find(([, rows]) => rows?.some((row) => !row.internal));
  if (!isInsidePrivateNetwork() || real !== undefined) {
    throw new LabRefusal('The private network is only made inside namespaces of its own');
  }
  // Else /sys/class/net shows the interfaces of the namespace outside.
  await mustRun(['mount', '-t', 'sysfs', 'muster-lab-sys', '/sys']);
  const { server, serverMac } = LAB_NETWORK;
  await mustRun(['ip', 'link', 'set', 'lo', 'up']);
  await makeLabSegment(LAB_NETWORK, { address: server, mac: serverMac });
  return { scratchFolder: await makeScratchFolder() };
}

/** @param owner this computer on the segment; absent where it has no address there, as behind a router. */
export async function makeLabSegment(
  { bridge, tap, network }: LabSegment,
  owner?: { readonly address: Ipv4Address; readonly mac: MacAddress },
): Promise<void> {
  const address = owner === undefined ? '' : ` address ${owner.mac}`;
  // The bridge keeps its own address when ports come, forwards at once and passes every multicast on.
  const commands = [
    `link add ${bridge}${address} type bridge forward_delay 0 stp_state 0 mcast_snooping 0`,
    ...(owner === undefined ? [] : [`address add ${owner.address}/${network.prefixLength} dev ${bridge}`]),
    `link set ${bridge} up`,
    `tuntap add ${tap} mode tap`,
    `link set ${tap} master ${bridge} up`,
  ];
  for (const command of commands) await mustRun(['ip', ...command.split(' ')]);
}

async function makeScratchFolder(): Promise<string> {
  const place = chooseScratchPlace([
    process.cwd(),
    process.execPath,
    ...process.argv.slice(1, 2),
    cacheFolder(),
  ]);
  if (place === undefined) {
    throw new LabRefusal(
      `None of ${SCRATCH_PLACES.join(', ')} can hold scratch files: make one of these folders, or start Muster from another folder`,
    );
  }
  await mustRun(['mount', '-t', 'tmpfs', '-o', 'mode=0755', 'muster-lab', place]);
  const folder = `${place}/muster-lab`;
  await mkdir(folder);
  return folder;
}

/** The first place that is there and hides nothing that is in use. */
export function chooseScratchPlace(inUse: readonly string[]): string | undefined {
  return SCRATCH_PLACES.find(
    (place) => existsSync(place) && !inUse.some((path) => path === place || path.startsWith(`${place}/`)),
  );
}

/** As the user types it: `192.168.122.0/24`. */
export function labNetworkText(): string {
  return formatIpv4Network(LAB_NETWORK.network);
}

/** A card of the virtual machine: QEMU's own vendor prefix and a number. */
export function labMachineMac(number: number): MacAddress {
  return parseMac(`52:54:00:4d:55:${(number & 0xff).toString(16).padStart(2, '0')}`);
}
