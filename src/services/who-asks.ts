import type { Ipv4Address, MacAddress } from '../lib/addresses.ts';
import type { Clock } from '../lib/clock.ts';
import type { Machine } from '../core/machines/machine.ts';
import type { MachineStore } from '../core/machines/machine-store.ts';
import type { Lease } from '../core/network/lease.ts';
import { bindsAddress } from '../core/network/lease.ts';
import type { LeaseStore } from '../core/network/lease-store.ts';

/** Who is at the other end: as much as is known, and nothing that only the other end says. */
export interface Asker {
  /** From the lease of its address, or from the frame itself (DHCP). */
  readonly mac?: MacAddress | undefined;
  readonly lease?: Lease;
  readonly machine?: Machine | undefined;
}

export interface WhoAsksNeeds {
  readonly machines: Pick<MachineStore, 'byMac'>;
  readonly leases: Pick<LeaseStore, 'byAddress'>;
  readonly clock: Clock;
}

/** The one place that turns a MAC address or a source address into a machine. */
export class WhoAsks {
  readonly #needs: WhoAsksNeeds;

  constructor(needs: WhoAsksNeeds) {
    this.#needs = needs;
  }

  /** For DHCP, where the frame tells the MAC address. */
  async byMac(mac: MacAddress): Promise<Asker> {
    const machine = await this.#needs.machines.byMac(mac);
    return { mac, machine };
  }

  /** For TFTP, HTTP and all else that shows only an address: whose lease is it? */
  async byAddress(address: Ipv4Address): Promise<Asker> {
    const lease = await this.#needs.leases.byAddress(address);
    if (!lease?.mac || lease.state !== 'held' || !bindsAddress(lease, this.#needs.clock.nowMs())) return {};
    return { lease, ...(await this.byMac(lease.mac)) };
  }
}
