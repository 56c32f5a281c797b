import type { Settings } from '../core/settings/settings.ts';
import type { Ipv4Address } from '../lib/addresses.ts';
import { type BootServerPort, serveBootServerPort } from '../protocols/dhcp/boot-server-port.ts';
import type { Services } from './compose.ts';
import { sayFaults, worded } from './file-doors.ts';
import type { Log } from './log.ts';
import { PerAddress } from './per-address.ts';
import { dhcpInterfaceOf, type Served } from './segments.ts';

export interface BootServerDoorsNeeds {
  readonly settings: Settings;
  readonly services: Pick<Services, 'dhcp'>;
  readonly log: Log;
}

/**
 * Port 4011, where UEFI machines ask for what they boot (PXE 2.1). Only beside other DHCP servers is it needed,
 * and one of them may be on this computer and have it: so it may be missing.
 */
export class BootServerDoors {
  readonly #needs: BootServerDoorsNeeds;
  readonly #doors: PerAddress<BootServerPort>;
  #served: readonly Served[] = [];

  constructor(needs: BootServerDoorsNeeds) {
    this.#needs = needs;
    this.#doors = new PerAddress((address) => this.#open(address));
  }

  get servers(): readonly BootServerPort[] {
    return this.#doors.servers;
  }

  async setInterfaces(served: readonly Served[]): Promise<void> {
    const { settings, log } = this.#needs;
    if (settings['dhcp.port'] === 'off' || settings['pxe.port'] === 'off') return;
    this.#served = served;
    try {
      await this.#doors.setAddresses(served.map(({ address }) => address));
    } catch (error) {
      const { message } = error instanceof Error ? error : new Error(String(error));
      log.warn(`UEFI machines beside another DHCP server cannot ask for what they boot: ${message}`);
    }
  }

  async close(): Promise<void> {
    await this.#doors.setAddresses([]);
  }

  #open(address: Ipv4Address): Promise<BootServerPort> {
    const { settings, services, log } = this.#needs;
    const port = Number(settings['pxe.port']);
    const served = this.#served.find((one) => one.address === address);
    if (!served) throw new Error(`${address} is served by no interface`);
    return worded({ protocol: 'udp', port, setting: 'pxe.port' }, () =>
      serveBootServerPort({
        on: dhcpInterfaceOf(served),
        port,
        answer: services.dhcp.answerBootServer.bind(services.dhcp),
        report: sayFaults(log, 'The boot server'),
      }),
    );
  }
}
