import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, readlinkSync, rmdirSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseIpv4, parseIpv4Network } from '../src/lib/addresses.ts';
import { runInOwnNamespaces } from '../src/lab/own-namespaces.ts';
import { mustRun } from '../src/lab/run-program.ts';
import { openSoftInterruptFiles, SOFT_INTERRUPT_FILES } from './soft-interrupts.ts';

/**
 * The network of a run: the suite and its servers are in one network namespace, the load programs in another, and a
 * veth pair lies between. Both are of the run alone and vanish with it.
 */
export const BENCH_NETWORK = {
  serverInterface: 'srv0',
  clientInterface: 'cli0',
  /** Wide, so that a ladder of DHCP rates never runs out of addresses. */
  prefixLength: 8,
  network: parseIpv4Network('10.0.0.0/8'),
  server: parseIpv4('10.77.0.1'),
  /** The load programs' own address; the relay that DHCP messages come from. */
  client: parseIpv4('10.77.0.2'),
  /** Every address of this network is the load programs' too. */
  clients: parseIpv4Network('10.78.0.0/16'),
  /** What a DHCP server gives out. */
  firstLease: parseIpv4('10.96.0.1'),
  lastLease: parseIpv4('10.111.255.254'),
} as const;

/**
 * Of all connections of a server: what Linux takes unless it is told otherwise, whatever the machine is set to. With BBR, which sends
 * at times of its own, nginx took 0.23 s/GB for large files on a virtual machine, and 0.06 with this.
 */
const CONGESTION_CONTROL = 'cubic';
/** Holds the name of the network namespace outside; whoever finds himself in another one is inside. */
const OUTSIDE = 'MUSTERBENCH_OUTSIDE';
const CONTROL_GROUPS = '/sys/fs/cgroup';
/** After standard input, output and error. */
const FIRST_FILE = 3;
const NAMESPACE_TIMEOUT_MS = 5000;

/**
 * Runs a command inside new namespaces, on this terminal; it is process 1 there. When this process dies, however it
 * dies, the kernel ends everything inside and takes the network away.
 *
 * @returns its exit status.
 */
export async function runInside(command: readonly string[]): Promise<number> {
  const files = openSoftInterruptFiles();
  const environment = {
    ...process.env,
    [OUTSIDE]: readlinkSync('/proc/self/ns/net'),
    [SOFT_INTERRUPT_FILES]: files.map((_, index) => FIRST_FILE + index).join(','),
  };
  try {
    return await runInOwnNamespaces(command, environment, { files });
  } finally {
    for (const file of files) closeSync(file);
  }
}

export class BenchNetwork {
  readonly #holder: ChildProcess;

  private constructor(holder: ChildProcess) {
    this.#holder = holder;
  }

  /** @throws Error outside of the namespaces, so that no real network is ever touched. */
  static async make(): Promise<BenchNetwork> {
    const outside = process.env[OUTSIDE];
    const real = Object.values(networkInterfaces()).some((rows) => rows?.some((row) => !row.internal));
    if (outside === undefined || outside === readlinkSync('/proc/self/ns/net') || real)
      throw new Error('The network of a benchmark is only made inside namespaces of its own');
    await showOwnInterfaces();
    const holder = spawn('unshare', ['--net', 'sleep', 'infinity'], { stdio: 'ignore' });
    const made = new BenchNetwork(holder);
    await made.#hasNamespace();
    const { serverInterface, clientInterface, server, client, clients, network, prefixLength } =
      BENCH_NETWORK;
    await ip(`link add ${serverInterface} type veth peer name ${clientInterface} netns ${holder.pid}`);
    for (const command of [
      'link set lo up',
      `address add ${server}/${prefixLength} dev ${serverInterface}`,
      `link set ${serverInterface} up`,
      // ip-route(8): a namespace may not choose any for all of its own.
      `route change ${network.address}/${prefixLength} dev ${serverInterface} src ${server} congctl ${CONGESTION_CONTROL}`,
      `route add ${clients.address}/${clients.prefixLength} via ${client}`,
    ])
      await ip(command);
    for (const command of [
      'link set lo up',
      `address add ${client}/${prefixLength} dev ${clientInterface}`,
      `link set ${clientInterface} up`,
      // ip-route(8): then every address of it can be bound.
      `route add local ${clients.address}/${clients.prefixLength} dev lo`,
    ])
      await mustRun(made.asClient(['ip', ...command.split(' ')]));
    return made;
  }

  /** The command as it runs on the clients' side. */
  asClient(command: readonly string[]): readonly string[] {
    return ['nsenter', `--net=/proc/${this.#holder.pid}/ns/net`, '--', ...command];
  }

  close(): void {
    this.#holder.kill('SIGKILL');
  }

  async #hasNamespace(): Promise<void> {
    const own = readlinkSync('/proc/self/ns/net');
    const deadlineMs = performance.now() + NAMESPACE_TIMEOUT_MS;
    while (readlinkSync(`/proc/${this.#holder.pid}/ns/net`) === own) {
      if (performance.now() > deadlineMs)
        throw new Error('The namespace of the clients was not made in time');
      await sleep(10);
    }
  }
}

/** Else /sys/class/net shows the interfaces of the namespace outside. Control groups are mounted below, and stay. */
async function showOwnInterfaces(): Promise<void> {
  const aside = mkdtempSync(join(tmpdir(), 'muster-bench-cgroup-'));
  await mustRun(['mount', '--rbind', CONTROL_GROUPS, aside]);
  await mustRun(['mount', '-t', 'sysfs', 'muster-bench-sys', '/sys']);
  await mustRun(['mount', '--rbind', aside, CONTROL_GROUPS]);
  await mustRun(['umount', '--recursive', '--lazy', aside]);
  rmdirSync(aside);
}

async function ip(command: string): Promise<void> {
  await mustRun(['ip', ...command.split(' ')]);
}
