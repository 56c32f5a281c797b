/**
 * `dhclient` and `udhcpc` in a client's namespace. Both run a script of ours at every turn, which puts the address on
 * the interface, writes its environment to standard output, and touches nothing else of the host.
 */
import { chmodSync, copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NetworkNamespace } from './namespace.ts';
import type { Finished, RunningProgram } from './running-program.ts';

/** What the client's script was told, by name: `new_ip_address` (dhclient), `ip` (udhcpc). */
export type ScriptVariables = Readonly<Record<string, string>>;

const TURN_MS = 15_000;

const DHCLIENT_SCRIPT = `#!/bin/sh
PATH=/usr/sbin:/usr/bin:/sbin:/bin
case "$reason" in
  BOUND | RENEW | REBIND | REBOOT)
    [ "$old_ip_address" = "$new_ip_address" ] || ip -4 address flush dev "$interface"
    ip -4 address replace "$new_ip_address/$new_subnet_mask" dev "$interface" ;;
  EXPIRE | FAIL | RELEASE | STOP) ip -4 address flush dev "$interface" ;;
esac
echo "<< $reason"; env; echo '>>'
`;

const UDHCPC_SCRIPT = `#!/bin/sh
case "$1" in
  bound | renew) ip -4 address replace "$ip/$mask" dev "$interface" ;;
  deconfig) ip -4 address flush dev "$interface" ;;
esac
echo "<< $1"; env; echo '>>'
`;

/** No random delay at the start, and no patience. */
const DHCLIENT_SETTINGS = `
initial-delay 0; initial-interval 1; backoff-cutoff 2; select-timeout 0; reboot 2; retry 2; timeout 30;
option boot-colour code 224 = text;
request subnet-mask, broadcast-address, routers, domain-name, domain-name-servers, host-name, ntp-servers,
  boot-colour;
`;

export abstract class DhcpClient {
  readonly machine: NetworkNamespace;
  protected readonly folder: string;
  #program: RunningProgram | undefined;

  constructor(machine: NetworkNamespace, script: string) {
    this.machine = machine;
    this.folder = mkdtempSync(join(tmpdir(), 'muster-client-'));
    writeFileSync(this.script, script);
    chmodSync(this.script, 0o755);
  }

  protected get script(): string {
    return join(this.folder, 'script');
  }

  protected begin(program: RunningProgram): RunningProgram {
    this.#program = program;
    return program;
  }

  get program(): RunningProgram {
    if (!this.#program) throw new Error('The client was not started yet');
    return this.#program;
  }

  /** Waits until the script was run for this reason, the first time since the start. */
  async told(reason: string, timeoutMs: number = TURN_MS): Promise<ScriptVariables> {
    const pattern = new RegExp(`^<< ${reason}\\n([^]*?)\\n>>$`, 'm');
    const [, text = ''] = await this.program.waitFor(pattern, timeoutMs);
    return Object.fromEntries(text.split('\n').map((line) => line.split(/=(.*)/s).slice(0, 2)));
  }

  /** Without a word to the server, as when the power fails. */
  async powerOff(): Promise<void> {
    await this.#program?.stop('SIGKILL');
    await this.machine.ip('address flush dev eth0');
  }

  async close(): Promise<void> {
    await this.#program?.stop('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export class Dhclient extends DhcpClient {
  /** @param settings more lines of dhclient.conf(5). */
  constructor(machine: NetworkNamespace, settings = '') {
    super(machine, DHCLIENT_SCRIPT);
    writeFileSync(join(this.folder, 'dhclient.conf'), `${DHCLIENT_SETTINGS}${settings}\n`);
    // A copy of the program: AppArmor, where it is on, keeps the one in /sbin to the host's own files.
    copyFileSync(existsSync('/sbin/dhclient') ? '/sbin/dhclient' : '/usr/sbin/dhclient', this.#copy);
    chmodSync(this.#copy, 0o755);
  }

  get #copy(): string {
    return join(this.folder, 'dhclient');
  }

  get #files(): readonly string[] {
    const file = (name: string): string => join(this.folder, name);
    return ['-sf', this.script, '-lf', file('leases'), '-pf', file('pid'), '-cf', file('dhclient.conf')];
  }

  start(): RunningProgram {
    return this.begin(this.machine.start(this.#copy, ['-4', '-d', ...this.#files, 'eth0']));
  }

  /** Ends the client, and gives its address back. */
  release(): Promise<Finished> {
    return this.machine.run(this.#copy, ['-4', '-r', ...this.#files, 'eth0']);
  }

  /** What it remembers from before its next start: dhclient.leases(5). */
  remember(address: string, serverId: string): void {
    const day = 86_400_000;
    const time = (ms: number): string => `epoch ${Math.floor((Date.now() + ms) / 1000)}`;
    const options = `option subnet-mask 255.255.255.0; option dhcp-server-identifier ${serverId};`;
    const times = `renew ${time(day)}; rebind ${time(2 * day)}; expire ${time(3 * day)};`;
    writeFileSync(
      join(this.folder, 'leases'),
      `lease { interface "eth0"; fixed-address ${address}; ${options} ${times} }\n`,
    );
  }

  forget(): void {
    rmSync(join(this.folder, 'leases'), { force: true });
  }
}

export class Udhcpc extends DhcpClient {
  readonly #options: readonly string[];

  constructor(machine: NetworkNamespace, options: readonly string[] = []) {
    super(machine, UDHCPC_SCRIPT);
    this.#options = options;
  }

  start(): RunningProgram {
    const options = ['-f', '-i', 'eth0', '-s', this.script, '-T', '1', '-A', '1', ...this.#options];
    return this.begin(this.machine.start('udhcpc', options));
  }
}

/** What a BIOS ROM says of itself, for dhclient.conf(5) and as options of udhcpc. */
export const ROM_CLASS = 'PXEClient:Arch:00000:UNDI:002001';
