import { existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { NetworkNamespace } from './namespace.ts';
import type { Finished, RunningProgram } from './running-program.ts';

/** What networkd remembers of its lease, by the names of its own file: ADDRESS, ROUTER, CLIENTID and so on. */
type NetworkdLease = Readonly<Record<string, string>>;

const NETWORK_FILE = `[Match]
Name=eth0
[Network]
DHCP=ipv4
LinkLocalAddressing=no
IPv6AcceptRA=no
[DHCPv4]
RequestOptions=224
UseHostname=no
UseTimezone=no
`;

/** networkd reads `/sys` as a sign: where it is not writable, as in a container, no udev is waited for. */
const PREPARE = `
mount -t tmpfs tmpfs /run && mkdir /run/systemd &&
mount -t tmpfs tmpfs /etc/systemd/network && cat > /etc/systemd/network/50-eth0.network &&
mount -o remount,ro /sys`;

const LOOK_EVERY_MS = 100;
const LEASE_MS = 15_000;

/** systemd-networkd in a client's namespace, with its settings and its state there; it talks to no D-Bus. */
export class Networkd {
  readonly machine: NetworkNamespace;
  #program: RunningProgram | undefined;

  private constructor(machine: NetworkNamespace) {
    this.machine = machine;
  }

  static async on(machine: NetworkNamespace): Promise<Networkd> {
    await machine.run('sh', ['-c', PREPARE], { input: NETWORK_FILE });
    return new Networkd(machine);
  }

  start(): RunningProgram {
    const path = existsSync('/lib/systemd/systemd-networkd') ? '/lib/systemd' : '/usr/lib/systemd';
    const env = { SYSTEMD_LOG_LEVEL: 'info', SYSTEMD_LOG_TARGET: 'console' };
    this.#program = this.machine.start(`${path}/systemd-networkd`, [], { env });
    return this.#program;
  }

  /** Waits until it has a lease. */
  async lease(): Promise<NetworkdLease> {
    const deadlineMs = performance.now() + LEASE_MS;
    for (;;) {
      const { stdout } = await this.machine.tryRun('sh', ['-c', 'cat /run/systemd/netif/leases/*']);
      const lease = Object.fromEntries(
        Array.from(stdout.matchAll(/^([A-Z0-9_]+)=(.*)$/gm), ([, name, value]) => [name, value]),
      );
      if (lease['ADDRESS'] !== undefined) return lease as NetworkdLease;
      if (performance.now() > deadlineMs)
        throw new Error(`networkd has no lease after ${LEASE_MS} ms:\n${this.#program?.stderr}`);
      await wait(LOOK_EVERY_MS);
    }
  }

  /** Ends it in order: it gives its address back. */
  async stop(): Promise<Finished | undefined> {
    return await this.#program?.stop('SIGTERM');
  }

  /** Without a word to the server. */
  async powerOff(): Promise<void> {
    await this.#program?.stop('SIGKILL');
    await this.machine.ip('address flush dev eth0');
    await this.machine.run('sh', ['-c', 'rm -f /run/systemd/netif/leases/*']);
  }

  async close(): Promise<void> {
    await this.#program?.stop('SIGKILL');
  }
}
