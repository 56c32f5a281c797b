import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DhcpClient } from './dhcp-client-programs.ts';
import type { NetworkNamespace } from './namespace.ts';
import type { Finished, RunningProgram } from './running-program.ts';

/** dhcpcd puts the address on the interface itself; the script only tells. */
const SCRIPT = `#!/bin/sh
echo "<< $reason"; env; echo '>>'
`;

/**
 * As Debian's dhcpcd.conf has it: identified by a DUID, asking for rapid commit; but without its probe of the address
 * (five seconds), and what is not of DHCPv4.
 */
const SETTINGS = `
noipv6; noipv4ll; noarp; duid; persistent; timeout 30; reboot 5
define 224 string boot_colour
option subnet_mask, broadcast_address, routers, domain_name, domain_name_servers, host_name, ntp_servers
option boot_colour, rapid_commit
require dhcp_server_identifier
`.replaceAll('; ', '\n');

/** dhcpcd 9 or later in a client's namespace, where its files are its own. */
export class Dhcpcd extends DhcpClient {
  private constructor(machine: NetworkNamespace) {
    super(machine, SCRIPT);
    writeFileSync(join(this.folder, 'dhcpcd.conf'), SETTINGS);
  }

  /** Its lease and its DUID stay in the namespace until that is closed, as on a disk. */
  static async on(machine: NetworkNamespace): Promise<Dhcpcd> {
    for (const folder of ['/run', '/var/lib/dhcpcd']) {
      await machine.run('mount', ['-t', 'tmpfs', 'tmpfs', folder]);
    }
    return new Dhcpcd(machine);
  }

  start(): RunningProgram {
    const options = ['--nobackground', '--script', this.script];
    return this.begin(this.machine.start('dhcpcd', [...this.#common, ...options, 'eth0']));
  }

  /** Asks the server that gave the lease to extend it. */
  renew(): Promise<Finished> {
    return this.machine.run('dhcpcd', [...this.#common, '--renew', 'eth0']);
  }

  /** Ends the client, and gives its address back. */
  release(): Promise<Finished> {
    return this.machine.run('dhcpcd', [...this.#common, '--release', 'eth0']);
  }

  get #common(): readonly string[] {
    return ['--ipv4only', '--config', join(this.folder, 'dhcpcd.conf')];
  }
}
